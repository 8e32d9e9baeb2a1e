package django

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The commands are worked out as the manual of Django has it (migrate app target), one for each app, those first on which no other app
// of the change depends. Then they are run on paper, and what that does is compared with the change.

// step is one command.
type step struct{ app, target string }

// lines writes the commands down.
func lines(steps []step) []Command {
	commands := []Command{}
	for _, s := range steps {
		commands = append(commands, Command{s.app, s.target, "python manage.py migrate " + s.app + " " + s.target})
	}
	return commands
}

// apps gives the migrations of the change by their apps.
func (p *planner) byApp() map[string][]Key {
	apps := map[string][]Key{}
	for _, k := range slices.SortedFunc(maps.Keys(p.change), compareKeys) {
		apps[k.App] = append(apps[k.App], k)
	}
	return apps
}

// steps are the commands, in their order.
func (p *planner) steps() (steps []step) {
	apps := p.byApp()
	order, ok := p.dependentsFirst(apps)
	if !ok {
		return p.written(p.oneByOne())
	}
	for _, app := range order {
		targets := p.targets(apps[app])
		switch len(targets) {
		case 0:
			p.find(apps[app][0], Branches, "which migration of "+app+" to go back to is not known")
			continue
		case 1:
		default:
			p.find(apps[app][0], Branches, "there is not one migration of "+app+" to go back to, but "+strings.Join(targets, " and "))
		}
		steps = append(steps, step{app, p.best(app, targets)})
	}
	return p.written(steps)
}

// dependentsFirst orders the apps of the change; not ok, if they depend on one another in a circle.
func (p *planner) dependentsFirst(apps map[string][]Key) (order []string, ok bool) {
	needs := map[string]map[string]bool{} // by app: those that depend on it
	for app, keys := range apps {
		needs[app] = map[string]bool{}
		for _, k := range keys {
			for _, d := range p.after(k) {
				if p.change[d] && d.App != app {
					needs[app][d.App] = true
				}
			}
		}
	}
	for len(needs) > 0 {
		i := slices.IndexFunc(slices.Sorted(maps.Keys(needs)), func(app string) bool { return len(needs[app]) == 0 })
		if i < 0 {
			app := slices.Sorted(maps.Keys(needs))[0]
			p.find(apps[app][0], Cycle, "the apps of the change depend on one another both ways: their migrations are undone in turns")
			return nil, false
		}
		app := slices.Sorted(maps.Keys(needs))[i]
		order = append(order, app)
		delete(needs, app)
		for _, of := range needs {
			delete(of, app)
		}
	}
	return order, true
}

// targets are what an app's migrations of the change may be taken back to: what they depend on in the same app, outside of the change.
func (p *planner) targets(keys []Key) (targets []string) {
	first := false
	for _, k := range keys {
		n, siblings := p.nodes[k], 0
		for _, parent := range n.parents {
			if parent.App != k.App {
				continue
			}
			siblings++
			if !p.change[parent] && !slices.Contains(targets, parent.Name) {
				targets = append(targets, parent.Name)
			}
		}
		first = first || siblings == 0 && !n.blind
	}
	slices.Sort(targets)
	if first {
		targets = append(targets, Zero)
	}
	return targets
}

// best is the target that undoes the fewest migrations that are not part of the change, and of those the one that leaves the fewest.
func (p *planner) best(app string, targets []string) string {
	return slices.MinFunc(targets, func(a, b string) int { return slices.Compare(p.cost(app, a), p.cost(app, b)) })
}

func (p *planner) cost(app, target string) []int {
	others, mine := 0, 0
	for _, k := range p.undone(p.all(), step{app, target}) {
		switch {
		case !p.change[k]:
			others++
		case k.App == app:
			mine++
		}
	}
	return []int{others, -mine}
}

// oneByOne takes the migrations of the change back one after the other, those first on which no other depends.
func (p *planner) oneByOne() (steps []step) {
	order := p.order()
	slices.Reverse(order)
	for _, k := range order {
		if !p.change[k] {
			continue
		}
		targets := p.targets([]Key{k})
		for _, parent := range p.nodes[k].parents { // also those of the change, which are undone later
			if parent.App == k.App && p.change[parent] {
				targets = []string{parent.Name}
			}
		}
		if len(targets) == 0 {
			continue
		}
		s := step{k.App, targets[0]}
		if n := len(steps); n > 0 && steps[n-1].app == s.app {
			steps[n-1] = s
			continue
		}
		steps = append(steps, s)
	}
	return steps
}

// What a shell and Django take as one plain word.
var (
	plainApp  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	plainName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)
)

// written leaves out commands that cannot be written down, or that Django would not take.
func (p *planner) written(steps []step) []step {
	return slices.DeleteFunc(steps, func(s step) bool {
		k := Key{s.app, s.target}
		if !plainApp.MatchString(s.app) || !plainName.MatchString(s.target) || p.nodes[Key{s.app, Zero}] != nil {
			p.find(k, Unclear, "its name cannot be told apart in a command")
			return true
		}
		for other := range p.files { // MigrationLoader.get_migration_by_prefix: a whole name is a prefix, too
			if other.App == s.app && other.Name != s.target && strings.HasPrefix(other.Name, s.target) {
				p.find(k, Branches, "Django takes "+s.target+" for the beginning of "+other.Name+" as well, and refuses the command")
				return true
			}
		}
		return false
	})
}

// all are the migrations that are applied before anything is undone.
func (p *planner) all() map[Key]bool {
	all := make(map[Key]bool, len(p.nodes))
	for k := range p.nodes {
		all[k] = true
	}
	return all
}

// undone is what a command undoes, in Django's order (django.db.migrations.executor, migration_plan); it is taken out of what is applied.
func (p *planner) undone(applied map[Key]bool, s step) (undone []Key) {
	from := p.first[s.app]
	if s.target != Zero {
		from = nil
		for _, c := range p.nodes[Key{s.app, s.target}].children {
			if c.App == s.app {
				from = append(from, c)
			}
		}
	}
	for _, k := range from {
		for _, d := range p.after(k) {
			if applied[d] {
				delete(applied, d)
				undone = append(undone, d)
			}
		}
	}
	return undone
}

// outcome runs the commands on paper and finds what differs from the change.
func (p *planner) outcome(steps []step) (mine, others []Key) {
	mine, others = []Key{}, []Key{}
	applied := p.all()
	for _, s := range steps {
		if s.target != Zero && !applied[Key{s.app, s.target}] {
			p.find(Key{s.app, s.target}, Branches, "it is undone itself before the others are taken back to it; to go back to it then would apply it again")
		}
		for _, k := range p.undone(applied, s) {
			if p.change[k] {
				mine = append(mine, k)
				continue
			}
			others = append(others, k)
			p.find(k, AlsoUndone, "it is not part of the change, and is undone with it")
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(p.change), compareKeys) {
		if p.nodes[k] != nil && applied[k] {
			p.find(k, Stays, "the commands leave it applied")
		}
	}
	return mine, others
}

// doubts finds what makes any plan doubtful.
func (p *planner) doubts() {
	begins := map[string]bool{} // apps that the change brings
	for app, keys := range p.byApp() {
		if last := p.last[app]; len(last) > 1 && !slices.ContainsFunc(p.sorted(), func(n *node) bool { return n.key.App == app && n.blind }) {
			p.find(last[0], Leaves, "Django refuses to migrate "+app+", which ends in "+last[0].Name+" and in "+last[1].Name)
		}
		begins[app] = slices.Contains(p.targets(keys), Zero)
	}
	for _, k := range slices.SortedFunc(maps.Keys(p.change), compareKeys) {
		for app, yes := range begins {
			if yes && app != k.App && p.unsettled(p.nodes[k]) {
				p.find(k, Unclear, "it depends on the app that a setting names, which may be "+app)
			}
		}
	}
}
