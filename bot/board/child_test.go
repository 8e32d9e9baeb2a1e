package board_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/slack"
)

// The variables by which the test binary knows that it is to be a process with boards.
const (
	databaseVariable = "BOARD_TEST_DATABASE"
	slackVariable    = "BOARD_TEST_SLACK"
	tokenVariable    = "BOARD_TEST_TOKEN"
	deathVariable    = "BOARD_TEST_DEATH"
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

// beChild takes lines from its input, each a board's key, channel and text, and keeps the boards true until the input ends.
func beChild() error {
	s, err := openDatabase(os.Getenv(databaseVariable))
	if err != nil {
		return err
	}
	d := newDeath(os.Getenv(deathVariable))
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	b := board.New(board.Options{
		Store: s, Log: log,
		Draw: func(ctx context.Context, key board.Key) (board.Drawing, error) { return readTruth(ctx, s, key) },
		Slack: slack.NewClient(slack.ClientOptions{
			BotToken: os.Getenv(tokenVariable), APIURL: os.Getenv(slackVariable), HTTP: &http.Client{Transport: d, Timeout: 10 * time.Second},
		}),
	})
	b.Hurry(200*time.Millisecond, time.Second, 3*time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); b.Run(ctx) }()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		field := strings.SplitN(lines.Text(), "\t", 3)
		if err := tell(ctx, s, b, field[0], field[1], field[2]); err != nil {
			return err
		}
		d.at("touched")
		b.Nudge()
		fmt.Println("told")
	}
	cancel()
	<-ended
	return s.Close()
}

// openDatabase opens a Postgres or a SQLite file, with a table of what is true.
func openDatabase(database string) (*store.Store, error) {
	o := store.Options{Path: database, Unsafe: true} // the machine lives on
	if strings.HasPrefix(database, "postgres://") {
		o = store.Options{URL: database}
	}
	o.Patience = time.Minute // rounds are played side by side, on machines with much else to do
	ctx := context.Background()
	s, err := storetest.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	for range 3 { // two processes may make it at the same time
		err = s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "create table if not exists truths (key text primary key, text text not null)")
			return err
		})
		if err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, s.Close())
}

// tell changes what is true and touches its board, in one transaction.
func tell(ctx context.Context, s *store.Store, b *board.Boards, key, channel, text string) error {
	return s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "insert into truths (key, text) values ($1, $2) on conflict (key) do update set text = excluded.text", key, text)
		if err != nil {
			return err
		}
		return b.Touch(ctx, tx, board.Board{Key: board.Key(key), App: "penny-university", Channel: channel})
	})
}

func readTruth(ctx context.Context, s *store.Store, key board.Key) (board.Drawing, error) {
	var text string
	err := s.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select text from truths where key = $1", string(key)).Scan(&text)
	})
	return says(fmt.Sprintf("%s: %s", key, text)), err
}

// death kills this process at the nth passing of a place.
type death struct {
	place string
	left  atomic.Int64
}

func newDeath(spec string) *death {
	d := &death{}
	if i := strings.LastIndexByte(spec, ' '); i > 0 {
		var n int64
		_, _ = fmt.Sscan(spec[i+1:], &n)
		d.place = spec[:i]
		d.left.Store(n)
	}
	return d
}

func (d *death) at(place string) {
	if place == d.place && d.left.Add(-1) == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// RoundTrip is where Slack's calls pass: death comes before the request leaves, or when its answer is there and nobody knows of it.
func (d *death) RoundTrip(r *http.Request) (*http.Response, error) {
	call := map[string]string{"/api/chat.postMessage": "post", "/api/chat.update": "update"}[r.URL.Path]
	d.at(call + " sent")
	answer, err := http.DefaultTransport.RoundTrip(r)
	d.at(call + " answered")
	return answer, err
}

// child is such a process, seen from the test.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
	ended chan struct{}
	end   func()
}

func (f *farEnd) start(database, death string) *child {
	f.t.Helper()
	c := &child{t: f.t, cmd: exec.Command(os.Args[0]), ended: make(chan struct{})}
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
		if state != nil && state.ExitCode() > 0 {
			f.t.Errorf("a process ended: %v", state)
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
	return c
}

// end ends all processes of a round.
func (f *farEnd) end() {
	for _, c := range f.all {
		c.end()
	}
}

// lost ends a round that cannot be played.
func (f *farEnd) lost(err error) {
	f.t.Error(err)
	runtime.Goexit()
}

// touch tells the process news, and whether it lived to have it written down.
func (c *child) touch(key board.Key, channel, text string) bool {
	_, err := fmt.Fprintf(c.in, "%s\t%s\t%s\n", key, channel, text)
	if err == nil && c.out.Scan() {
		return true
	}
	<-c.ended
	return false
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
