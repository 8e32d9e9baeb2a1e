package op_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/op"
	"slipway/bot/store/pgtest"
)

// sweep says that a process dies at all places on both engines: in CI, where that is done without -race.
var sweep = os.Getenv("CI") == "true" && !raceDetector

// deaths are the boundaries of each step at which a process is killed. In the midst of an effect it is the far end that kills it.
func deaths() []string {
	list := []string{
		"confirmed", "a Run begins", "watched, before a look", "watched, after a look", "watched, after the result",
	}
	for _, what := range []string{"on", "rest"} {
		for _, boundary := range []string{
			"before the record of its beginning", "after the record of its beginning", "asked for and not done", "asked for and done",
			"asked for and done late", "after the effect", "after the result",
		} {
			list = append(list, what+", "+boundary)
		}
	}
	return list
}

// few are enough where all would take too long.
func few(list []string) []string {
	if sweep {
		return list
	}
	var some []string
	for _, place := range list {
		switch place {
		case "confirmed", "on, after the record of its beginning", "on, asked for and done late", "rest, after the effect", "watched, after a look":
			some = append(some, place)
		}
	}
	return some
}

// atATime is how many rounds are played side by side. Mostly they wait.
const atATime = 20

func TestAKilledProcessLeavesEachEffectDoneOnce(t *testing.T) {
	t.Parallel()
	t.Run("SQLite, started again", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return filepath.Join(t.TempDir(), "slipway.db") }, false)
	})
	t.Run("Postgres, started again", func(t *testing.T) {
		t.Parallel()
		if !sweep {
			return // another process is the harder case
		}
		play(t, func() string { return pgtest.Start(t) }, false)
	})
	t.Run("Postgres, another process", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return pgtest.Start(t) }, true)
	})
}

// play plays a round for each death, after an undisturbed one.
func play(t *testing.T, database func() string, beside bool) {
	t.Helper()
	want := newRound(t, "").play(database(), false)
	var playing sync.WaitGroup
	room := make(chan struct{}, atATime)
	var deadly atomic.Int64
	places := few(deaths())
	for _, death := range places {
		room <- struct{}{}
		r, where := newRound(t, death), database()
		playing.Go(func() {
			defer func() { <-room }()
			if diff := cmp.Diff(want, r.play(where, beside)); diff != "" {
				t.Errorf("killed at %q: %s", death, diff)
			}
			if r.deadly() {
				deadly.Add(1)
			}
		})
	}
	playing.Wait()
	if int(deadly.Load()) < len(places)*3/4 {
		t.Errorf("in %d of %d rounds a process was killed: the program does not pass these places any more", deadly.Load(), len(places))
	}
}

// round is one operation, and a far end that logs what was done.
type round struct {
	t     *testing.T
	death string
	url   string
	begun chan struct{} // closed when a process is at work
	work  sync.Once

	mu      sync.Mutex
	effects []made
	killed  time.Time
	after   time.Duration // from the kill to the first request of another process
}

// story is what came of a round.
type story struct {
	Effects []string // in their order
	Board   string   // without times
}

func newRound(t *testing.T, death string) *round {
	t.Helper()
	r := &round{t: t, death: death, begun: make(chan struct{})}
	server := httptest.NewServer(r)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	r.url = server.URL
	return r
}

// play lets one process confirm and begin, and another go on: one that is there when the first is at work, or one that is started
// after its end.
func (r *round) play(database string, beside bool) (s story) {
	first := r.start(database, "yes", r.death)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.ends(first)
	}()
	if beside {
		select {
		case <-r.begun:
		case <-ended:
		}
	} else {
		<-ended
	}
	if r.death != "" {
		r.ends(r.start(database, "", ""))
	}
	<-ended
	r.mu.Lock()
	for _, e := range r.effects {
		s.Effects = append(s.Effects, e.what)
	}
	if r.after > 0 {
		r.t.Logf("%q: another process went on %s after the kill", r.death, r.after.Round(time.Millisecond))
	}
	r.mu.Unlock()
	s.Board = r.board(database)
	return s
}

// deadly tells whether a process was killed.
func (r *round) deadly() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.killed.IsZero()
}

// childLimit is for how long a process may live, on a machine with much else to do. One takes seconds.
const childLimit = 2 * time.Minute

// started is a process, and its end at the latest.
type started struct {
	*exec.Cmd
	limit context.Context
}

func (r *round) start(database, confirm, death string) started {
	limit, end := context.WithTimeout(context.Background(), childLimit)
	cmd := exec.CommandContext(limit, os.Args[0])
	cmd.WaitDelay = 10 * time.Second // for its log, should somebody else hold it open
	cmd.Env = append(os.Environ(), databaseVariable+"="+database, farVariable+"="+r.url, confirmVariable+"="+confirm, deathVariable+"="+death)
	log := &logged{}
	cmd.Stderr = log
	in, err := cmd.StdinPipe() // its end ends the process
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		end()
		r.t.Error(err)
		return started{cmd, limit}
	}
	r.t.Cleanup(func() {
		end()
		_ = in.Close() // its end may have closed it
		if text := log.String(); r.t.Failed() && text != "" {
			r.t.Logf("the log of a process (%q):\n%s", death, text)
		}
	})
	return started{cmd, limit}
}

// ends waits for the end of a process, and notes whether it was killed.
func (r *round) ends(p started) {
	if p.Process == nil {
		return // it could not be started
	}
	err := p.Wait()
	state := p.ProcessState
	_, bad := errors.AsType[*exec.ExitError](err)
	switch {
	case !state.Exited() && p.limit.Err() != nil:
		r.t.Errorf("%q: a process did not end within %s", r.death, childLimit)
		return
	case bad && state.Exited(), err != nil && !bad:
		r.t.Errorf("%q: a process ended: %v", r.death, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !state.Exited() {
		r.killed = time.Now()
	}
}

// moments are the parts of a board that differ from round to round.
var moments = regexp.MustCompile(`<!date[^>]*>| in \d[^\n]*| \([^)\n]*\)| · [^\n]*`)

// board is what the operation's board shows in the end.
func (r *round) board(database string) string {
	s, err := openDatabase(r.t.Context(), database)
	if err != nil {
		r.t.Error(err)
		return ""
	}
	defer func() {
		if err := s.Close(); err != nil {
			r.t.Error(err)
		}
	}()
	id, err := onlyOperation(r.t.Context(), s)
	if err != nil {
		r.t.Error(err)
		return ""
	}
	d, err := newEngine(s).Draw(r.t.Context(), op.KeyOf(id))
	if err != nil {
		r.t.Error(err)
	}
	return moments.ReplaceAllString(text(d.Message.Blocks), "")
}

// ServeHTTP is the far end.
func (r *round) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	query := req.URL.Query()
	what, death := query.Get("what"), query.Get("death")
	r.work.Do(func() { close(r.begun) })
	r.mu.Lock()
	if r.after == 0 && !r.killed.IsZero() {
		r.after = time.Since(r.killed)
	}
	r.mu.Unlock()
	id := ""
	switch query.Get("call") {
	case "act":
		boundary, _ := strings.CutPrefix(death, what+", asked for and ")
		switch boundary {
		case "not done":
			kill(query.Get("pid"))
			return
		case "done late":
			kill(query.Get("pid"))
			time.Sleep(settle / 2)
		}
		id = r.make(what)
		if boundary == "done" {
			kill(query.Get("pid"))
			return
		}
	case "find", "look":
		since, _ := strconv.ParseInt(query.Get("since"), 10, 64)
		id = r.find(what, time.UnixMilli(since))
	}
	_ = json.NewEncoder(w).Encode(id) // whoever asked may be dead
}

func kill(pid string) {
	if n, err := strconv.Atoi(pid); err == nil && n > 0 {
		_ = syscall.Kill(n, syscall.SIGKILL)
	}
}

func (r *round) make(what string) (id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id = fmt.Sprintf("%s-%d", what, len(r.effects))
	r.effects = append(r.effects, made{what, id, time.Now()})
	return id
}

func (r *round) find(what string, since time.Time) (id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.effects {
		if e.what == what && !e.at.Before(since) {
			return e.id
		}
	}
	return ""
}
