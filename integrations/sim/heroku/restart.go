package herokusim

import (
	"slices"
	"time"
)

// again replaces dynos of the formation with new ones of the current release; the lock is held.
func (a *App) again(which func(*dyno) bool) {
	now := time.Now()
	var old []*dyno
	a.dynos = slices.DeleteFunc(a.dynos, func(d *dyno) bool {
		if which(d) {
			old = append(old, d)
		}
		return which(d)
	})
	for _, d := range old {
		a.end(d, now)
		a.dynosMade++
		a.launch(&dyno{
			id: uuid("dyno", a.name, a.dynosMade), name: d.name, kind: d.kind, command: d.command, size: d.size,
			state: dynoStarting, release: a.current, created: now, updated: now,
		})
	}
	slices.SortStableFunc(a.dynos, func(x, y *dyno) int { return a.rank(x) - a.rank(y) })
}

// rank is where a dyno stands among the others: by type as in the formation, then by number.
func (a *App) rank(d *dyno) int {
	kind := slices.IndexFunc(a.formation, func(p Process) bool { return p.Type == d.kind })
	return kind*1_000_000 + number(d.name)
}

// halt takes dynos of the formation down, where they stay until a restart, a release or a change of scale.
func (a *App) halt(which func(*dyno) bool) {
	now := time.Now()
	for _, d := range a.dynos {
		if which(d) && d.state != dynoDown {
			a.enter(d, dynoDown, now)
			a.server.announce(a, "dyno", "update", "", a.dynoEvent(d))
		}
	}
}

// restartDynos restarts the formation; one-off dynos go on.
func (s *Server) restartDynos(r *request) (any, error) {
	r.app.again(func(*dyno) bool { return true })
	return accepted(), nil
}

// restartDyno restarts one dyno of the formation, and ends a one-off one.
func (s *Server) restartDyno(r *request) (any, error) {
	return s.toDyno(r, r.app.again)
}

// stopDyno: "Stop: `POST /apps/{app}/dynos/{name}/actions/stop` (2xx, body `{}`)".
func (s *Server) stopDyno(r *request) (any, error) {
	return s.toDyno(r, r.app.halt)
}

// toDyno does something to the dyno of the formation that the path names; a one-off one gets a SIGTERM instead.
func (s *Server) toDyno(r *request, do func(func(*dyno) bool)) (any, error) {
	d, o := r.dyno()
	switch {
	case o != nil:
		o.kill(errStopped)
	case d != nil:
		do(func(other *dyno) bool { return other == d })
	default:
		return nil, notFound("dyno")
	}
	return accepted(), nil
}

func (s *Server) restartType(r *request) (any, error) { return s.toType(r, r.app.again) }

func (s *Server) stopType(r *request) (any, error) { return s.toType(r, r.app.halt) }

// toType does something to all dynos of a type; one-off ones get a SIGTERM.
func (s *Server) toType(r *request, do func(func(*dyno) bool)) (any, error) {
	kind, known := r.PathValue("type"), false
	for _, o := range r.app.oneOffs {
		if o.kind == kind {
			known = true
			o.kill(errStopped)
		}
	}
	for _, p := range r.app.formation {
		known = known || p.Type == kind
	}
	if !known {
		return nil, notFound("process type (" + kind + ")")
	}
	do(func(d *dyno) bool { return d.kind == kind })
	return accepted(), nil
}
