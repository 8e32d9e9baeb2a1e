package notices

import (
	"context"
	"strings"
	"testing"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// awayTold is what the channel reads about slipway's absences.
func awayTold(t *testing.T, st *store.Store, scenes ...*scene) (list []notice) {
	t.Helper()
	within(t, st, func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = awayNotices(ctx, tx, channel, scenes)
		return err
	})
	return list
}

// wasAway lets a process beat until one time, and another begin at a later one.
func wasAway(t *testing.T, st *store.Store, from, to int) {
	t.Helper()
	within(t, st, func(ctx context.Context, tx *store.Tx) error { return beat(ctx, tx, at(from)) })
	within(t, st, func(ctx context.Context, tx *store.Tx) error { return noteAway(ctx, tx, at(to), []string{channel}) })
}

func TestAnHourAwayIsOneLineWithWhatHappenedMeanwhile(t *testing.T) {
	t.Parallel()
	const title = ":zzz: *slipway was away* from 13:00 UTC to 14:00 UTC, 1 h\n"
	config := releasedAs(123, "b", "Set FEATURE_X config vars", heroku.Succeeded, -600)
	pull := ledger.Pull{Repo: repo, Pull: github.Pull{Number: 45, Title: "Add chat topics", State: "open", HeadSHA: sha("d"), HeadRef: "topics", CreatedAt: at(-4000), URL: address + "/pull/45", UpdatedAt: at(-500)}}
	red := together(facts(pull), ran(github.Run{
		ID: 30, Number: 30, SHA: sha("d"), Event: "pull_request", Branch: "topics", Status: "completed", Conclusion: "failure", CreatedAt: at(-500), UpdatedAt: at(-400),
	}))
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"nothing":         {readAt(1), title + "Nothing was merged or released meanwhile, and no checks failed."},
		"a merge":         {together(readAt(1), merged(46, "Tidy the chat form", "alice", "c", -900)), title + "Meanwhile on `master`: #46 Tidy the chat form"},
		"a push":          {together(readAt(1), pushed("c", "b", "alice", "Fix the footer", -900)), title + "Meanwhile on `master`: Fix the footer"},
		"a merge before":  {together(readAt(1), merged(46, "Tidy the chat form", "alice", "c", -3601)), title + "Nothing was merged or released meanwhile, and no checks failed."},
		"a merge after":   {together(readAt(1), merged(46, "Tidy the chat form", "alice", "c", 0)), title + "Nothing was merged or released meanwhile, and no checks failed."},
		"a config change": {together(readAt(1), config), title + "Meanwhile v123 config changed (`FEATURE_X` set), by ci@penny.example"},
		"red checks":      {together(readAt(1), red), title + "Meanwhile checks failed: #45 Add chat topics"},
		"all of it": {together(readAt(1), red, config, merged(46, "Tidy the chat form", "alice", "c", -900)), title +
			"Meanwhile on `master`: #46 Tidy the chat form · v123 config changed (`FEATURE_X` set), by ci@penny.example · checks failed: #45 Add chat topics"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := openStore(t)
			wasAway(t, st, -3600, 0)
			got := awayTold(t, st, sceneAt(5, tc.facts...))
			if drawnAll(got) != tc.want {
				t.Fatalf("it reads\n%s\nwant\n%s", drawnAll(got), tc.want)
			}
			if key := string(got[0].key); key != "away C1 1767618000000" {
				t.Errorf("its key is %q", key)
			}
			if got := awayTold(t, st, sceneAt(86400, tc.facts...)); len(got) > 0 {
				t.Errorf("a day later it reads\n%s", drawnAll(got))
			}
		})
	}
}

func TestWhatHappenedMeanwhileIsReadBeforeItIsToldOrIsSaidNotToBeKnown(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	wasAway(t, st, -3600, 0)
	early := sceneAt(59, readAt(-1)...)
	if got := awayTold(t, st, early); len(got) > 0 || !early.due.Equal(at(60)) {
		t.Errorf("before anything is read it reads\n%s\nand is looked at again at %v", drawnAll(got), early.due)
	}
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"nobody answers":         {readAt(-1), "What happened meanwhile is not known yet: no answer from GitHub and Heroku."},
		"GitHub does not answer": {readAt(1)[3:], "What happened meanwhile is not known yet: no answer from GitHub."},
		"half is known": {
			together(readAt(1)[3:], releasedAs(123, "b", "Set A config vars", heroku.Succeeded, -600)),
			"Meanwhile v123 config changed (`A` set), by ci@penny.example · no answer from GitHub yet",
		},
		"it answers at last": {readAt(61), "Nothing was merged or released meanwhile, and no checks failed."},
	} {
		got := drawnAll(awayTold(t, st, sceneAt(62, tc.facts...)))
		if _, line, _ := strings.Cut(got, "\n"); line != tc.want {
			t.Errorf("%s: it reads %q, want %q", name, line, tc.want)
		}
	}
}

func TestAShortAbsenceIsToldOnlyIfSomethingWasMissed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from   int // 0: it is the first start
		missed int
		want   string
	}{
		{0, 0, ""},
		{-20, 0, ""},
		{-300, 0, ""},
		{-301, 0, ":zzz: *slipway was away* from 13:54 UTC to 14:00 UTC, 5 min 1 s\nNothing was merged or released meanwhile, and no checks failed."},
		{-20, 2, ":zzz: *slipway was away* for 20 s until 14:00 UTC, and webhooks for 2 things did not come\nNothing was merged or released meanwhile, and no checks failed."},
		{-301, 2, ":zzz: *slipway was away* from 13:54 UTC to 14:00 UTC, 5 min 1 s\nNothing was merged or released meanwhile, and no checks failed."},
	} {
		st := openStore(t)
		if tc.from != 0 {
			within(t, st, func(ctx context.Context, tx *store.Tx) error { return beat(ctx, tx, at(tc.from)) })
		}
		within(t, st, func(ctx context.Context, tx *store.Tx) error { return noteAway(ctx, tx, begin, []string{channel}) })
		if tc.missed > 0 {
			within(t, st, func(ctx context.Context, tx *store.Tx) error {
				return noteMissed(ctx, tx, channel, at(tc.from), begin, tc.missed)
			})
		}
		if got := drawnAll(awayTold(t, st, sceneAt(5, readAt(1)...))); got != tc.want {
			t.Errorf("after %d s, %d missed, it reads\n%s\nwant\n%s", -tc.from, tc.missed, got, tc.want)
		}
	}
}

func TestOneProcessOfSeveralIsEnoughNotToBeAway(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	within(t, st, func(ctx context.Context, tx *store.Tx) error {
		if err := beat(ctx, tx, at(-10)); err != nil {
			return err
		}
		return beat(ctx, tx, at(-4000)) // of one whose clock is behind
	})
	wasAway(t, st, -5000, 0)
	if got := awayTold(t, st, sceneAt(5, readAt(1)...)); len(got) > 0 {
		t.Errorf("it reads\n%s", drawnAll(got))
	}
	within(t, st, func(ctx context.Context, tx *store.Tx) error {
		alive, err := lastAlive(ctx, tx)
		if !alive.Equal(begin) {
			t.Errorf("the last was alive at %v", alive)
		}
		return err
	})
}

func TestLongGapsAreThoseWhoseReleasesHaveNoMessageOfTheirOwn(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	wasAway(t, st, -4000, -3000)
	within(t, st, func(ctx context.Context, tx *store.Tx) error {
		if err := noteMissed(ctx, tx, channel, at(-20), begin, 1); err != nil {
			return err
		}
		gaps, err := longGaps(ctx, tx, channel, begin)
		if len(gaps) != 1 || !gaps[0].from.Equal(at(-4000)) || !gaps[0].to.Equal(at(-3000)) {
			t.Errorf("they are %v", gaps)
		}
		return err
	})
}

func TestTwoAppsOfOneChannelShareOneLine(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	wasAway(t, st, -3600, 0)
	change := together(readAt(1), merged(46, "Tidy the chat form", "alice", "c", -900), releasedAs(123, "b", "Set A config vars", heroku.Succeeded, -600))
	other := sceneAt(5, change...)
	other.app.Name = "penny-qa"
	got := drawnAll(awayTold(t, st, other, sceneAt(5, change...)))
	_, line, _ := strings.Cut(got, "\n")
	want := "Meanwhile on `master`: #46 Tidy the chat form · penny-qa v123 config changed (`A` set), by ci@penny.example, penny-university v123 config changed (`A` set), by ci@penny.example"
	if line != want {
		t.Errorf("it reads\n%s\nwant\n%s", line, want)
	}
}
