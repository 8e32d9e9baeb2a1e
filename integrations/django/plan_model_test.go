package django_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"slipway/integrations/django"
)

// world is a project of migrations without operations, made at random: what depends on what.
type world struct {
	keys    []django.Key // each depends only on those before it
	parents map[django.Key][]django.Key
	change  map[django.Key]bool
}

func randomWorld(chance *rand.Rand) world {
	w := world{parents: map[django.Key][]django.Key{}, change: map[django.Key]bool{}}
	tips := map[string]django.Key{}
	apps := []string{"a", "b", "c"}[:1+chance.IntN(3)]
	n := 2 + chance.IntN(9)
	from := 1 + chance.IntN(n) // what comes later is mostly the change
	for i := range n {
		app := apps[chance.IntN(len(apps))]
		k := django.Key{App: app, Name: fmt.Sprintf("%04d_m", i)}
		if tip, ok := tips[app]; ok && chance.IntN(12) > 0 {
			w.parents[k] = append(w.parents[k], tip)
		}
		for range chance.IntN(3) {
			if len(w.keys) == 0 || chance.IntN(3) > 0 {
				continue
			}
			if parent := w.keys[chance.IntN(len(w.keys))]; !slices.Contains(w.parents[k], parent) {
				w.parents[k] = append(w.parents[k], parent)
			}
		}
		tips[app] = k
		w.keys = append(w.keys, k)
		w.change[k] = i >= from != (chance.IntN(15) == 0)
	}
	return w
}

func (w world) files(all bool) map[string][]byte {
	files := map[string][]byte{}
	for _, k := range w.keys {
		if !all && w.change[k] {
			continue
		}
		var on []string
		for _, p := range w.parents[k] {
			on = append(on, p.String())
		}
		name, src := long(k.App+"/migrations/"+k.Name+".short", []byte(strings.Join(on, " ")+"\n"))
		files[name] = src
	}
	return files
}

// migrate is Django's command as its manual tells it: to go to a migration that is applied is to undo all that comes after it in its
// app, with all that depends on that; to go to one that is not is to apply it. It gives what is undone, and whether anything was applied.
func (w world) migrate(applied map[django.Key]bool, app, target string) (undone []django.Key, forward bool) {
	if target != django.Zero && !applied[django.Key{App: app, Name: target}] {
		return nil, true
	}
	goes := map[django.Key]bool{}
	for _, k := range w.keys { // parents come first
		for _, p := range w.parents[k] {
			goes[k] = goes[k] || goes[p] || k.App == app && p == django.Key{App: app, Name: target}
		}
		own := slices.ContainsFunc(w.parents[k], func(p django.Key) bool { return p.App == app })
		goes[k] = goes[k] || target == django.Zero && k.App == app && !own
	}
	for _, k := range slices.Backward(w.keys) {
		if goes[k] && applied[k] {
			delete(applied, k)
			undone = append(undone, k)
		}
	}
	return undone, false
}

// What a plan says that its commands undo is what another model of Django says, and one that is exact undoes the change and nothing
// else.
func TestPlansAreWhatDjangoDoes(t *testing.T) {
	t.Parallel()
	verdicts := map[django.Verdict]int{}
	for seed := range uint64(4000) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 8)))
		u := django.Plan(django.Load(w.files(false), django.Options{}), django.Load(w.files(true), django.Options{}))
		verdicts[u.Verdict]++
		applied := map[django.Key]bool{}
		for _, k := range w.keys {
			applied[k] = true
		}
		var mine, others []django.Key
		for _, c := range u.Commands {
			undone, forward := w.migrate(applied, c.App, c.Target)
			if forward && u.Verdict == django.Exact {
				t.Errorf("seed %d: %s goes forward", seed, c.Line)
			}
			for _, k := range undone {
				if w.change[k] {
					mine = append(mine, k)
				} else {
					others = append(others, k)
				}
			}
		}
		if !sameKeys(mine, u.Undoes) || !sameKeys(others, u.AlsoUndoes) {
			t.Fatalf("seed %d: %v and %v are undone, not %v and %v", seed, mine, others, u.Undoes, u.AlsoUndoes)
		}
		change := 0
		for _, is := range w.change {
			if is {
				change++
			}
		}
		if u.Verdict == django.Exact && (len(others) > 0 || len(mine) != change) {
			t.Errorf("seed %d: %v and %v are undone, of %v", seed, mine, others, w.change)
		}
	}
	for _, v := range []django.Verdict{django.Exact, django.Review, django.Nothing} {
		if verdicts[v] < 100 {
			t.Errorf("too few of some kind: %v", verdicts)
		}
	}
}

func sameKeys(a, b []django.Key) bool {
	sorted := func(list []django.Key) []string {
		var names []string
		for _, k := range list {
			names = append(names, k.String())
		}
		slices.Sort(names)
		return names
	}
	return slices.Equal(sorted(a), sorted(b))
}
