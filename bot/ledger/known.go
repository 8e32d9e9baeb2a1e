package ledger

import (
	"maps"
	"slices"

	"slipway/bot/config/settings"
	"slipway/integrations/github"
)

// Known is what is known of one app and its repository. It is for one goroutine at a time, or for many that only ask.
type Known struct {
	App  string
	Repo github.Repo
	Way  settings.Way // how the team says that it ships; the zero value: as the names of steps tell

	facts map[Kind]map[string]Fact // by Subject.Key
}

// New is an app of which nothing is known.
func New(app string, repo github.Repo) *Known {
	return &Known{App: app, Repo: repo, facts: map[Kind]map[string]Fact{}}
}

// Add joins facts with what is known. Those of other apps and repositories are left out.
func (k *Known) Add(facts ...Fact) {
	for _, f := range facts {
		s := f.Subject()
		if !k.ours(s.Scope) {
			app, ok := k.named(f, s.Scope)
			if !ok {
				continue
			}
			f, s.Scope = app, AppScope(k.App)
		}
		if old, ok := k.facts[s.Kind][s.Key]; ok {
			k.put(old.join(f))
		} else {
			k.put(f.join(f))
		}
	}
}

// put takes a fact as it is.
func (k *Known) put(f Fact) {
	s := f.Subject()
	kind := k.facts[s.Kind]
	if kind == nil {
		kind = map[string]Fact{}
		k.facts[s.Kind] = kind
	}
	kind[s.Key] = f
}

func (k *Known) ours(scope string) bool {
	return scope == RepoScope(k.Repo) || scope == AppScope(k.App)
}

// named gives a fact the app's name in place of its id.
func (k *Known) named(f Fact, scope string) (Fact, bool) {
	app, ok := k.State()
	if !ok || AppScope(app.ID) != scope {
		return nil, false
	}
	return named(f, k.App), true
}

// Facts are all that is known, in a fixed order.
func (k *Known) Facts() []Fact {
	var list []Fact
	for _, kind := range slices.Sorted(maps.Keys(k.facts)) {
		for _, key := range slices.Sorted(maps.Keys(k.facts[kind])) {
			list = append(list, k.facts[kind][key])
		}
	}
	return list
}

// all are the facts of one kind, in no order.
func all[F Fact](k *Known) []F {
	var zero F
	kind := k.facts[zero.Subject().Kind]
	list := make([]F, 0, len(kind))
	for _, f := range kind {
		list = append(list, f.(F))
	}
	return list
}

// find is the fact of the subject of one that has nothing but its key.
func find[F Fact](k *Known, key F) (F, bool) {
	s := key.Subject()
	f, ok := k.facts[s.Kind][s.Key].(F)
	return f, ok
}
