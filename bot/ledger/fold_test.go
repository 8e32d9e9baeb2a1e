package ledger_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{Path: storetest.File(t), Unsafe: true}))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, store.Options{URL: pgtest.Start(t)}))
	})
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fold folds as one delivery does, in a transaction of its own.
func fold(t *testing.T, s *store.Store, facts ...ledger.Fact) (changed []ledger.Subject) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		changed, err = ledger.Fold(ctx, tx, begin, facts...)
		return err
	})
	return changed
}

func do(t *testing.T, s *store.Store, work func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), work); err != nil {
		t.Error(err)
	}
}

// stored is what a database knows: all of it, or what is loaded for the questions.
func stored(t *testing.T, s *store.Store, load func(context.Context, *store.Tx, string, github.Repo) (*ledger.Known, error)) (k *ledger.Known) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = load(ctx, tx, app, repo)
		return err
	})
	return k
}

func TestDatabasesKnowWhatMemoryKnows(t *testing.T) {
	t.Parallel()
	r := change(t, "queue")
	want := knownOf(r.told, r.read...)
	each(t, func(t *testing.T, s *store.Store) {
		rnd := rand.New(rand.NewPCG(3, 3))
		for _, facts := range disorder(rnd, append(r.told[:len(r.told):len(r.told)], r.read)) {
			fold(t, s, facts...)
		}
		all := stored(t, s, ledger.LoadAll)
		if d := want.Compare(all); len(d) > 0 {
			t.Errorf("the database ends otherwise:\n%s", differences(d))
		}
		if changed := fold(t, s, r.read...); len(changed) > 0 {
			t.Errorf("read again, these changed: %v", changed)
		}
		if diff := cmp.Diff(answers(want, r.end), answers(stored(t, s, ledger.Load), r.end), unstored); diff != "" {
			t.Errorf("what is loaded answers otherwise (-memory +database):\n%s", diff)
		}
	})
}

// unstored are the addresses of outputs, which memory alone keeps.
var unstored = cmp.Comparer(func(a, b heroku.StreamURL) bool { return true })

// answers are those to all questions.
func answers(k *ledger.Known, now time.Time) map[string]any {
	live, _ := k.Live()
	before, _ := k.Before()
	brought, _ := k.Brought()
	waiting, _ := k.Waiting()
	head, _ := k.Head()
	fates := map[string]ledger.Fate{}
	standing := map[int64][]github.Job{}
	for _, l := range k.Landed() {
		fates[l.SHA] = k.Fates().Of(l)
	}
	runs := k.BranchRuns()
	for _, run := range runs[:min(len(runs), 2)] {
		standing[run.ID] = k.Standing(run)
	}
	return map[string]any{
		"landed": k.Landed(), "fates": fates, "standing": standing,
		"live": live, "before": before, "placed": k.Placed(live.Code), "placed before": k.Placed(before.Code),
		"brought": k.Changes(brought), "waiting": k.Changes(waiting), "head": head, "timeline": k.Timeline(head.SHA),
		"going": k.Going(now), "silences": k.Silences(now), "missing": k.Missing(), "gaps": k.Gaps(), "dynos": k.Dynos(),
		"github": k.AsOf(ledger.GitHub), "heroku": k.AsOf(ledger.Heroku), "releases": k.Releases(), "runs": k.BranchRuns(), "pulls": k.Pulls(),
	}
}

func TestFoldTellsWhatChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := github.Run{ID: 7, Attempt: 1, Status: "queued", UpdatedAt: begin}
		subject := ledger.Run{Repo: repo, Run: run}.Subject()
		for i, tc := range []struct {
			status  string
			read    time.Time
			changed bool
		}{
			{"queued", time.Time{}, true},
			{"queued", time.Time{}, false},
			{"in_progress", time.Time{}, true},
			{"queued", time.Time{}, false},
			{"in_progress", begin.Add(time.Minute), false}, // it is only known for sure now
			{"completed", time.Time{}, true},
		} {
			run.Status = tc.status
			changed := fold(t, s, ledger.Run{Repo: repo, Run: run, Read: tc.read})
			if want := map[bool][]ledger.Subject{true: {subject}}[tc.changed]; !cmp.Equal(want, changed) {
				t.Errorf("%d: %s changed %v, want %v", i, tc.status, changed, want)
			}
		}
	})
}

func TestAnAppIsKnownByItsID(t *testing.T) {
	t.Parallel()
	const id = "01234567-89ab-cdef-0123-456789abcdef"
	state := ledger.App{App: app, State: heroku.App{ID: id, Name: app}, At: begin}
	nameless := []ledger.Fact{
		ledger.App{App: id, State: heroku.App{ID: id, Name: app, Maintenance: true}, At: begin.Add(time.Hour)},
		ledger.Build{App: id, Build: heroku.Build{ID: "b", Status: heroku.Pending}},
		ledger.Release{App: id, Release: heroku.Release{ID: "r", Version: 1}},
		ledger.Slug{App: id, Slug: heroku.Slug{ID: "s"}},
		ledger.Dyno{App: id, Dyno: heroku.Dyno{ID: "d"}},
		ledger.Process{App: id, Process: heroku.Process{Type: "web"}},
	}
	each(t, func(t *testing.T, s *store.Store) {
		if changed := fold(t, s, nameless...); len(changed) > 0 {
			t.Errorf("what is nobody's changed %v", changed)
		}
		fold(t, s, state)
		if changed := fold(t, s, nameless...); len(changed) != len(nameless) {
			t.Errorf("these alone changed: %v", changed)
		}
		k := ledger.New(app, repo)
		k.Add(nameless...)
		if facts := k.Facts(); len(facts) > 0 {
			t.Errorf("memory knows %v of an app that it does not know", facts)
		}
		k.Add(state)
		k.Add(nameless...)
		if d := k.Compare(stored(t, s, ledger.LoadAll)); len(d) > 0 || len(k.Facts()) != len(nameless) {
			t.Errorf("memory knows %v:\n%s", k.Facts(), differences(d))
		}
	})
}

// Two processes fold the same deliveries in other orders, one transaction each.
func TestTwoThatFoldAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	r := change(t, "merge")
	url := pgtest.Start(t)
	var folding sync.WaitGroup
	for n := range 2 {
		s := open(t, store.Options{URL: url, Patience: 20 * time.Second})
		told := disorder(rand.New(rand.NewPCG(uint64(n), 4)), r.told)
		folding.Go(func() {
			for _, facts := range told {
				fold(t, s, facts...)
			}
		})
	}
	folding.Wait()
	if d := knownOf(r.told).Compare(stored(t, open(t, store.Options{URL: url}), ledger.LoadAll)); len(d) > 0 {
		t.Errorf("the database ends otherwise:\n%s", differences(d))
	}
}

func TestPruneTakesWhatNobodyAsksFor(t *testing.T) {
	t.Parallel()
	r := change(t, "squash")
	each(t, func(t *testing.T, s *store.Store) {
		for _, facts := range append(r.told[:len(r.told):len(r.told)], r.read) {
			fold(t, s, facts...)
		}
		before := stored(t, s, ledger.Load)
		kept := func(later time.Duration) map[ledger.Kind]int {
			do(t, s, func(ctx context.Context, tx *store.Tx) error { return ledger.Prune(ctx, tx, r.end.Add(later)) })
			count := map[ledger.Kind]int{}
			for _, f := range stored(t, s, ledger.LoadAll).Facts() {
				count[f.Subject().Kind]++
			}
			return count
		}
		atOnce, soon, late := kept(0), kept(time.Hour), kept(100*24*time.Hour)
		if diff := cmp.Diff(atOnce, soon); diff != "" {
			t.Errorf("an hour took (-before +after):\n%s", diff)
		}
		for _, kind := range []ledger.Kind{ledger.KindPush, ledger.KindBuild, ledger.KindDyno, ledger.KindSpan} {
			if late[kind] > 0 {
				t.Errorf("%d of kind %s are kept", late[kind], kind)
			}
		}
		for _, kind := range []ledger.Kind{ledger.KindRelease, ledger.KindSlug, ledger.KindPull, ledger.KindCommit, ledger.KindHead} {
			if late[kind] == 0 {
				t.Errorf("none of kind %s are kept", kind)
			}
		}
		for _, kind := range []ledger.Kind{ledger.KindRun, ledger.KindJob} {
			if late[kind] == 0 || late[kind] >= soon[kind] {
				t.Errorf("%d of %d of kind %s are kept", late[kind], soon[kind], kind)
			}
		}
		after := stored(t, s, ledger.Load)
		live, _ := after.Live()
		if diff := cmp.Diff(before.Placed(live.Code), after.Placed(live.Code)); diff != "" || before.Placed(live.Code).Place != ledger.Inferred {
			t.Errorf("what runs is placed otherwise (-before +after):\n%s", diff)
		}
	})
}
