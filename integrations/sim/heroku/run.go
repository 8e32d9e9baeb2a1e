package herokusim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Run is one command of a one-off dyno, as what an app does is told of it.
type Run struct {
	App     *App
	ID      string // of the dyno
	Name    string // "run.1234"
	Type    string // "run", "scheduler"
	Size    string
	Command string            // as the dyno's shell came to it: without "; echo $?" and the like
	Env     map[string]string // the release's config vars, and over them what the dyno was given
	Release int               // version
	Commit  string
	// Stdin is what an attached client types, until it ends its input or the dyno ends. Nothing comes from a detached one.
	Stdin io.Reader

	server *Server
	print  func(line string)
}

// Print prints one line: to the client of an attached run, to the app's log for others.
func (r Run) Print(line string) { r.print(line) }

// Pass lets d of life go by, at the server's speed. The error is that the dyno was killed meanwhile.
func (r Run) Pass(ctx context.Context, d time.Duration) error { return r.server.pass(ctx, d) }

// OnRun says what the app's commands do in one-off dynos from now on. The function prints lines and returns the exit
// status; it must return soon after its context ended, which is how a dyno is killed. It runs on a goroutine of its
// own, without the simulator's lock. Nil: every command prints nothing and exits 0.
//
// What the dyno's shell does by itself never comes there: echo, exit, true, false, variables, sh -c, and ";", "&&", "||"
// between commands.
func (a *App) OnRun(does func(context.Context, Run) int) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.onRun = does
}

// LimitRuns says how many one-off dynos of a size may be at once from now on: the next one is refused.
func (a *App) LimitRuns(size string, n int) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if a.limits == nil {
		a.limits = map[string]int{}
	}
	a.limits[sizeName(size)] = n
}

// above gives the refusal of one more dyno of a size, if there can be none: "`{"id":"cannot_run_above_limit","limit":2,
// "size":"..","message":".."}`". The lock is held.
func (a *App) above(size string) error {
	limit, ok := a.limits[size]
	for _, o := range a.oneOffs {
		if o.size == size {
			limit--
		}
	}
	if !ok || limit > 0 {
		return nil
	}
	limit = a.limits[size]
	return &fault{
		status: http.StatusUnprocessableEntity, ID: "cannot_run_above_limit", Limit: &limit, Size: size,
		Message: fmt.Sprintf("Cannot run more than %d %s size dynos.", limit, size),
	}
}

// RunSpec is a one-off dyno that somebody, or a scheduler, starts.
type RunSpec struct {
	Command string
	Type    string        // "" means run; a scheduler's is scheduler
	Size    string        // "" means Basic
	Limit   time.Duration // of its life; 0 means the longest, 24 h
	Env     map[string]string
	By      string // email; "" for Heroku itself
}

// RunDyno starts a detached one-off dyno and gives its name. The error says why it cannot be: there is no
// release yet, or there are too many dynos.
func (a *App) RunDyno(spec RunSpec) (string, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	o, err := a.newOneOff(spec)
	if err != nil {
		return "", err
	}
	a.startOneOff(o, spec.By)
	return o.name, nil
}

// stdin reads what comes in a stream, until it or the dyno ends.
type stdin struct {
	ctx  context.Context
	from *stream
	read int
}

func (r *stdin) Read(p []byte) (int, error) {
	for {
		text, _, ended, changed := r.from.look(r.read)
		if len(text) > 0 {
			n := copy(p, text)
			r.read += n
			return n, nil
		}
		if ended {
			return 0, io.EOF
		}
		select {
		case <-changed:
		case <-r.ctx.Done():
			return 0, io.EOF
		}
	}
}

// Why a one-off dyno was killed.
var (
	errStopped   = errors.New("stopped")
	errTimeLimit = errors.New("time limit")
	errHangup    = errors.New("its client is gone")
	errNoClient  = errors.New("no client came")
)

// killStatus is the exit status of a dyno that was killed: 128 and the signal. Whether it is 143 or 137 at the time
// limit is not known.
func (s *Server) killStatus(why error) int {
	switch {
	case errors.Is(why, errHangup):
		return 129 // "(SIGHUP)"
	case errors.Is(why, errNoClient):
		return 128
	case errors.Is(why, errTimeLimit) && s.opts.TimeLimitStatus != 0:
		return s.opts.TimeLimitStatus
	}
	return 143
}
