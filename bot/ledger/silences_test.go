package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestNoNewsIsNewsAfterItsTime(t *testing.T) {
	t.Parallel()
	const second = time.Second
	past := run(1, -600, -500, step("Push to Heroku", -540, -510))
	past = append(past, ledger.Release{App: app, Release: heroku.Release{ID: "r1", Version: 1, CreatedAt: at(-520)}})
	heard := ledger.Heard{Scope: ledger.AppScope(app), Sender: ledger.Heroku, At: at(1000)}
	by := func(login string, facts []ledger.Fact) []ledger.Fact {
		p := facts[0].(ledger.Push)
		p.By = login
		return append([]ledger.Fact{p}, facts[1:]...)
	}
	says := func(message string) ledger.Fact {
		return ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("2"), Message: message}}
	}
	waits := func(status string, jobs ...github.Job) []ledger.Fact {
		f := run(2, 0, 0)[0].(ledger.Run)
		f.Run.Status, f.Run.Conclusion = status, ""
		facts := []ledger.Fact{f}
		for _, j := range jobs {
			facts = append(facts, ledger.Job{Repo: repo, Job: j})
		}
		return facts
	}
	queued := github.Job{ID: 5, RunID: 2, Attempt: 1, Name: "deploy", Status: "queued", StartedAt: at(60)}
	push := pushed(0, sha("1"), sha("2"))
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		after time.Duration // when it becomes news; 0: never
		want  string
	}{
		"a push and no run":             {[][]ledger.Fact{past, push}, 180 * second, "no run 2"},
		"a head that was read":          {[][]ledger.Fact{past, {ledger.Head{Repo: repo, Branch: "master", SHA: sha("2"), At: at(50), Read: at(50)}, ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("2"), At: at(0)}}}}, 180 * second, "no run 2"},
		"a push and its run":            {[][]ledger.Fact{past, push, run(2, 3, 4)}, 0, ""},
		"a repository without runs":     {[][]ledger.Fact{push}, 0, ""},
		"a run's own push":              {[][]ledger.Fact{past, by("github-actions[bot]", push)}, 0, ""},
		"a commit that wants none":      {[][]ledger.Fact{past, push, {says("Fix a typo [skip ci]")}}, 0, ""},
		"a commit like any other":       {[][]ledger.Fact{past, push, {says("Skip CI no more")}}, 180 * second, "no run 2"},
		"a queued run":                  {[][]ledger.Fact{waits("queued")}, 900 * second, "not begun 2"},
		"a run that waits for a person": {[][]ledger.Fact{waits("waiting")}, 0, ""},
		"a running run":                 {[][]ledger.Fact{waits("in_progress")}, 0, ""},
		"a queued job":                  {[][]ledger.Fact{waits("in_progress", queued)}, 960 * second, "not begun 2 deploy"},
		"a deploy without a release":    {[][]ledger.Fact{past, {heard}, run(2, 0, 60, step("Push to Heroku", 20, 60))}, 240 * second, "not released 2 deploy"},
		"a step that releases nothing":  {[][]ledger.Fact{past, {heard}, run(2, 0, 60, step("Push the image", 20, 60))}, 0, ""},
		"a deploy that failed":          {[][]ledger.Fact{past, {heard}, run(2, 0, 60, github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "failure", StartedAt: at(20), CompletedAt: at(60)})}, 0, ""},
		"a deploy while Heroku is mute": {[][]ledger.Fact{past, run(2, 0, 60, step("Push to Heroku", 20, 60))}, 0, ""},
		"a deploy with its release":     {[][]ledger.Fact{past, {heard, ledger.Release{App: app, Release: heroku.Release{ID: "r2", Version: 2, CreatedAt: at(50)}}}, run(2, 0, 60, step("Push to Heroku", 20, 60))}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := known(slices.Concat(tc.facts...)...)
			told := func(after time.Duration) (words string) {
				for _, s := range k.Silences(begin.Add(after)) {
					words += fmt.Sprintf("%s %.1s", s.Kind, s.SHA)
					if s.Job != "" {
						words += " " + s.Job
					}
				}
				return words
			}
			early := tc.after
			if tc.after == 0 {
				early = time.Hour
			}
			if got := told(early); got != "" {
				t.Errorf("after %v it is news: %s", early, got)
			}
			if got := told(tc.after + second); tc.after > 0 && got != tc.want {
				t.Errorf("after %v: %q, want %q", tc.after+second, got, tc.want)
			}
			if got := told(25 * time.Hour); got != "" {
				t.Errorf("a day later: %q", got)
			}
		})
	}
}

func TestACancelledRunMadeWayForTheNextOfItsWorkflowAndBranch(t *testing.T) {
	t.Parallel()
	facts := func(id int64, path, branch string) ledger.Fact {
		f := run(id, 0, 10)[0].(ledger.Run)
		f.Run.Path, f.Run.Branch, f.Run.Conclusion = path, branch, "cancelled"
		return f
	}
	k := known(facts(1, "a", "master"), facts(2, "b", "master"), facts(3, "a", "x"), facts(4, "a", "master"), facts(5, "a", "master"))
	by, ok := k.Superseded(facts(1, "a", "master").(ledger.Run).Run)
	if !ok || by.ID != 4 {
		t.Errorf("run 1 made way for %d, %v; want 4", by.ID, ok)
	}
	if by, ok := k.Superseded(facts(5, "a", "master").(ledger.Run).Run); ok {
		t.Errorf("the newest made way for %d", by.ID)
	}
	passed := run(1, 0, 10)[0].(ledger.Run).Run
	if by, ok := k.Superseded(passed); ok {
		t.Errorf("one that passed made way for %d", by.ID)
	}
}
