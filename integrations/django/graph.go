package django

import (
	"maps"
	"slices"
)

// connect finds what depends on what, as Django's loader does (django.db.migrations.loader, build_graph). Squashed migrations stand in
// the place of those that they replace, as on a database on which all of them are applied.
func (p *Project) connect() {
	all := p.sorted()
	for _, n := range all {
		p.replace(n)
	}
	for _, n := range all { // an app's own edges tell which are its first and its last ones
		p.edges(n, func(app string) bool { return app == n.key.App })
	}
	for _, n := range all {
		if _, out := p.stands[n.key]; out {
			delete(p.nodes, n.key)
			continue
		}
		if !slices.ContainsFunc(n.parents, n.isSibling) {
			p.first[n.key.App] = append(p.first[n.key.App], n.key)
		}
		if !slices.ContainsFunc(n.children, n.isSibling) {
			p.last[n.key.App] = append(p.last[n.key.App], n.key)
		}
	}
	for _, n := range all {
		p.edges(n, func(app string) bool { return app != n.key.App })
	}
	for _, n := range p.nodes {
		slices.SortFunc(n.parents, compareKeys)
		slices.SortFunc(n.children, compareKeys)
	}
}

// sorted gives the migrations by app and name.
func (p *Project) sorted() []*node {
	return slices.SortedFunc(maps.Values(p.nodes), func(a, b *node) int { return compareKeys(a.key, b.key) })
}

func (n *node) isSibling(k Key) bool { return k.App == n.key.App }

// replace notes what a squashed migration stands for.
func (p *Project) replace(n *node) {
	for _, r := range n.Replaces {
		k := Key{r.App, r.Name}
		old := p.nodes[k]
		if _, twice := p.stands[k]; twice || k == n.key || old != nil && len(old.Replaces) > 0 {
			n.find(Squashed, r.Line, k.String()+" is squashed itself, or replaced twice; Django's versions differ in what they make of that")
			continue
		}
		p.stands[k] = n.key
	}
}

// now gives what stands for a migration.
func (p *Project) now(k Key) Key {
	if by, ok := p.stands[k]; ok {
		return by
	}
	return k
}

// edges takes up the dependencies of a migration on the apps that are asked for, in both directions.
func (p *Project) edges(n *node, of func(app string) bool) {
	for _, r := range n.Dependencies {
		if k, ok := p.find(n, r, of); ok {
			p.connects(n.key, k)
		}
	}
	for _, r := range n.RunBefore {
		if k, ok := p.find(n, r, of); ok {
			p.connects(k, n.key)
		}
	}
}

func (p *Project) connects(child, parent Key) {
	child, parent = p.now(child), p.now(parent)
	if child == parent { // inside of what is squashed
		return
	}
	c, q := p.nodes[child], p.nodes[parent]
	if !slices.Contains(c.parents, parent) {
		c.parents = append(c.parents, parent)
		q.children = append(q.children, child)
	}
}

// find gives the migration that a dependency means. Those of apps that are not here, and of the own app as a whole, are none.
func (p *Project) find(n *node, r Ref, of func(app string) bool) (Key, bool) {
	if r.Setting == "AUTH_USER_MODEL" {
		r.App = p.users
	}
	if r.App == "" || !of(r.App) {
		return Key{}, false
	}
	ends := map[string][]Key{First: p.first[r.App], Latest: p.last[r.App]}
	if list, ok := ends[r.Name]; ok {
		if len(list) == 0 || r.App == n.key.App {
			return Key{}, false
		}
		return list[0], true
	}
	k := p.now(Key{r.App, r.Name})
	if p.nodes[k] == nil {
		if p.has(r.App) {
			n.find(Missing, r.Line, "it names "+k.String()+", which is not there")
			n.blind = true
		}
		return Key{}, false
	}
	return k, true
}

// has tells whether the project has the migrations of an app.
func (p *Project) has(app string) bool { return p.apps[app] }

// unsettled tells that a migration depends on the app that a setting names, and that it is not known which.
func (p *Project) unsettled(n *node) bool {
	return slices.ContainsFunc(n.Dependencies, func(r Ref) bool { return r.Setting != "" && (r.Setting != "AUTH_USER_MODEL" || p.users == "") })
}

// after gives a migration and all that depend on it, in any app, in the order in which Django undoes them
// (django.db.migrations.graph, iterative_dfs).
func (p *Project) after(start Key) (order []Key) {
	type visit struct {
		key  Key
		done bool
	}
	seen := map[Key]bool{}
	for stack := []visit{{start, false}}; len(stack) > 0; {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case seen[v.key]:
		case v.done:
			seen[v.key] = true
			order = append(order, v.key)
		default:
			stack = append(stack, visit{v.key, true})
			for _, c := range p.nodes[v.key].children {
				stack = append(stack, visit{c, false})
			}
		}
	}
	return order
}
