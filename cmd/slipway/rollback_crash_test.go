package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/store/pgtest"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
)

// sweeping says that a rollback is killed at all places on both databases: in CI, where that is done without -race.
var sweeping = os.Getenv("CI") == "true" && !raceDetector

// The moments of a request at which its sender is killed. Those between the records of a step are swept in bot/op.
const (
	notDone  = "asked for and not done"
	wellDone = "asked for and done"
	doneLate = "asked for and done late"
)

// lateBy is how long after its sender's death a request is done.
const lateBy = 3 * time.Second

// snare is a place at which a process is killed: the first such request to Heroku after the confirmation.
type snare struct{ what, when string }

// trap stands before Heroku and kills who asks for one thing.
type trap struct {
	heroku http.Handler
	at     snare

	mu    sync.Mutex
	armed bool
	shut  bool
	asked []string // each once, in the order of the first times
	late  sync.WaitGroup
}

// serve gives the address of Heroku for one process.
func (p *trap) serve(t *testing.T, kill func()) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.springs(r.Method + " " + r.URL.Path) {
			p.spring(kill, r)
			panic(http.ErrAbortHandler)
		}
		p.heroku.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String()
}

// springs notes what was asked, and tells whether this is the place.
func (p *trap) springs(what string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed {
		return false
	}
	if !slices.Contains(p.asked, what) {
		p.asked = append(p.asked, what)
	}
	springs := what == p.at.what && !p.shut
	p.shut = p.shut || springs
	return springs
}

// spring kills, and does what was asked if that is done all the same.
func (p *trap) spring(kill func(), r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	again := r.Clone(context.WithoutCancel(r.Context()))
	again.Body = io.NopCloser(bytes.NewReader(body))
	switch p.at.when {
	case notDone:
		kill()
	case wellDone:
		p.heroku.ServeHTTP(httptest.NewRecorder(), again)
		kill()
	case doneLate:
		kill()
		p.late.Go(func() {
			time.Sleep(lateBy)
			p.heroku.ServeHTTP(httptest.NewRecorder(), again)
		})
	}
}

func (p *trap) arm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = true
}

// seen is what was asked since it was armed, and whether it has killed somebody.
func (p *trap) seen() (asked []string, deadly bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked), p.shut
}

// undone is one rollback of a world of its own, by the real program.
type undone struct {
	t    *testing.T
	far  *far
	trap *trap
	env  []string // of all its processes
	home string   // the folder of the first of them
}

// story is what came of a rollback.
type story struct {
	Releases []string // since v122
	Open     []string // what still goes on at the far ends: the scheduler's dyno is to be stopped
	Board    string   // without times and the operation's name
}

func rollBack(t *testing.T, database string, at snare) *undone {
	t.Helper()
	f := newFar(t)
	f.Apps[0].OnRun(func(ctx context.Context, _ herokusim.Run) int { // until it is stopped
		<-ctx.Done()
		return 143
	})
	if _, err := f.Apps[0].RunDyno(herokusim.RunSpec{Type: "scheduler", Command: "python manage.py background_tasks --duration 600"}); err != nil {
		t.Fatal(err)
	}
	u := &undone{t: t, far: f, trap: &trap{heroku: f.Heroku, at: at}}
	t.Cleanup(u.trap.late.Wait)
	if database != "" {
		u.env = []string{"DATABASE_URL=" + database}
	}
	return u
}

// runs starts a process, in the folder of an earlier one if there is one.
func (u *undone) runs(before *child) *child {
	u.t.Helper()
	var c *child
	ready := make(chan struct{})
	address := u.trap.serve(u.t, func() {
		<-ready
		_ = c.cmd.Process.Kill()
		<-c.ended
	})
	h := how{Args: []string{"run"}, Env: u.far.env(append(u.env, "HEROKU_API_URL="+address)...), Files: true}
	if before != nil {
		h.Cmd = func(cmd *exec.Cmd) { cmd.Dir = before.folder }
	}
	c = start(u.t, h)
	close(ready)
	listening(u.t, c)
	c.says(c.errs, "connected to Slack")
	return c
}

// confirms asks for a rollback and confirms it.
func (u *undone) confirms() {
	u.t.Helper()
	alice, ok := u.far.UserID("alice")
	if !ok {
		u.t.Fatal("there is no alice")
	}
	var typed time.Time
	var modal slacksim.View
	u.t.Cleanup(func() {
		if u.t.Failed() {
			u.t.Logf("her window: %s", modal.Blocks)
		}
	})
	until(u.t, "the plan is shown", func() bool {
		modal, _ = u.far.Slack.View(alice)
		offered := modal.Submit == "Roll back" && !modal.SubmitDisabled
		if offered && bytes.Contains(modal.Blocks, []byte("|#44>")) {
			return true
		}
		// A bot that has just begun may not have read its settings yet, or not which change a release came with. And on a machine
		// that is slow the 3 s that Slack gives may be over before the window opens.
		again := 10 * time.Second
		if offered || bytes.Contains(modal.Blocks, []byte("Try again")) {
			again = time.Second
		}
		if time.Since(typed) > again {
			u.far.types(u.t, "/rollback", "")
			typed = time.Now()
		}
		return false
	})
	u.trap.arm()
	var pressed time.Time
	until(u.t, "it is confirmed", func() bool {
		if top, open := u.far.Slack.View(alice); !open || top.ID != modal.ID {
			return true
		}
		if _, deadly := u.trap.seen(); deadly {
			return true
		}
		if time.Since(pressed) > 5*time.Second { // Slack waits for 3 s, and then asks to try again
			_, _ = u.far.Slack.Submit(alice, modal.ID)
			pressed = time.Now()
		}
		return false
	})
}

var (
	boardEnd  = regexp.MustCompile(`: (done|failed|stopped|not known)`)
	boardTime = regexp.MustCompile(`"block_id":"[^"]*",?|<!date[^>]*>| \([0-9][^)]*\)| (in|after) [0-9]+ (ms|s|min)( [0-9]+ s)?|operation [0-9a-f]+`)
	breakOff  = regexp.MustCompile(`slipway was interrupted[^·"]*· `)
)

// board is the operation's message; "" while there is none, or while it goes on.
func (u *undone) board() string {
	channel, err := u.far.ChannelID("deploys")
	if err != nil {
		u.t.Fatal(err)
	}
	for _, m := range u.far.Slack.Messages(channel) {
		if strings.HasPrefix(m.Text, "Roll *") && boardEnd.MatchString(m.Text) {
			return breakOff.ReplaceAllString(boardTime.ReplaceAllString(string(m.Blocks), ""), "")
		}
	}
	return ""
}

// story plays it: one process confirms, and another goes on where it was killed: one that runs beside it, or its own restart.
func (u *undone) story(beside bool) (s story) {
	u.t.Helper()
	first := u.runs(nil)
	u.home = first.folder
	if beside {
		u.runs(nil)
	}
	u.confirms()
	if u.trap.at != (snare{}) && !beside {
		<-first.ended
		u.runs(first)
	}
	until(u.t, "its message says how it ended", func() bool {
		s.Board = u.board()
		return s.Board != ""
	})
	for _, r := range u.far.Apps[0].Releases() {
		if r.Version > 122 {
			s.Releases = append(s.Releases, r.Description+" "+r.Status)
		}
	}
	s.Open = u.far.Open()
	return s
}

// life is where a killed process's work goes on.
type life struct {
	name     string
	database func(t *testing.T) string
	beside   bool // another process runs already; else its own restart
}

func lives() []life {
	none := func(*testing.T) string { return "" }
	postgres := func(t *testing.T) string { return pgtest.Start(t) }
	list := []life{{"SQLite, started again", none, false}, {"Postgres, another process", postgres, true}}
	if sweeping {
		list = append(list, life{"Postgres, started again", postgres, false})
	}
	return list
}

// snares are the places of an undisturbed rollback: each of its requests, and for those that change something each fate of it.
func snares(asked []string) (list []snare) {
	for _, what := range asked {
		switch {
		case strings.HasPrefix(what, "POST "):
			list = append(list, snare{what, notDone}, snare{what, wellDone}, snare{what, doneLate})
		case sweeping:
			list = append(list, snare{what, notDone}, snare{what, wellDone})
		}
	}
	return list
}

// atOnce is how many rollbacks are played side by side. Mostly they wait.
const atOnce = 6

func TestARollbackIsDoneOnceWhereverItsProcessIsKilled(t *testing.T) {
	t.Parallel()
	calm := rollBack(t, "", snare{})
	want := calm.story(false)
	if len(want.Releases) != 1 || !strings.Contains(want.Board, "done") {
		t.Fatalf("undisturbed it is %+v", want)
	}
	asked, _ := calm.trap.seen()
	room := make(chan struct{}, atOnce)
	for _, l := range lives() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			var deadly atomic.Int64
			places := snares(asked)
			t.Run("at", func(t *testing.T) {
				for _, at := range places {
					t.Run(at.what+" "+at.when, func(t *testing.T) {
						t.Parallel()
						room <- struct{}{}
						defer func() { <-room }()
						u := rollBack(t, l.database(t), at)
						if diff := cmp.Diff(want, u.story(l.beside)); diff != "" {
							t.Error(diff)
						}
						if _, killed := u.trap.seen(); killed {
							deadly.Add(1)
						}
					})
				}
			})
			if int(deadly.Load()) < len(places)*3/4 {
				t.Errorf("in %d of %d rollbacks a process was killed: it does not ask for these any more", deadly.Load(), len(places))
			}
		})
	}
}

// Who did what, when and with which release stands in the trail, in order, as people get it out.
func TestTheTrailOfARollbackIsToldInItsOrder(t *testing.T) {
	t.Parallel()
	u := rollBack(t, "", snare{})
	u.story(false)
	c := start(t, how{
		Args: []string{"audit", "--app", "penny-university", "--since", "24h", "--json"}, Files: true,
		Cmd: func(cmd *exec.Cmd) { cmd.Dir = u.home },
	})
	c.exits(exitOK, patience)
	trails := map[string][]string{} // by operation: on a machine that is slow she asked more than once
	var confirmed string
	for line := range strings.Lines(c.out.String()) {
		var r auditRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if r.What == "confirmed" {
			confirmed = r.Operation
		}
		text, _, _ := strings.Cut(r.Text, "\n")
		trails[r.Operation] = append(trails[r.Operation],
			strings.TrimSpace(r.What+" "+r.Who+" "+oneOffName.ReplaceAllString(text, "scheduler.N")+" "+r.Detail["version"]))
	}
	want := []string{
		"planned U0ALICE Roll *penny-university* back to `v121`", "confirmed U0ALICE Roll *penny-university* back to `v121`",
		"step began  stop scheduler.N", "step ended  stop scheduler.N: done",
		"step began  roll back to v121", "step ended  roll back to v121: done v123",
		"step began  release phase", "step ended  release phase: done",
		"step began  current", "step ended  current: done",
		"step began  dynos up", "step ended  dynos up: done",
		"ended  succeeded",
	}
	if diff := cmp.Diff(want, trails[confirmed]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

var oneOffName = regexp.MustCompile(`scheduler\.[0-9]+`)
