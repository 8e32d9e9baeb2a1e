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
}

// restart replaces all dynos with starting ones of a release; the lock is held.
func (a *App) restart(r *release, at time.Time) {
	for _, d := range a.dynos {
		d.state, d.updated = dynoDown, at
		a.server.announce(a, "dyno", "destroy", "", a.dynoView(d))
	}
	a.dynos = a.fleet(r, dynoStarting, at)
	for _, d := range a.dynos {
		a.server.announce(a, "dyno", "create", "", a.dynoView(d))
	}
}

// fleet makes the dynos of a release, as the formation says; the lock is held.
func (a *App) fleet(r *release, state string, at time.Time) []*dyno {
	var dynos []*dyno
	for _, p := range a.formation {
		for n := 1; n <= p.Quantity; n++ {
			a.dynosMade++
			dynos = append(dynos, &dyno{
				id: uuid("dyno", a.name, a.dynosMade), name: fmt.Sprintf("%s.%d", p.Type, n), kind: p.Type,
				command: p.Command, size: p.Size, state: state, release: r, created: at, updated: at,
			})
		}
	}
	return dynos
}

// boot waits until the dynos of a release have started. Call it without the lock.
func (a *App) boot(r *release) error {
	if err := a.server.pass(dynoStarts); err != nil {
		return err
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.up(r, time.Now())
	return nil
}

// up brings up those dynos of a release that are still starting; a newer release may have replaced them. The lock is
// held.
func (a *App) up(r *release, at time.Time) {
	for _, d := range a.dynos {
		if d.release == r && d.state == dynoStarting {
			d.state, d.updated = dynoUp, at
			a.server.announce(a, "dyno", "update", "", a.dynoView(d))
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
			d.state, d.updated = dynoCrashed, time.Now()
			a.server.announce(a, "dyno", "update", "", a.dynoView(d))
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
