package notices_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/notices"
	"slipway/bot/people"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/slack"
)

// The variables by which the test binary knows that it is to be a process that tells.
const (
	databaseVariable = "NOTICES_TEST_DATABASE"
	slackVariable    = "NOTICES_TEST_SLACK"
	tokenVariable    = "NOTICES_TEST_TOKEN"
	deathVariable    = "NOTICES_TEST_DEATH" // a number and the place
)

func TestMain(m *testing.M) {
	if os.Getenv(databaseVariable) == "" {
		os.Exit(m.Run())
	}
	if err := beChild(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// beChild takes lines from its input, each when a story begins and the number of a step that becomes known now, and tells
// until the input ends. It may die after it learnt of the past.
func beChild() error {
	d := &death{}
	var nth int64
	number, place, _ := strings.Cut(os.Getenv(deathVariable), " ")
	if _, err := fmt.Sscan(number, &nth); err != nil {
		return err
	}
	d.place = place
	s, err := openDatabase(os.Getenv(databaseVariable), d)
	if err != nil {
		return err
	}
	n, err := newNotices(s, d)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx) })
	running.Go(func() { n.Boards.Run(ctx) })
	settle(n)
	fmt.Println("tells")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var begin int64
		var step int
		if _, err := fmt.Sscan(lines.Text(), &begin, &step); err != nil {
			return err
		}
		facts := story{time.UnixMilli(begin).UTC()}.steps()[step]
		if err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := n.Fold(ctx, tx, time.Now(), facts...)
			return err
		}); err != nil {
			return err
		}
		d.at("between the fold's commit and the nudge")
		n.Nudge()
		if step == 0 {
			settle(n) // since when there are news is that of the past
			d.left.Store(nth)
		}
		fmt.Println("knows")
	}
	cancel()
	running.Wait()
	return s.Close()
}

// settle waits until all that is known is written down to be told.
func settle(n *notices.Notices) {
	for n.Busy() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// openDatabase opens a Postgres or a SQLite file.
func openDatabase(database string, d *death) (*store.Store, error) {
	o := store.Options{Path: database, Unsafe: true, Connect: d.file} // the machine lives on
	if strings.HasPrefix(database, "postgres://") {
		address, err := d.server(database)
		if err != nil {
			return nil, err
		}
		o = store.Options{URL: address}
	}
	o.Patience = time.Minute // rounds are played side by side, on machines with much else to do
	return storetest.Open(context.Background(), o)
}

// newNotices makes what tells. Where the settings stand nobody is asked: there are none.
func newNotices(s *store.Store, d *death) (*notices.Notices, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	var apps config.Apps
	if err := apps.Decode(appName + "=" + penny.String() + "#" + channel); err != nil {
		return nil, err
	}
	gh, err := github.New(github.Options{URL: "http://127.0.0.1:1", Token: "ghp_none", HTTP: http.DefaultTransport})
	if err != nil {
		return nil, err
	}
	sl := slack.NewClient(slack.ClientOptions{
		BotToken: os.Getenv(tokenVariable), APIURL: os.Getenv(slackVariable), HTTP: &http.Client{Transport: d, Timeout: 10 * time.Second},
	})
	var n *notices.Notices
	boards := board.New(board.Options{Store: s, Slack: sl, Log: log, Draw: func(ctx context.Context, key board.Key) (board.Drawing, error) { return n.Draw(ctx, key) }})
	n = notices.New(notices.Options{
		Store: s, Boards: boards, Log: log, Apps: apps,
		Channels: channels.New(channels.Options{Store: s, Slack: sl, Log: log, Apps: apps}),
		Policy:   policy.New(policy.Options{Store: s, GitHub: gh, Log: log, Apps: apps}),
		People:   people.New(people.Options{Store: s, Slack: sl, Log: log}),
		Ask:      func(config.App) {},
		Plan:     func(github.Repo, string, string) {},
		Save:     func(config.App) {},
	})
	return n, nil
}

// child is such a process, seen from the test.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
	ended chan struct{}
	end   func()
}

func (f *farEnd) start(database, death string) *child {
	f.t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), databaseVariable+"="+database, slackVariable+"="+f.url, tokenVariable+"="+f.BotToken(), deathVariable+"="+death)
	log := &logged{}
	c.cmd.Stderr = log
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		f.lost(err)
	}
	c.out = bufio.NewScanner(out)
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		f.lost(err)
	}
	if err := c.cmd.Start(); err != nil {
		f.lost(err)
	}
	go func() {
		defer close(c.ended)
		state, _ := c.cmd.Process.Wait()
		switch {
		case state != nil && state.Exited() && !state.Success():
			f.t.Errorf("seed %d: a process ended: %v", f.seed, state)
			f.broken.Store(true)
		case state != nil && !state.Exited():
			f.killed.Store(true)
		}
	}()
	c.end = func() {
		_ = c.in.Close() // the end of its input ends it
		<-c.ended
		_ = out.Close()
		if f.t.Failed() {
			f.t.Logf("the log of a process (seed %d, %q):\n%s", f.seed, death, log)
		}
	}
	f.all = append(f.all, c)
	c.says() // that it tells, or it died before
	return c
}

// says waits for the next word of the process, and is false if it died before.
func (c *child) says() bool {
	if c.out.Scan() {
		return true
	}
	<-c.ended
	return false
}

// learns lets a step become known, and tells whether the process lived to say so.
func (c *child) learns(s story, step int) bool {
	_, err := fmt.Fprintln(c.in, s.begin.UnixMilli(), step)
	return err == nil && c.says()
}

// dead tells whether the process has ended.
func (c *child) dead() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// lost ends a round that cannot be played.
func (f *farEnd) lost(err error) {
	f.t.Error(err)
	runtime.Goexit()
}

// logged is a log that may be read while it is written.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to it.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
