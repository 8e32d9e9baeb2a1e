package djangosim

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Key names a migration: the label of its app and its name.
type Key struct{ App, Name string }

func (k Key) String() string { return k.App + "." + k.Name }

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.Name, b.Name))
}

// Project is what the migrations of one commit say.
type Project struct {
	nodes map[Key]*node
}

type node struct {
	Key
	operations        []operation
	atomic            bool
	dependencies      []Key
	before            []Key
	parents, children []Key // sorted
}

// ReadProject reads the migrations of a project from its files, by path: those in folders that are called migrations. An app's label is
// its folder's name. The error names the file that Django would not load, or that the simulator cannot read.
func ReadProject(files map[string]string) (*Project, error) {
	p := &Project{nodes: map[Key]*node{}}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		folder, base := path.Split(file)
		migration, ok := strings.CutSuffix(base, ".py")
		if !ok || path.Base(folder) != "migrations" || strings.HasPrefix(base, "_") {
			continue
		}
		key := Key{path.Base(path.Dir(path.Clean(folder))), migration}
		n, err := readNode(key, files[file])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		p.nodes[key] = n
	}
	return p, p.connect()
}

// known are the values of a class Migration that are simulated.
var known = map[string]bool{"dependencies": true, "run_before": true, "operations": true, "atomic": true, "initial": true}

func readNode(key Key, text string) (*node, error) {
	m, err := readModule(text)
	if err != nil {
		return nil, err
	}
	for value := range m.migration {
		if !known[value] {
			return nil, fmt.Errorf("%s is not simulated", value)
		}
	}
	n := &node{Key: key, atomic: m.migration["atomic"] != false}
	if n.dependencies, err = references(m.migration["dependencies"]); err != nil {
		return nil, err
	}
	if n.before, err = references(m.migration["run_before"]); err != nil {
		return nil, err
	}
	all, _ := m.migration["operations"].(list)
	n.operations, err = operations(all, m.functions)
	return n, err
}

func references(v any) (keys []Key, err error) {
	all, _ := v.(list)
	for _, one := range all {
		pair, _ := one.(list)
		if len(pair) != 2 {
			return nil, fmt.Errorf("the dependency %v is not simulated", one)
		}
		app, _ := pair[0].(string)
		migration, _ := pair[1].(string)
		if app == "" || migration == "" || strings.HasPrefix(migration, "__") {
			return nil, fmt.Errorf("the dependency %v is not simulated", one)
		}
		keys = append(keys, Key{app, migration})
	}
	return keys, nil
}

// connect builds the graph. A dependency on what is not there is NodeNotFoundError, a cycle CircularDependencyError.
func (p *Project) connect() error {
	join := func(child, parent, says Key) error {
		c, d := p.nodes[child], p.nodes[parent]
		if c == nil || d == nil {
			return fmt.Errorf("django.db.migrations.exceptions.NodeNotFoundError: Migration %s dependencies reference nonexistent parent node ('%s', '%s')", says, parent.App, parent.Name)
		}
		if !slices.Contains(c.parents, parent) {
			c.parents, d.children = append(c.parents, parent), append(d.children, child)
		}
		return nil
	}
	for _, key := range p.keys() {
		n := p.nodes[key]
		for _, d := range n.dependencies {
			if err := join(key, d, key); err != nil {
				return err
			}
		}
		for _, b := range n.before {
			if err := join(b, key, key); err != nil {
				return err
			}
		}
	}
	for _, n := range p.nodes {
		slices.SortFunc(n.parents, compareKeys)
		slices.SortFunc(n.children, compareKeys)
	}
	for _, key := range p.keys() {
		if slices.ContainsFunc(p.nodes[key].parents, func(parent Key) bool { return slices.Contains(p.walk(parent, (*node).up), key) }) {
			return fmt.Errorf("django.db.migrations.exceptions.CircularDependencyError: %s", key)
		}
	}
	return nil
}

func (p *Project) keys() []Key { return slices.SortedFunc(maps.Keys(p.nodes), compareKeys) }

func (n *node) up() []Key   { return n.parents }
func (n *node) down() []Key { return n.children }

// walk gives all that hangs on a migration, and the migration last. It goes deep first, and of several begins with the greatest.
func (p *Project) walk(start Key, next func(*node) []Key) (order []Key) {
	seen := map[Key]bool{}
	var visit func(Key)
	visit = func(k Key) {
		if seen[k] {
			return
		}
		seen[k] = true
		for _, other := range slices.Backward(next(p.nodes[k])) {
			visit(other)
		}
		order = append(order, k)
	}
	visit(start)
	return order
}

// ends are the migrations of which none of the same app comes next, in a direction; of one app, or of all ("").
func (p *Project) ends(app string, next func(*node) []Key) (keys []Key) {
	for _, key := range p.keys() {
		inApp := func(other Key) bool { return other.App == key.App }
		if (app == "" || key.App == app) && !slices.ContainsFunc(next(p.nodes[key]), inApp) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (p *Project) leaves(app string) []Key { return p.ends(app, (*node).down) }
func (p *Project) roots(app string) []Key  { return p.ends(app, (*node).up) }

// full is the order in which all would be applied to an empty database.
func (p *Project) full() (order []Key) {
	seen := map[Key]bool{}
	for _, leaf := range p.leaves("") {
		for _, key := range p.walk(leaf, (*node).up) {
			if !seen[key] {
				seen[key] = true
				order = append(order, key)
			}
		}
	}
	return order
}

// step is a migration that is applied or undone.
type step struct {
	*node
	back bool
}

// target is where migrate goes: a migration, or nothing of the app where the name is "".
func (p *Project) plan(applied map[Key]bool, targets []Key) (plan []step) {
	now := maps.Clone(applied)
	back := func(from Key) {
		for _, key := range p.walk(from, (*node).down) {
			if now[key] {
				delete(now, key)
				plan = append(plan, step{p.nodes[key], true})
			}
		}
	}
	for _, target := range targets {
		switch {
		case target.Name == "":
			for _, root := range p.roots(target.App) {
				back(root)
			}
		case now[target]: // only what comes next in the app, and what hangs on that
			for _, next := range p.nodes[target].children {
				if next.App == target.App {
					back(next)
				}
			}
		default:
			for _, key := range p.walk(target, (*node).up) {
				if !now[key] {
					now[key] = true
					plan = append(plan, step{p.nodes[key], false})
				}
			}
		}
	}
	return plan
}
