package notices

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// onCommit is a run of master on a commit.
func onCommit(id int64, digit, status, conclusion string, seconds int, jobs ...github.Job) []ledger.Fact {
	return ran(github.Run{
		ID: id, Number: int(id), SHA: sha(digit), Title: "Fix the footer", Actor: "alice", Status: status, Conclusion: conclusion,
		CreatedAt: at(seconds), UpdatedAt: at(seconds + 90),
	}, jobs...)
}

// queueLanding is #45 and #46, which a merge queue landed in one push.
func queueLanding() []ledger.Fact {
	first, second := merged(45, "Remind people", "bob", "d", 0), merged(46, "Tidy the chat form", "alice", "c", 4)
	push := second[0].(ledger.Push)
	push.Push.Commits = []github.PushedCommit{
		{SHA: sha("1"), Message: "Remind", Author: "bob"},
		{SHA: sha("d"), Message: "Merge pull request #45 from bob/45", Author: "bob"},
		{SHA: sha("2"), Message: "Tidy", Author: "alice"},
		{SHA: sha("3"), Message: "Tidy more", Author: "alice"},
		{SHA: sha("c"), Message: "Merge pull request #46 from alice/46", Author: "alice"},
	}
	return together(facts(push), first[2:], second[1:])
}

// directPush is one push of two commits.
func directPush(by string, messages ...string) []ledger.Fact {
	list := pushed("e", "b", by, messages[len(messages)-1], 0)
	push := list[0].(ledger.Push)
	push.Push.Commits = nil
	for i, m := range messages {
		push.Push.Commits = append(push.Push.Commits, github.PushedCommit{SHA: sha(fmt.Sprint(i)), Message: m, Author: by})
	}
	push.Push.Commits[len(messages)-1].SHA = sha("e")
	return append(facts(push), list[1:]...)
}

func TestEachChangeThatLandsIsToldOnce(t *testing.T) {
	t.Parallel()
	withPull := func(list []ledger.Fact) []ledger.Fact { // as if read: without pushes
		return list[len(list)-1:]
	}
	forced := pushed("f", "c", "alice", "Begin anew", 600)
	push := forced[0].(ledger.Push)
	push.Push.Forced = true
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		want  []string // the key's commit, and what is drawn without the name of the app
	}{
		"a direct push of two commits": {
			[][]ledger.Fact{directPush("alice", "Fix the header", "Fix the footer\n\nBoth."), onCommit(21, "e", "in_progress", "", 2, running("deploy"))},
			[]string{"e :hourglass_flowing_sand: *Fix the footer*: deploying\nCI #21: :hourglass_flowing_sand: deploy\nby alice · 2 commits · eeeeeee · pushed 14:00 UTC"},
		},
		"a push that asks for no run": {[][]ledger.Fact{directPush("alice", "Fix a typo [skip ci]")}, []string{"e :heavy_minus_sign: *Fix a typo [skip ci]*: pushed, no run is expected; v122 still runs\nby alice · 1 commit · eeeeeee · pushed 14:00 UTC"}},
		"a push of a run":             {[][]ledger.Fact{directPush("github-actions[bot]", "Bump the version")}, []string{"e :heavy_minus_sign: *Bump the version*: pushed, no run is expected; v122 still runs\nby github-actions[bot] · 1 commit · eeeeeee · pushed 14:00 UTC"}},
		"a push whose pull is not in": {[][]ledger.Fact{tidied()[:3]}, []string{"c :hourglass_flowing_sand: *Merge pull request #46 from alice/46*: pushed, waiting for its run\nby alice · 1 commit · ccccccc · pushed 14:00 UTC"}},
		"two that a queue landed":     {[][]ledger.Fact{queueLanding(), onCommit(21, "c", "in_progress", "", 2, running("test"))}, []string{"d :hourglass_flowing_sand: *#45 Remind people*: merged, CI runs\nCI #21: :hourglass_flowing_sand: test\nby bob · 1 commit · ddddddd · merged 14:00 UTC", "c :hourglass_flowing_sand: *#46 Tidy the chat form*: merged, CI runs\nCI #21: :hourglass_flowing_sand: test\nby alice · 2 commits · ccccccc · merged 14:00 UTC"}},
		"one that was only read of":   {[][]ledger.Fact{withPull(tidied()), onCommit(21, "c", "queued", "", 2)}, []string{"c :hourglass_flowing_sand: *#46 Tidy the chat form*: merged, CI is queued\nCI #21: :hourglass_flowing_sand: is queued\nby alice · ccccccc · merged 14:00 UTC"}},
		"one that only its run tells": {[][]ledger.Fact{onCommit(21, "e", "queued", "", 2)}, []string{"e :hourglass_flowing_sand: *Fix the footer*: pushed, CI is queued\nCI #21: :hourglass_flowing_sand: is queued\nby alice · eeeeeee · pushed 14:00 UTC"}},
		"one that the head tells":     {[][]ledger.Fact{{ledger.Head{Repo: repo, Branch: "master", SHA: sha("e"), At: at(9), Read: at(9)}, ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("e"), Message: "Fix", Author: "bob", At: at(1)}}}}, []string{"e :hourglass_flowing_sand: *Fix*: pushed, waiting for its run\nby bob · eeeeeee · pushed 14:00 UTC"}},
		"two that a queue landed, read": {
			[][]ledger.Fact{withPull(merged(45, "Remind people", "bob", "d", 0)), withPull(tidied()), onCommit(21, "c", "queued", "", 2), {ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("c"), Parents: []string{sha("d"), sha("2")}}}}},
			[]string{"d :hourglass_flowing_sand: *#45 Remind people*: merged, CI is queued\nCI #21: :hourglass_flowing_sand: is queued\nby bob · ddddddd · merged 14:00 UTC", "c :hourglass_flowing_sand: *#46 Tidy the chat form*: merged, CI is queued\nCI #21: :hourglass_flowing_sand: is queued\nby alice · ccccccc · merged 14:00 UTC"},
		},
		"one that made way for another": {
			[][]ledger.Fact{tidied(), onCommit(21, "c", "completed", "cancelled", 2), merged(47, "Mail less", "bob", "d", 60), onCommit(22, "d", "queued", "", 62)},
			[]string{"c :heavy_minus_sign: *#46 Tidy the chat form*: its run made way for CI #22 (of #47); v122 still runs\nCI #21: :heavy_minus_sign: cancelled\nby alice · ccccccc · merged 14:00 UTC", "d :hourglass_flowing_sand: *#47 Mail less*: merged, CI is queued\nCI #22: :hourglass_flowing_sand: is queued\nby bob · ddddddd · merged 14:01 UTC"},
		},
		"one that another deployed": {
			[][]ledger.Fact{tidied(), onCommit(21, "c", "completed", "failure", 2), merged(47, "Mail less", "bob", "d", 60), pushed("d", "c", "bob", "", 60)[:1], onCommit(22, "d", "completed", "success", 62), released(123, "d", heroku.Succeeded, 120)},
			[]string{"c :white_check_mark: *#46 Tidy the chat form*: live in v123, with #47\nLive since 14:02 UTC, 2 min 2 s after the merge\nUndo: back to v122; later changes run on top of it; `/rollback v122 of penny-university` shows all that goes back\nCI #21: :x: failed\nby alice · ccccccc · merged 14:00 UTC", "d :white_check_mark: *#47 Mail less*: live in v123\nLive since 14:02 UTC, 1 min 2 s after the merge\nCI #22: :white_check_mark: passed\nby bob · 1 commit · ddddddd · merged 14:01 UTC"},
		},
		"one that ran earlier, perhaps": {
			[][]ledger.Fact{tidied(), onCommit(21, "c", "completed", "success", 2), releasedAs(123, "f", "Deploy main", heroku.Succeeded, 60), released(124, "c", heroku.Succeeded, 120)},
			[]string{"c :white_check_mark: *#46 Tidy the chat form*: live in v124\nLive since 14:02 UTC at the latest, 2 min 2 s after the merge\nCI #21: :white_check_mark: passed\nby alice · ccccccc · merged 14:00 UTC"},
		},
		"one that was pushed over": {
			[][]ledger.Fact{tidied(), {push}, forced[1:], onCommit(22, "f", "completed", "success", 602), released(123, "f", heroku.Succeeded, 700)},
			[]string{"c :grey_question: *#46 Tidy the chat form*: merged; whether v123, which runs, has it is not known\nby alice · ccccccc · merged 14:00 UTC", "f :white_check_mark: *Begin anew*: live in v123\nLive since 14:11 UTC, 1 min 42 s after the push\nCI #22: :white_check_mark: passed\nby alice · 1 commit · fffffff · pushed 14:10 UTC"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, n := range sceneAt(60, together(tc.facts...)...).changes() {
				if digit, ok := strings.CutPrefix(string(n.key), "change "+app+" "); ok && n.parent == "" {
					got = append(got, digit[:1]+" "+strings.ReplaceAll(drawn(n), "penny-university · ", ""))
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The deployed commit is not on GitHub: the release is matched with the run that was deploying then.
func TestAReleaseOfAnUnknownCommitIsMatchedByItsTime(t *testing.T) {
	t.Parallel()
	step := github.Step{Name: "Push to Production", Status: "completed", Conclusion: "success", StartedAt: at(40), CompletedAt: at(90)}
	s := sceneAt(200, together(tidied(), ci("completed", "success", passed("deploy", step)), released(123, "f", heroku.Succeeded, 80), facts(
		ledger.Absent{Repo: repo, SHA: sha("f"), At: at(95)}, ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(95)},
	))...)
	want := ":white_check_mark: *#46 Tidy the chat form*: live in v123\nLive since 14:01 UTC, 1 min 22 s after the merge\nCI #21: :white_check_mark: deploy\n" +
		"penny-university · by alice · ccccccc · merged 14:00 UTC · v123 matched with CI #21 by its time"
	if diff := cmp.Diff(want, drawn(first(t, s))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// story is a red change that is run again, a queue's landing, and a rollback.
func story() []ledger.Fact {
	again := github.Run{ID: 21, Number: 21, SHA: sha("c"), Attempt: 2, Status: "completed", Conclusion: "success", CreatedAt: at(2), StartedAt: at(200), UpdatedAt: at(300)}
	return together(
		queueLanding(), ci("in_progress", "", running("test")), ci("completed", "failure", failed("test", "Pytest"), skipped("deploy")),
		ran(again, passed("test"), passed("deploy")), released(123, "c", heroku.Pending, 280), released(123, "c", heroku.Succeeded, 280),
		directPush("alice", "Fix the header", "Fix the footer"), onCommit(22, "e", "completed", "failure", 400, failed("test", "Flake8")),
		releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 500),
	)
}

func TestAnyOrderOfNewsEndsAsTheSameMessages(t *testing.T) {
	t.Parallel()
	told := story()
	keys := map[string]bool{}
	want := sceneAt(600, told...).changes()
	for _, n := range want {
		keys[string(n.key)] = true
	}
	for seed := range 20 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 7))
		rnd.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
		s := sceneAt(600)
		for _, f := range told {
			s.known.Add(f)
			for _, n := range s.changes() { // the same change has one key at any time
				if key := strings.TrimSuffix(string(n.key), " failed"); !keys[key] {
					t.Fatalf("seed %d: there is a message %s", seed, n.key)
				}
			}
		}
		if diff := cmp.Diff(texts(want), texts(s.changes())); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

func texts(list []notice) (all []string) {
	for _, n := range list {
		all = append(all, fmt.Sprintf("%s|%s|%s|%s|%v", n.key, n.parent, drawn(n), n.page.sentence, n.urgent))
	}
	return all
}

func TestForeignTextIsInertAndFitsIntoTheMessage(t *testing.T) {
	t.Parallel()
	const hostile = "<!channel> `*_~ \u202edlrow\u202c @here <https://evil.example|x> &&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&"
	var jobs []github.Job
	for i := range 40 {
		jobs = append(jobs, failed(fmt.Sprintf("%d %s (3.%d)", i%7, hostile, i), hostile))
	}
	list := merged(46, hostile, hostile, "c", 0)
	push := list[0].(ledger.Push)
	for i := range 100 {
		push.Push.Commits = append(push.Push.Commits, github.PushedCommit{SHA: sha(fmt.Sprint(i % 10)), Message: hostile})
	}
	list = append(list, push)
	for i := range 5 {
		r := github.Run{
			ID: int64(21 + i), Number: 21 + i, Path: fmt.Sprintf("%d.yml", i), Name: hostile, Event: "push", Branch: "master", SHA: sha("c"),
			Status: "completed", Conclusion: "failure", CreatedAt: at(2),
		}
		list = append(list, ran(r, jobs...)...)
	}
	s := sceneAt(100, list...)
	s.mention = nil
	told := s.changes()
	if len(told) != 2 {
		t.Fatalf("%d notices", len(told))
	}
	for _, n := range told {
		m := n.page.message()
		for _, text := range []string{m.Text, strings.Join(append([]string{n.page.title}, n.page.lines...), "\n"), strings.Join(n.page.small, " · ")} {
			if len(text) > 3000 || strings.Contains(text, "<!channel>") || strings.Contains(text, "<https://evil") || strings.ContainsAny(text, "\u202e\u202c") {
				t.Errorf("%d bytes:\n%s", len(text), text)
			}
		}
	}
	lines := told[0].page.lines
	if len(lines) != 2 || !strings.HasSuffix(lines[0], ": :x: 40 jobs failed") || !strings.HasSuffix(lines[1], ": :x: 40 jobs failed · and 3 more runs") {
		t.Errorf("the lines are %q", lines)
	}
}
