package herokusim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"time"
)

// The measures of one-off dynos.
const (
	limitMax     = 24 * time.Hour         // of life: "`time_to_live`: seconds, max 86400"
	attachWithin = time.Minute            // for the client of an attached run, which does not live faster; [unverified]
	firstAlone   = 150 * time.Millisecond // between the first line and the output: "wait (150 ms was enough)"
)

// oneOff is a dyno that runs one command. The server's lock guards it.
type oneOff struct {
	dyno
	ctx    context.Context // ends when it is killed, with the reason, or over
	kill   context.CancelCauseFunc
	env    map[string]string
	secret string // of an attached run
	lf     bool   // lines end in "\n" rather than in a terminal's "\r\n"
	client chan net.Conn
	stdin  *stream
}

// newOneOff makes a one-off dyno of the release that runs; the lock is held.
func (a *App) newOneOff(spec RunSpec) (*oneOff, error) {
	if a.current == nil {
		// "409 = "release not found yet", right after app creation"
		return nil, &fault{status: http.StatusConflict, ID: "conflict", Message: "release not found yet"}
	}
	size := sizeName(cmp.Or(spec.Size, defaultSize))
	if err := a.above(size); err != nil {
		return nil, err
	}
	now := time.Now()
	kind := cmp.Or(spec.Type, "run")
	a.dynosMade++
	o := &oneOff{
		dyno: dyno{
			id: uuid("dyno", a.name, a.dynosMade), name: a.freeName(kind), kind: kind, command: spec.Command,
			size: size, state: dynoStarting, release: a.current, created: now,
			updated: now, management: "run:detached",
		},
		env: maps.Clone(a.current.config), client: make(chan net.Conn), stdin: &stream{changed: make(chan struct{})},
	}
	if o.env == nil {
		o.env = map[string]string{}
	}
	maps.Copy(o.env, spec.Env)
	limited, release := context.WithTimeoutCause(a.server.ctx, a.server.life(cmp.Or(spec.Limit, limitMax)), errTimeLimit)
	ctx, kill := context.WithCancelCause(limited)
	o.ctx, o.kill = ctx, func(why error) { kill(why); release() }
	return o, nil
}

// freeName is a name like run.1234: "N is random per app".
func (a *App) freeName(kind string) string {
	for n := a.dynosMade; ; n++ {
		name := fmt.Sprintf("%s.%d", kind, 1000+draw(9000, a.name, kind, n))
		taken := false
		for _, o := range a.oneOffs {
			taken = taken || o.name == name
		}
		if !taken {
			return name
		}
	}
}

// expectClient makes a dyno wait for its client; the lock is held.
func (a *App) expectClient(o *oneOff) {
	o.secret, o.management = digest("rendezvous", o.id), ""
	url := "rendezvous://" + a.server.opts.Rendezvous + "/" + o.secret
	o.attachURL = &url
	a.server.meetings[o.secret] = o
}

// startOneOff lets a dyno begin; by is the email of who wanted it. The lock is held.
func (a *App) startOneOff(o *oneOff, by string) {
	a.oneOffs = append(a.oneOffs, o)
	a.server.announce(a, "api:dyno", "create", by, a.dynoEvent(&o.dyno).dynoView)
	a.server.announce(a, "dyno", "create", "", a.dynoEvent(&o.dyno))
	a.server.begin(func() {
		status, err := a.live(o)
		if err != nil {
			status = a.server.killStatus(err)
		}
		o.kill(nil)
		a.bury(o, status, err)
	})
}

// live is the life of a one-off dyno until its command ended. The error is why it was killed.
func (a *App) live(o *oneOff) (status int, err error) {
	s := a.server
	if err := s.pass(o.ctx, dynoStarts); err != nil {
		return 0, err
	}
	show := func(line string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if o.ctx.Err() == nil {
			for one := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\n") {
				a.log.add("app", o.name, one)
			}
		}
	}
	if o.attachURL != nil {
		conn, err := a.meet(o)
		if err != nil {
			return 0, err
		}
		defer conn.Close()
		defer context.AfterFunc(o.ctx, func() { _ = conn.Close() })()
		show = func(line string) { o.show(conn, line) }
	}
	s.mu.Lock()
	a.enter(&o.dyno, dynoUp, time.Now())
	s.announce(a, "dyno", "update", "", a.dynoEvent(&o.dyno))
	command := a.resolve(o)
	s.mu.Unlock()

	status = a.shell(o, show).run(command)
	return status, context.Cause(o.ctx)
}

// resolve gives the command to run: "If the first word of `command` is a Procfile process type, that type's command
// runs instead".
func (a *App) resolve(o *oneOff) string {
	first, rest, more := strings.Cut(o.command, " ")
	if o.release.slug == nil || o.release.slug.processTypes[first] == "" {
		return o.command
	}
	command := o.release.slug.processTypes[first]
	if more {
		command += " " + rest
	}
	return command
}

// meet waits for the client of an attached run. "If no client connects in time the dyno gives up (R13 Attach error)".
func (a *App) meet(o *oneOff) (net.Conn, error) {
	patience, cancel := context.WithTimeout(o.ctx, attachWithin)
	defer cancel()
	select {
	case conn := <-o.client:
		_, err := conn.Write([]byte("rendezvous\r\n"))
		if err == nil {
			t := time.NewTimer(firstAlone)
			defer t.Stop()
			select {
			case <-t.C:
				return conn, nil
			case <-o.ctx.Done():
			}
		}
		_ = conn.Close()
		return nil, cmp.Or(context.Cause(o.ctx), errHangup)
	case <-patience.Done():
	}
	if err := context.Cause(o.ctx); err != nil {
		return nil, err
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.logSystem(o.name, "Error R13 (Attach error) -> Failed to attach to process")
	return nil, errNoClient
}

// show prints a line to the client, in one piece: "The marker must come in one chunk".
func (o *oneOff) show(conn net.Conn, line string) {
	line = strings.TrimSuffix(line, "\n") + "\n"
	if !o.lf {
		line = strings.ReplaceAll(line, "\n", "\r\n")
	}
	if _, err := conn.Write([]byte(line)); err != nil {
		o.kill(errHangup)
	}
}

// bury takes a dyno away whose command ended: "a finished dyno is gone: 404". The log says "complete" whatever the
// status ("**`complete` does not mean success**"), and "crashed" when a signal ended it. The end of the server says nothing.
func (a *App) bury(o *oneOff, status int, why error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	delete(a.server.meetings, o.secret)
	a.oneOffs = without(a.oneOffs, o)
	if errors.Is(why, ErrClosed) {
		return
	}
	end, state := "complete", dynoDown
	if status > 128 {
		end, state = dynoCrashed, dynoCrashed
	}
	a.logSystem(o.name, fmt.Sprintf("Process exited with status %d", status))
	a.logSystem(o.name, "State changed from "+o.state+" to "+end)
	o.state, o.updated = state, time.Now()
	if status != 0 || !a.server.opts.ZeroIsNull {
		o.exit = &status
	}
	a.server.announce(a, "dyno", "destroy", "", a.dynoEvent(&o.dyno))
}

// without gives a list less one of its members.
func without[T comparable](list []T, one T) []T {
	var out []T
	for _, other := range list {
		if other != one {
			out = append(out, other)
		}
	}
	return out
}
