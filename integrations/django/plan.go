package django

import (
	"maps"
	"slices"
)

// Verdict is what is to be thought of an Undo.
type Verdict string

// The verdicts.
const (
	Exact      Verdict = "exact"      // the commands undo exactly the change
	Review     Verdict = "review"     // they can be run, and the findings say what differs
	Impossible Verdict = "impossible" // a migration among them cannot be undone
	Nothing    Verdict = "none"       // there are no migrations
)

// Undo is the recipe that takes the migrations of a change back. It is for a database on which all migrations of the commit after the
// change are applied, and for that commit's code: older code does not know what it should undo.
type Undo struct {
	Verdict    Verdict   `json:"verdict"`
	CodeOnly   CodeOnly  `json:"code_only"`
	Commands   []Command `json:"commands"`
	Undoes     []Key     `json:"undoes"`      // migrations of the change, in the order in which the commands undo them
	AlsoUndoes []Key     `json:"also_undoes"` // others
	Findings   []Finding `json:"findings"`
	Migrations []Judged  `json:"migrations"` // of the change, in the order in which they are applied
}

// Command is one to run.
type Command struct {
	App    string `json:"app"`
	Target string `json:"target"` // a migration's whole name, or Zero
	Line   string `json:"command"`
}

// Zero is the target that undoes all of an app.
const Zero = "zero"

// Judged is one migration of a change.
type Judged struct {
	Migration Key      `json:"migration"`
	CodeOnly  CodeOnly `json:"code_only"`
}

// Plan gives the undo of the change that leads from one commit to another.
func Plan(before, after *Project) Undo {
	p := &planner{Project: after, before: before, change: map[Key]bool{}}
	p.compare()
	u := Undo{Verdict: Nothing, CodeOnly: Safe, Commands: []Command{}, Undoes: []Key{}, AlsoUndoes: []Key{}, Findings: []Finding{}, Migrations: []Judged{}}
	if len(p.change) > 0 {
		u.Verdict = Exact
		if !p.acyclic() {
			u.CodeOnly = NotSure
		} else {
			p.doubts()
			steps := p.steps()
			u.Undoes, u.AlsoUndoes = p.outcome(steps)
			u.Commands = lines(steps)
		}
	}
	p.judge(&u)
	u.Findings = append(u.Findings, p.found...)
	u.conclude()
	return u
}

// planner is at work on one change.
type planner struct {
	*Project
	before *Project
	change map[Key]bool // the migrations that are to be undone
	found  []Finding
}

func (p *planner) find(k Key, kind Kind, why string) {
	p.found = append(p.found, Finding{Migration: k, Kind: kind, Why: why})
}

// compare finds what is new, and what else happened to files of migrations.
func (p *planner) compare() {
	keys := slices.SortedFunc(maps.Keys(p.files), compareKeys)
	for _, k := range keys {
		n, was := p.files[k], p.was(k)
		switch {
		case was == nil && p.replacing(n):
		case was == nil:
			p.change[k] = true
		case was.says != n.says:
			p.find(k, Changed, n.path+" is another than when it was applied; Django does not run it again")
		}
	}
	for k := range p.stands { // new, and replaced by what is new too: Django runs only the squashed one
		delete(p.change, k)
	}
	for _, k := range slices.SortedFunc(maps.Keys(p.before.files), compareKeys) {
		if p.files[k] == nil && p.now(k) == k && !p.relabelled(p.before.files[k]) {
			p.find(k, Deleted, p.before.files[k].path+" is gone; it stays applied")
		}
	}
	for _, file := range slices.Sorted(maps.Keys(p.astray)) {
		if p.before.astray[file] != p.astray[file] {
			p.find(Key{}, Unclear, file+" is new or another than it was, and whose it is is not known")
		}
	}
	if len(p.change) == 0 && len(p.found) == 0 {
		return // what was there before, and how it is written, is of no interest
	}
	p.found = append(p.found, p.findings...)
	touched := p.byApp()
	for _, k := range keys {
		for _, f := range p.files[k].findings {
			if _, is := touched[k.App]; is || f.Kind != Unclear { // whose other apps' migrations are makes no difference
				p.found = append(p.found, f)
			}
		}
	}
}

// was gives a migration as it was before the change.
func (p *planner) was(k Key) *node {
	if n := p.before.files[k]; n != nil {
		return n
	}
	if n := p.before.paths[p.files[k].path]; n != nil && p.relabelled(n) {
		return n
	}
	return nil
}

// relabelled tells that a migration from before has another label only because what came with the change tells the label.
func (p *planner) relabelled(n *node) bool { return !n.labelled && p.paths[n.path] != nil }

// replacing tells whether a new migration is squashed from ones that were applied: Django then only writes down that it is.
func (p *planner) replacing(n *node) bool {
	old := 0
	for _, r := range n.Replaces {
		if p.before.files[Key{r.App, r.Name}] != nil {
			old++
		}
	}
	switch {
	case len(n.Replaces) == 0:
		return false
	case old == 0:
		p.find(n.key, Squashed, "it is squashed from migrations that came with it")
		return false
	case old < len(n.Replaces):
		p.find(n.key, Squashed, "it is squashed from migrations of which some were applied before and some were not")
	default:
		p.find(n.key, Squashed, "it is squashed from migrations that were applied before: nothing of the database came with it, and it is left as it is")
	}
	return true
}

// acyclic tells whether the migrations can be put into an order at all. Django refuses others.
func (p *planner) acyclic() bool {
	order := p.order()
	if len(order) == len(p.nodes) {
		return true
	}
	in := map[Key]bool{}
	for _, k := range order {
		in[k] = true
	}
	for _, n := range p.sorted() {
		if !in[n.key] {
			p.find(n.key, Cycle, "it depends on itself, by way of others")
			break
		}
	}
	return false
}

// order gives the migrations with those first on which others depend; without those that depend on themselves.
func (p *Project) order() (order []Key) {
	waits := map[Key]int{}
	var ready []Key
	for _, n := range p.sorted() {
		waits[n.key] = len(n.parents)
		if len(n.parents) == 0 {
			ready = append(ready, n.key)
		}
	}
	for ; len(ready) > 0; ready = ready[1:] {
		order = append(order, ready[0])
		for _, c := range p.nodes[ready[0]].children {
			if waits[c]--; waits[c] == 0 {
				ready = append(ready, c)
			}
		}
	}
	return order
}

// judge looks at each migration that is undone, and at each of the change.
func (p *planner) judge(u *Undo) {
	s := newState()
	undone := map[Key]bool{}
	for _, k := range slices.Concat(u.Undoes, u.AlsoUndoes) {
		undone[k] = true
	}
	for _, k := range p.order() {
		n := p.nodes[k]
		if !p.change[k] && !undone[k] {
			for _, o := range n.Operations {
				s.apply(k.App, o, false)
			}
			if n.err != nil || n.Blind(Changes) {
				s.blurry[k.App] = true
			}
			continue
		}
		code, found := s.judge(n, p.change[k])
		if n.err != nil {
			code = NotSure
			s.blurry[k.App] = true
		}
		if !p.change[k] { // of later ones only what undoing them means
			found = slices.DeleteFunc(found, func(f Finding) bool { return f.Kind.OfOldCode() })
		} else {
			u.Migrations = append(u.Migrations, Judged{k, code})
			u.CodeOnly = worst(u.CodeOnly, code)
		}
		p.found = append(p.found, found...)
	}
}

func worst(a, b CodeOnly) CodeOnly {
	switch {
	case a == Breaks || b == Breaks:
		return Breaks
	case a == NotSure || b == NotSure:
		return NotSure
	}
	return Safe
}

// conclude gives the verdict, from what was found.
func (u *Undo) conclude() {
	for _, f := range u.Findings {
		switch {
		case f.Kind == Irreversible:
			u.Verdict = Impossible
		case u.Verdict != Impossible && !f.Kind.OfData() && !f.Kind.OfOldCode() && f.Kind != NonAtomic:
			u.Verdict = Review
		}
		switch f.Kind {
		case Changed, Unreadable, Unclear, Missing:
			u.CodeOnly = worst(u.CodeOnly, NotSure)
		}
	}
}
