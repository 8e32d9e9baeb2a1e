package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// channel is the one in which these tests tell.
const channel = "C1"

func openStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func within(t *testing.T, st *store.Store, work func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := st.Do(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}

// told notes what is silent in scenes, and gives what the channel reads then.
func told(t *testing.T, st *store.Store, scenes ...*scene) (list []notice) {
	t.Helper()
	within(t, st, func(ctx context.Context, tx *store.Tx) (err error) {
		for _, s := range scenes {
			if err := noteSilences(ctx, tx, s, channel); err != nil {
				return err
			}
		}
		if list, err = silenceNotices(ctx, tx, channel, scenes, telling); err != nil {
			return err
		}
		for _, one := range list { // all that is told is posted
			_, err := tx.Exec(ctx, `insert into boards (key, app, channel, parent, wanted, touched, ts) values ($1, '', $2, '', 1, 0, '1.0')
				on conflict do nothing`, string(one.key), channel)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

// waiting is run 21 of #46, on which something waits since 10 s.
func waiting(status string, jobs ...github.Job) []ledger.Fact {
	return together(merged(46, "Tidy the chat form", "alice", "c", 0),
		ran(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: status, CreatedAt: at(10), UpdatedAt: at(10)}, jobs...))
}

// checked is the same of a pull request.
func checked(status string, jobs ...github.Job) []ledger.Fact {
	pull := ledger.Pull{Repo: repo, Pull: github.Pull{Number: 45, Title: "Add chat topics", State: "open", HeadSHA: sha("d"), URL: address + "/pull/45", UpdatedAt: at(0)}}
	run := github.Run{ID: 21, Number: 21, SHA: sha("d"), Status: status, Event: "pull_request", Branch: "topics", CreatedAt: at(10), UpdatedAt: at(10)}
	return together(facts(pull), ran(run, jobs...))
}

// since is a job that is queued, or began, at a time.
func since(seconds int, job github.Job) github.Job {
	job.StartedAt = at(seconds)
	return job
}

// jobsRead is the reading of the jobs of run 21.
func jobsRead(seconds int) []ledger.Fact {
	return append(readAt(seconds), ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Jobs, Of: "21/1", At: at(seconds)})
}

const (
	githubSays = "GitHub's own word: githubstatus.com"
	herokuSays = "Heroku's own word: status.heroku.com"
	anew       = "\nTo try again: `gh run cancel 21`, then `gh run rerun 21`\n" + githubSays
	isLate     = "\nNot deployed meanwhile; v122 still runs."
)

// shipped is run 21, which shipped at 60 s.
func shipped() []ledger.Fact {
	ships := github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "success", StartedAt: at(40), CompletedAt: at(60)}
	return together(merged(46, "Tidy the chat form", "alice", "c", 0), ran(github.Run{
		ID: 21, Number: 21, SHA: sha("c"), Status: "completed", Conclusion: "success", CreatedAt: at(10), UpdatedAt: at(70),
	}, passed("deploy", ships)))
}

func completed(conclusion string) github.Run {
	return github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "completed", Conclusion: conclusion, CreatedAt: at(10), UpdatedAt: at(1500)}
}

func TestASilenceIsToldWhenItIsSureAndCorrectedWhenNewsCome(t *testing.T) {
	t.Parallel()
	merge := merged(46, "Tidy the chat form", "alice", "c", 0)
	dispatched := ran(github.Run{ID: 19, Number: 19, SHA: sha("b"), Status: "completed", Event: "workflow_dispatch", Branch: "master", CreatedAt: at(-20000), UpdatedAt: at(-19000)})
	went := func(r github.Run, jobs ...github.Job) []ledger.Fact { return ran(r, jobs...) }
	began := went(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "in_progress", CreatedAt: at(10), UpdatedAt: at(1330)}, since(1330, running("test-backend")))
	again := went(github.Run{ID: 21, Number: 21, Attempt: 2, SHA: sha("c"), Status: "queued", CreatedAt: at(10), StartedAt: at(1400), UpdatedAt: at(1400)})
	hung := since(20, running("test-backend"))
	cut := since(20, ended("test-backend", "cancelled", nil))
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		due   int // when it is sure, after a reading of jobs and lists then
		want  string
		news  []ledger.Fact
		then  string
	}{
		"no run": {
			merge, 180, ":warning: *#46 Tidy the chat form*: merged 14:00 UTC, and no run has begun" + isLate +
				"\nTo start one: `git commit --allow-empty -m \"Start CI\"` on `master`, and push it\n" + githubSays,
			went(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "queued", CreatedAt: at(432), UpdatedAt: at(432)}),
			":white_check_mark: *#46 Tidy the chat form*: CI #21 began at 14:07 UTC, 7 min 12 s after the merge",
		},
		"no run where runs are started by hand": {
			together(merge, dispatched), 180, ":warning: *#46 Tidy the chat form*: merged 14:00 UTC, and no run has begun" + isLate +
				"\nTo start one: `gh workflow run ci.yml --ref master`\n" + githubSays,
			merged(47, "Next", "bob", "e", 300),
			":heavy_minus_sign: *#46 Tidy the chat form*: no run of its own has begun; `master` moved on",
		},
		"no run of a push": {
			pushed("c", "b", "alice", "Fix the footer\n\nAt last", 0), 180, ":warning: *Fix the footer*: pushed 14:00 UTC, and no run has begun" + isLate +
				"\nTo start one: `git commit --allow-empty -m \"Start CI\"` on `master`, and push it\n" + githubSays,
			went(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "queued", CreatedAt: at(240), UpdatedAt: at(240)}),
			":white_check_mark: *Fix the footer*: CI #21 began at 14:04 UTC, 4 min after the push",
		},
		"a queued run": {
			waiting("queued"), 910, ":warning: *#46 Tidy the chat form*: CI #21 is queued since 14:00 UTC" + isLate + anew, began,
			":white_check_mark: *#46 Tidy the chat form*: CI #21 began at 14:22 UTC, after 22 min in the queue",
		},
		"a queued run that was cancelled": {
			waiting("queued"), 910, ":warning: *#46 Tidy the chat form*: CI #21 is queued since 14:00 UTC" + isLate + anew, went(completed("cancelled"), cut),
			":heavy_minus_sign: *#46 Tidy the chat form*: CI #21 ended before it began: cancelled",
		},
		"a queued run that was run again": {
			waiting("queued"), 910, ":warning: *#46 Tidy the chat form*: CI #21 is queued since 14:00 UTC" + isLate + anew, together(went(completed("cancelled"), cut), again),
			":heavy_minus_sign: *#46 Tidy the chat form*: CI #21 was run again",
		},
		"a queued run that waits for a person": {
			waiting("queued"), 910, ":warning: *#46 Tidy the chat form*: CI #21 is queued since 14:00 UTC" + isLate + anew,
			went(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "waiting", CreatedAt: at(10), UpdatedAt: at(1000)}),
			":heavy_minus_sign: *#46 Tidy the chat form*: CI #21 waits for an approval",
		},
		"a queued job": {
			waiting("in_progress", since(20, queued("test-backend"))), 920,
			":warning: *#46 Tidy the chat form*: `test-backend` of CI #21 is queued since 14:00 UTC" + isLate + anew, went(completed("success"), since(1330, passed("test-backend"))),
			":white_check_mark: *#46 Tidy the chat form*: `test-backend` of CI #21 began at 14:22 UTC, after 21 min 50 s in the queue",
		},
		"a queued run of a pull request": {
			checked("queued"), 910, ":warning: *#45 Add chat topics*: CI #21 is queued since 14:00 UTC" + anew, checked("completed", since(1330, passed("test")))[1:],
			":white_check_mark: *#45 Add chat topics*: CI #21 began at 14:22 UTC, after 22 min in the queue",
		},
		"a run without news": {
			waiting("in_progress", hung), 1820, ":warning: *#46 Tidy the chat form*: no news of CI #21 since 14:00 UTC; `test-backend` is not over\nv122 runs meanwhile." + anew, went(completed("failure"), hung),
			":x: *#46 Tidy the chat form*: CI #21 went on, and failed",
		},
		"a run that goes on": {
			waiting("in_progress", hung), 1820, ":warning: *#46 Tidy the chat form*: no news of CI #21 since 14:00 UTC; `test-backend` is not over\nv122 runs meanwhile." + anew, began,
			":white_check_mark: *#46 Tidy the chat form*: CI #21 gives news again",
		},
		"a deploy without a release": {
			shipped(), 240, ":warning: *#46 Tidy the chat form*: `deploy` of CI #21 shipped at 14:01 UTC, and Heroku released nothing\nv122 runs meanwhile.\nTo try again: `gh run rerun 21`\n" + herokuSays,
			released(123, "c", heroku.Succeeded, 1200), ":white_check_mark: *#46 Tidy the chat form*: v123 came at 14:20 UTC, 19 min after `deploy` of CI #21",
		},
		"a deploy that another followed": {
			shipped(), 240, ":warning: *#46 Tidy the chat form*: `deploy` of CI #21 shipped at 14:01 UTC, and Heroku released nothing\nv122 runs meanwhile.\nTo try again: `gh run rerun 21`\n" + herokuSays,
			together(merged(47, "Next", "bob", "e", 1000), released(123, "e", heroku.Succeeded, 1200)), ":heavy_minus_sign: *#46 Tidy the chat form*: no release of its own came; v123 was deployed at 14:20 UTC",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := openStore(t)
			early := sceneAt(tc.due-1, together(tc.facts, jobsRead(tc.due-1))...)
			if got := told(t, st, early); len(got) > 0 || !early.due.Equal(at(tc.due)) || early.doubt {
				t.Errorf("too early it reads\n%s\nand is looked at again at %v; in doubt: %v", drawnAll(got), early.due, early.doubt)
			}
			unsure := sceneAt(tc.due, together(tc.facts, jobsRead(tc.due-1))...)
			if got := told(t, st, unsure); len(got) > 0 || !unsure.doubt {
				t.Errorf("before a reading it reads\n%s\nin doubt: %v", drawnAll(got), unsure.doubt)
			}
			sure := together(tc.facts, jobsRead(tc.due))
			s := sceneAt(tc.due+1, sure...)
			if got := told(t, st, s); drawnAll(got) != tc.want || s.doubt || len(got) == 1 && !got[0].urgent {
				t.Errorf("it reads\n%s\nwant\n%s\nin doubt: %v", drawnAll(got), tc.want, s.doubt)
			}
			if got := told(t, st, sceneAt(tc.due+500, sure...)); drawnAll(got) != tc.want {
				t.Errorf("later it reads\n%s", drawnAll(got))
			}
			after := together(sure, tc.news)
			slices.Reverse(after)
			if got := told(t, st, sceneAt(tc.due+1500, after...)); drawnAll(got) != tc.then || got[0].urgent {
				t.Errorf("with the news it reads\n%s\nwant\n%s", drawnAll(got), tc.then)
			}
			if got := told(t, st, sceneAt(tc.due+1501+86400, after...)); len(got) > 0 {
				t.Errorf("a day later it still reads\n%s", drawnAll(got))
			}
		})
	}
}

func TestWhatCannotBeReadIsToldAllTheSame(t *testing.T) {
	t.Parallel()
	down := ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, Trouble: &ledger.Trouble{At: at(190)}}
	got := drawnAll(told(t, openStore(t), sceneAt(200, together(merged(46, "Tidy the chat form", "alice", "c", 0), facts(down))...)))
	if !strings.Contains(got, "\nGitHub did not answer at 14:03 UTC when it was asked.\n") || !strings.HasPrefix(got, ":warning: *#46") {
		t.Errorf("it reads\n%s", got)
	}
}

func TestWhatHerokuCannotTellIsNotClaimed(t *testing.T) {
	t.Parallel()
	down := ledger.Reading{Scope: ledger.AppScope(app), What: ledger.Releases, Trouble: &ledger.Trouble{At: at(245)}}
	st := openStore(t)
	got := drawnAll(told(t, st, sceneAt(250, together(shipped(), facts(down))...)))
	want := ":warning: *#46 Tidy the chat form*: `deploy` of CI #21 shipped at 14:01 UTC, and no release of it is known\n" +
		"Heroku did not answer at 14:04 UTC when it was asked.\n" + herokuSays
	if got != want {
		t.Errorf("it reads\n%s\nwant\n%s", got, want)
	}
	got = drawnAll(told(t, st, sceneAt(900, together(shipped(), released(123, "c", heroku.Succeeded, 50), readAt(800))...)))
	if want := ":white_check_mark: *#46 Tidy the chat form*: v123 was released in time, at 14:00 UTC"; got != want {
		t.Errorf("when Heroku answers it reads\n%s\nwant\n%s", got, want)
	}
}

func TestNothingIsSilentBeforeTheFirstStartOrWhereNobodyWantsToKnow(t *testing.T) {
	t.Parallel()
	for name, differ := range map[string]func(*scene){
		"history":    func(s *scene) { s.since = at(1) },
		"not wanted": func(s *scene) { s.settings.Notify.Silence = false },
	} {
		s := sceneAt(200, together(merged(46, "Tidy the chat form", "alice", "c", 0), readAt(190))...)
		differ(s)
		if got := told(t, openStore(t), s); len(got) > 0 || s.doubt {
			t.Errorf("%s: it reads\n%s", name, drawnAll(got))
		}
	}
}

// outageOf are so many pull requests whose runs are queued since 0 s, 1 s, …; the first so many began at 1,200 s.
func outageOf(n, begun int) []ledger.Fact {
	list := readAt(1000)
	for i := range n {
		commit := fmt.Sprintf("%040x", 0xabc000+i)
		pull := github.Pull{Number: 50 + i, Title: "Change", State: "open", HeadSHA: commit, URL: fmt.Sprintf("%s/pull/%d", address, 50+i), UpdatedAt: at(0)}
		run := github.Run{ID: int64(100 + i), Number: 30 + i, SHA: commit, Status: "queued", Event: "pull_request", Branch: "x", CreatedAt: at(i), UpdatedAt: at(i)}
		var jobs []github.Job
		if i < begun {
			run.Status, run.UpdatedAt = "in_progress", at(1200)
			jobs = append(jobs, since(1200, running("test")))
		}
		list = append(list, ledger.Pull{Repo: repo, Pull: pull})
		list = append(list, ran(run, jobs...)...)
	}
	return list
}

func TestTwelveSilentRunsAreOneMessage(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	const names = "\n#50 Change, #51 Change, #52 Change, and 9 more\n" + githubSays
	for _, tc := range []struct {
		seconds, begun int
		want           string
	}{
		{899, 0, ""},
		{900, 0, ":warning: *#50 Change*: CI #30 is queued since 14:00 UTC\nTo try again: `gh run cancel 100`, then `gh run rerun 100`\n" + githubSays},
		{905, 0, ":warning: *GitHub seems late*: 6 runs have not begun\n#50 Change, #51 Change, #52 Change, and 3 more\n" + githubSays},
		{950, 0, ":warning: *GitHub seems late*: 12 runs have not begun" + names},
		{1300, 11, ":warning: *GitHub seems late*: 1 of 12 runs has not begun\n#61 Change\n" + githubSays},
		{1400, 12, ":white_check_mark: *GitHub was late*: all 12 runs have begun by 14:20 UTC"},
	} {
		got := told(t, st, sceneAt(tc.seconds, outageOf(12, tc.begun)...))
		if drawnAll(got) != tc.want {
			t.Errorf("after %d s it reads\n%s\nwant\n%s", tc.seconds, drawnAll(got), tc.want)
		}
	}
}

func TestACorrectionStaysWhenWhatItRestsOnIsNotLoadedAnyMore(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	told(t, st, sceneAt(950, outageOf(1, 0)...))
	left := slices.DeleteFunc(outageOf(1, 1), func(f ledger.Fact) bool { return f.Subject().Kind == ledger.KindJob })
	before := drawnAll(told(t, st, sceneAt(1290, left...)))
	if want := ":white_check_mark: *#50 Change*: CI #30 had begun by 14:21 UTC"; before != want {
		t.Errorf("before its job is known it reads\n%s\nwant\n%s", before, want)
	}
	told(t, st, sceneAt(1300, outageOf(1, 1)...))
	got := drawnAll(told(t, st, sceneAt(2000, left...)))
	if want := ":white_check_mark: *#50 Change*: CI #30 began at 14:20 UTC, after 20 min in the queue"; got != want {
		t.Errorf("it reads\n%s\nwant\n%s", got, want)
	}
}

func TestARunThatWasGivenUpIsNotSaidToHaveBegunLater(t *testing.T) {
	t.Parallel()
	newer := together(checked("queued"), facts(ledger.Pull{Repo: repo, Pull: github.Pull{Number: 45, Title: "Add chat topics", State: "open", HeadSHA: sha("e"), UpdatedAt: at(1000)}}))
	ran := checked("in_progress", since(1330, running("test")))[1:]
	const left = ":heavy_minus_sign: *#45 Add chat topics*: CI #21 is not waited for any more; a newer commit is tested"
	st := openStore(t)
	told(t, st, sceneAt(920, together(checked("queued"), readAt(915))...))
	for seconds, facts := range map[int][]ledger.Fact{1001: newer, 1340: together(newer, ran), 1341: together(newer, ran[:1])} {
		if got := drawnAll(told(t, st, sceneAt(1001, newer...))); got != left {
			t.Errorf("first it reads\n%s", got)
		}
		if got := drawnAll(told(t, st, sceneAt(seconds, facts...))); got != left {
			t.Errorf("at %d s it reads\n%s", seconds, got)
		}
	}
}

func TestWhatIsLiveAllTheSameIsNoSilence(t *testing.T) {
	t.Parallel()
	merge, live := merged(46, "Tidy the chat form", "alice", "c", 0), released(123, "c", heroku.Succeeded, 100)
	down := facts(ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, Trouble: &ledger.Trouble{At: at(1000)}})
	for name, facts := range map[string][]ledger.Fact{
		"no run":                        together(merge, live, readAt(1000)),
		"a queued run, GitHub is blind": together(waiting("queued"), live, down),
	} {
		if got := told(t, openStore(t), sceneAt(1001, facts...)); len(got) > 0 {
			t.Errorf("%s: it reads\n%s", name, drawnAll(got))
		}
	}
	st := openStore(t)
	if got := drawnAll(told(t, st, sceneAt(1001, together(waiting("queued"), down)...))); strings.Contains(got, "gh run") || !strings.Contains(got, "queued since") {
		t.Errorf("while GitHub is blind it reads\n%s", got)
	}
	got := drawnAll(told(t, st, sceneAt(1002, together(waiting("queued"), live, down)...)))
	if want := ":heavy_minus_sign: *#46 Tidy the chat form*: no news of CI #21; it is live in v123 all the same"; got != want {
		t.Errorf("when it is live it reads\n%s\nwant\n%s", got, want)
	}
}

func TestTwoSilencesAreNamedEach(t *testing.T) {
	t.Parallel()
	got := drawnAll(told(t, openStore(t), sceneAt(950, outageOf(2, 0)...)))
	want := ":warning: *#50 Change*: CI #30 is queued since 14:00 UTC\n:warning: *#51 Change*: CI #31 is queued since 14:00 UTC\n" + githubSays
	if got != want {
		t.Errorf("it reads\n%s\nwant\n%s", got, want)
	}
}

func TestGitHubAndHerokuAreLateTogether(t *testing.T) {
	t.Parallel()
	got := drawnAll(told(t, openStore(t), sceneAt(950, together(outageOf(2, 0), shipped())...)))
	want := ":warning: *GitHub and Heroku seem late*: 2 runs have not begun, 1 release has not come\n#50 Change, #51 Change, #46 Tidy the chat form\n" +
		"v122 runs meanwhile.\n" + githubSays + " · " + herokuSays
	if got != want {
		t.Errorf("it reads\n%s\nwant\n%s", got, want)
	}
}

func TestAfterTenMinutesAnotherEpisodeBegins(t *testing.T) {
	t.Parallel()
	late := func(seconds int) []ledger.Fact {
		run := github.Run{ID: 200, Number: 60, SHA: sha("d"), Status: "queued", Event: "pull_request", Branch: "x", CreatedAt: at(seconds), UpdatedAt: at(seconds)}
		pull := github.Pull{Number: 90, Title: "Late", State: "open", HeadSHA: sha("d"), UpdatedAt: at(0)}
		return together(outageOf(3, 0), ran(run), facts(ledger.Pull{Repo: repo, Pull: pull}), readAt(3000))
	}
	for seconds, want := range map[int]string{602: "1", 603: "2"} {
		st := openStore(t)
		told(t, st, sceneAt(902, outageOf(3, 0)...))
		got := told(t, st, sceneAt(900+seconds, late(seconds)...))
		if fmt.Sprint(len(got)) != want {
			t.Errorf("one of %d s: it reads\n%s\nwant %s messages", seconds, drawnAll(got), want)
		}
		if first := fmt.Sprintf("silence C1 %d", at(902).UnixMilli()); string(got[0].key) != first {
			t.Errorf("the first is %q, want %q", got[0].key, first)
		}
	}
}

func TestTwoAppsOfOneRepositoryTellTheSameRunOnce(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	scenes := func(begun int) []*scene {
		other := sceneAt(1300, outageOf(1, begun)...)
		other.app.Name, other.known.App = "penny-qa", "penny-qa"
		return []*scene{sceneAt(1300, outageOf(1, begun)...), other}
	}
	if got := told(t, st, scenes(0)...); len(got) != 1 || strings.Count(drawnAll(got), "queued since") != 1 {
		t.Errorf("it reads\n%s", drawnAll(got))
	}
	if got := told(t, st, scenes(1)...); !strings.HasPrefix(drawnAll(got), ":white_check_mark: *#50 Change*: CI #30 began at 14:20 UTC") {
		t.Errorf("in the end it reads\n%s", drawnAll(got))
	}
}
