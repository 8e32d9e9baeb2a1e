package herokusim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// dynoStarts is how long a dyno takes in life from starting to up.
const dynoStarts = 5 * time.Second

// States of a dyno: "state `starting|up|idle|down|crashed`". Idle ones exist only on Eco plans.
const (
	dynoStarting = "starting"
	dynoUp       = "up"
	dynoDown     = "down"
	dynoCrashed  = "crashed"
)

// dyno is one running process.
type dyno struct {
	id, name, kind, command, size string
	state                         string
	release                       *release
	created, updated              time.Time
	attachURL                     *string // of an attached run
	management                    string  // how it came to be; "" for those of the formation
	exit                          *int    // how its command ended; nil while it has not
}

// enter gives a dyno a state, and writes it down in the app's log. The lock is held.
func (a *App) enter(d *dyno, state string, at time.Time) {
	a.logSystem(d.name, "State changed from "+d.state+" to "+state)
	d.state, d.updated = state, at
}

// restart replaces all dynos with starting ones of a release; the lock is held.
func (a *App) restart(r *release, at time.Time) {
	for _, d := range a.dynos {
		a.end(d, at)
	}
	a.dynos = a.fleet(r, dynoStarting, at)
	for _, d := range a.dynos {
		a.server.announce(a, "dyno", "create", "", a.dynoEvent(d))
	}
}

// end takes a dyno of the formation down for good; the lock is held.
func (a *App) end(d *dyno, at time.Time) {
	if d.state != dynoDown {
		a.enter(d, dynoDown, at)
	}
	a.server.announce(a, "dyno", "destroy", "", a.dynoEvent(d))
}

// fleet makes the dynos of a release, as the formation says; the lock is held.
func (a *App) fleet(r *release, state string, at time.Time) []*dyno {
	var dynos []*dyno
	for _, p := range a.formation {
		for n := 1; n <= p.Quantity; n++ {
			dynos = append(dynos, a.newDyno(p, n, r, state, at))
		}
	}
	return dynos
}

// newDyno makes the n-th dyno of a process type; the lock is held.
func (a *App) newDyno(p Process, n int, r *release, state string, at time.Time) *dyno {
	a.dynosMade++
	return &dyno{
		id: uuid("dyno", a.name, a.dynosMade), name: fmt.Sprintf("%s.%d", p.Type, n), kind: p.Type,
		command: p.Command, size: p.Size, state: state, release: r, created: at, updated: at,
	}
}

// boot waits until the dynos of a release have started. Call it without the lock.
func (a *App) boot(r *release) error {
	if err := a.server.pass(a.server.ctx, dynoStarts); err != nil {
		return err
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.up(r, time.Now())
	return nil
}

// up brings up those dynos of a release that are still starting; a newer release may have replaced them, and those that
// were started since come up by themselves. The lock is held.
func (a *App) up(r *release, at time.Time) {
	for _, d := range a.dynos {
		if d.release == r && d.state == dynoStarting && !d.created.After(r.updated) {
			a.enter(d, dynoUp, at)
			a.server.announce(a, "dyno", "update", "", a.dynoEvent(d))
		}
	}
}

// Crash makes the first dyno of a process type that has not crashed yet crash. It stays so until the next release
// restarts it. The error says which types there are, or that none of their dynos is left.
func (a *App) Crash(procType string) error {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	var types []string
	for _, d := range a.dynos {
		if d.kind == procType && d.state != dynoCrashed {
			a.enter(d, dynoCrashed, time.Now())
			a.server.announce(a, "dyno", "update", "", a.dynoEvent(d))
			return nil
		}
		if !slices.Contains(types, d.kind) {
			types = append(types, d.kind)
		}
	}
	if slices.Contains(types, procType) {
		return fmt.Errorf("all %s dynos of %s have crashed already", procType, a.name)
	}
	return fmt.Errorf("%s has no %s dyno; the types that run are: %s", a.name, procType, strings.Join(types, ", "))
}
