package board_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

const (
	alice   = "U1"
	deploys = "C1"
	simAddr = "slack.test:80"
)

// stage is a simulated Slack, a database and the boards, in a bubble.
type stage struct {
	*slacksim.Server
	t       *testing.T
	store   *store.Store
	log     *logged
	http    *http.Client
	options board.Options
	boards  *board.Boards
	stop    func() // ends Run; may be called twice

	mu    sync.Mutex
	truth map[board.Key]board.Drawing
	wrong map[board.Key]error // drawing it gives this
	drawn int
}

// onStage runs a test in a bubble, with alice and the bot in #deploys, and boards that run.
func onStage(t *testing.T, o slacksim.Options, test func(t *testing.T, s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, o)
		s.run()
		test(t, s)
	})
}

func newStage(t *testing.T, o slacksim.Options) *stage {
	t.Helper()
	s := &stage{t: t, Server: slacksim.New(o), log: &logged{}, truth: map[board.Key]board.Drawing{}, wrong: map[board.Key]error{}}
	s.AddUser(slacksim.User{ID: alice, Name: "alice"})
	s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", Members: []string{alice}, BotIn: true})
	s.serve()
	log := slog.New(slog.NewTextHandler(s.log, nil))
	var err error
	s.store, err = store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "board.db"), Unsafe: true, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.options = board.Options{
		Store: s.store, Log: log, Draw: s.draw, Fallback: alice,
		Slack: slack.NewClient(slack.ClientOptions{BotToken: s.BotToken(), APIURL: "http://" + simAddr + "/api/", HTTP: s.http}),
	}
	return s
}

// serve puts the simulated Slack on a network in memory.
func (s *stage) serve() {
	var network memnet.Network
	l, err := network.Listen(simAddr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: s.Server}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	transport := &http.Transport{DialContext: network.DialContext}
	s.t.Cleanup(func() {
		transport.CloseIdleConnections()
		s.Close()
		_ = server.Close()
		serving.Wait()
		time.Sleep(time.Second) // net/http lets closed connections linger
	})
	s.http = &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// run starts boards anew, as a process that begins.
func (s *stage) run() {
	s.boards = board.New(s.options)
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { s.boards.Run(ctx) })
	s.stop = func() {
		cancel()
		done.Wait()
	}
	s.t.Cleanup(s.stop)
}

func (s *stage) draw(_ context.Context, key board.Key) (board.Drawing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn++
	return s.truth[key], s.wrong[key]
}

// says makes a drawing.
func says(text string) board.Drawing { return board.Drawing{Message: slack.Message{Text: text}} }

// change gives boards a new drawing and touches them.
func (s *stage) change(d board.Drawing, list ...board.Board) {
	s.t.Helper()
	s.mu.Lock()
	for _, b := range list {
		s.truth[b.Key] = d
	}
	s.mu.Unlock()
	s.touch(list...)
}

// tell gives a board of #deploys a new text.
func (s *stage) tell(key board.Key, text string) {
	s.t.Helper()
	s.change(says(text), in(deploys, key))
}

func in(channel string, key board.Key) board.Board {
	return board.Board{Key: key, App: "penny-university", Channel: channel}
}

func (s *stage) touch(list ...board.Board) {
	s.t.Helper()
	err := s.store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error { return s.boards.Touch(ctx, tx, list...) })
	if err != nil {
		s.t.Fatal(err)
	}
	s.boards.Nudge()
}

// moment lets what was told be sent, and nothing more. A board that waited for the post of another to its channel is sent a pause later.
func (s *stage) moment() {
	for range 2 {
		time.Sleep(board.Moment)
		synctest.Wait()
	}
}

// settle lets time pass until nothing is due.
func (s *stage) settle() {
	s.t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		synctest.Wait()
		if s.boards.Busy() == 0 {
			return
		}
		if time.Since(began) > 2*time.Hour {
			s.t.Fatalf("busy with %d for 2 hours; the log:\n%s", s.boards.Busy(), s.log)
		}
	}
}

// wants fails unless a channel's messages are these, threads included.
func (s *stage) wants(channel string, want ...string) {
	s.t.Helper()
	var got []string
	for _, m := range s.Messages(channel) {
		got = append(got, m.Text)
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		s.t.Errorf("%s says %q, want %q; the log:\n%s", channel, got, want, s.log)
	}
}

// calls counts the calls of a method from the position that mark gave on.
func (s *stage) calls(from int, method string) (n int) {
	all, _ := s.Weather().Requests(from)
	for _, r := range all {
		if method == "" || r.Path == "/api/"+method {
			n++
		}
	}
	return n
}

func (s *stage) mark() int {
	_, next := s.Weather().Requests(0)
	return next
}

// never fails if Slack answered any call so.
func (s *stage) never(status int) {
	s.t.Helper()
	all, _ := s.Weather().Requests(0)
	for _, r := range all {
		if r.Status == status {
			s.t.Errorf("%s was answered %d at %v", r.Path, status, r.At)
		}
	}
}

func (s *stage) fault(method string, kind weather.Kind, d time.Duration) {
	s.Weather().Add(weather.Fault{Method: "POST", Path: "/api/" + method, Kind: kind, D: d})
}

// logs fails unless the log says something so often.
func (s *stage) logs(words string, times int) {
	s.t.Helper()
	if n := strings.Count(s.log.String(), words); n != times {
		s.t.Errorf("the log says %q %d times, want %d:\n%s", words, n, times, s.log)
	}
}

func (s *stage) state() board.State {
	s.t.Helper()
	state, err := s.boards.State(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// logged keeps the lines of a log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// boardName is a key's part.
func boardName(i int) board.Key { return board.Key(fmt.Sprintf("%03d", i)) }
