package herokusim

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// adopt makes the formation that of the code which is about to run: types that it does not have go, new ones come with
// no dynos. The lock is held.
func (a *App) adopt(s *slug, at time.Time) {
	if s == nil {
		return
	}
	var kept []Process
	for _, p := range a.formation {
		command, ok := s.processTypes[p.Type]
		if !ok {
			a.server.announce(a, "api:formation", "destroy", a.owner.email, a.formationView(p, at))
			continue
		}
		p.Command = command
		kept = append(kept, p)
	}
	for _, kind := range slices.Sorted(maps.Keys(s.processTypes)) {
		if !slices.ContainsFunc(kept, func(p Process) bool { return p.Type == kind }) {
			kept = append(kept, Process{Type: kind, Command: s.processTypes[kind], Size: defaultSize})
		}
	}
	a.formation = kept
}

// defaultSize is the dyno size of what nobody gave another.
const defaultSize = "Basic"

// scale changes how many dynos of a type there are, and their size. The quantity is a number, or "+1" or "-1": "relative".
// An empty one leaves it as it is. Dynos that are too many end, missing ones start; another size restarts all of the
// type. The lock is held.
func (a *App) scale(kind, quantity, size string, by *account) (Process, error) {
	i := slices.IndexFunc(a.formation, func(p Process) bool { return p.Type == kind })
	if i < 0 || a.current == nil {
		return Process{}, notFound("process type (" + kind + ")")
	}
	p := &a.formation[i]
	before := *p
	n, err := count(quantity, p.Quantity)
	if err != nil {
		return Process{}, err
	}
	if size != "" {
		p.Size = sizeName(size)
	}
	p.Quantity = n
	now := time.Now()
	a.updated = now
	a.server.announceChange(a, "api:formation", "update", by.email, a.formationView(*p, now), before.changes(*p))
	a.fit(*p, before.Size != p.Size, now)
	return *p, nil
}

// changes are the fields in which a process type was different, as they were.
func (p Process) changes(now Process) map[string]any {
	was := map[string]any{}
	if p.Quantity != now.Quantity {
		was["quantity"] = p.Quantity
	}
	if p.Size != now.Size {
		was["size"] = p.Size
	}
	return was
}

// count reads a quantity over the one that is: "The CLI sends quantity as a STRING, and `"+1"` / `"-1"` for relative".
func count(quantity string, now int) (int, error) {
	if quantity == "" {
		return now, nil
	}
	n, err := strconv.Atoi(quantity)
	if err == nil && strings.ContainsAny(quantity[:1], "+-") {
		n += now
	}
	if err != nil || n < 0 {
		return 0, invalid("Invalid quantity: %s", quantity)
	}
	return n, nil
}

// sizes are the dyno sizes by their spelling in lower case: "`size` is case-insensitive".
var sizes = map[string]string{
	"eco": "Eco", "basic": "Basic", "standard-1x": "Standard-1X", "standard-2x": "Standard-2X",
	"performance-m": "Performance-M", "performance-l": "Performance-L", "performance-l-ram": "Performance-L-RAM",
	"performance-xl": "Performance-XL", "performance-2xl": "Performance-2XL",
}

func sizeName(size string) string { return cmp.Or(sizes[strings.ToLower(size)], size) }

// fit ends and starts dynos until there are as many of a type as the formation says; the lock is held.
func (a *App) fit(p Process, all bool, at time.Time) {
	have := 0
	a.dynos = slices.DeleteFunc(a.dynos, func(d *dyno) bool {
		if d.kind != p.Type {
			return false
		}
		have++
		if !all && have <= p.Quantity {
			return false
		}
		a.end(d, at)
		return true
	})
	if all {
		have = 0
	}
	for n := have + 1; n <= p.Quantity; n++ {
		a.launch(a.newDyno(p, n, a.current, dynoStarting, at))
	}
}

// launch adds a dyno to the formation and brings it up after its time; the lock is held.
func (a *App) launch(d *dyno) {
	a.dynos = append(a.dynos, d)
	a.server.announce(a, "dyno", "create", "", a.dynoEvent(d))
	a.server.begin(func() {
		if a.server.pass(a.server.ctx, dynoStarts) != nil {
			return
		}
		a.server.mu.Lock()
		defer a.server.mu.Unlock()
		if d.state == dynoStarting && slices.Contains(a.dynos, d) {
			a.enter(d, dynoUp, time.Now())
			a.server.announce(a, "dyno", "update", "", a.dynoEvent(d))
		}
	})
}
