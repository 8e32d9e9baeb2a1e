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

// past is a run that released something.
func past() []ledger.Fact {
	return append(run(1, -600, -500, step("Push to Heroku", -540, -510)), released(1, -520))
}

func released(version, at0 int) ledger.Fact {
	return ledger.Release{App: app, Release: heroku.Release{
		ID: fmt.Sprintf("r%d", version), Version: version, Description: "Deploy 11111111", CreatedAt: at(at0),
		SlugID: fmt.Sprintf("s%d", version),
	}}
}

// pulled is a pull request whose head is sha("2").
func pulled(state string) ledger.Fact {
	return ledger.Pull{Repo: repo, Pull: github.Pull{Number: 45, State: state, HeadSHA: sha("2"), UpdatedAt: at(0)}}
}

// going is run 2, which is not over, since 0 s.
func going(status string, jobs ...github.Job) []ledger.Fact {
	f := run(2, 0, 0)[0].(ledger.Run)
	f.Run.Status, f.Run.Conclusion = status, ""
	facts := []ledger.Fact{f}
	for i, j := range jobs {
		j.ID, j.RunID, j.Attempt = int64(5+i), 2, 1
		facts = append(facts, ledger.Job{Repo: repo, Job: j})
	}
	return facts
}

// ofPull makes run 2 one of a pull request.
func ofPull(facts []ledger.Fact) []ledger.Fact {
	f := facts[0].(ledger.Run)
	f.Run.Event, f.Run.Branch = "pull_request", "topics"
	return append([]ledger.Fact{f}, facts[1:]...)
}

// updated changes when run 2 was.
func updated(seconds int, facts []ledger.Fact) []ledger.Fact {
	f := facts[0].(ledger.Run)
	f.Run.UpdatedAt = at(seconds)
	return append([]ledger.Fact{f}, facts[1:]...)
}

func TestNoNewsIsNewsAfterItsTime(t *testing.T) {
	t.Parallel()
	const second = time.Second
	by := func(login string, facts []ledger.Fact) []ledger.Fact {
		p := facts[0].(ledger.Push)
		p.By = login
		return append([]ledger.Fact{p}, facts[1:]...)
	}
	says := func(message string) ledger.Fact {
		return ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("2"), Message: message}}
	}
	queued := github.Job{Name: "deploy", Status: "queued", StartedAt: at(60)}
	later := github.Job{Name: "test", Status: "queued", StartedAt: at(90)}
	works := github.Job{Name: "test", Status: "in_progress", StartedAt: at(60), Steps: []github.Step{{Name: "a", Number: 1, Status: "in_progress", StartedAt: at(70)}}}
	approval := github.Job{Name: "deploy", Status: "waiting"}
	skips := step("Push to Heroku", 20, 60)
	skips.Conclusion = "skipped"
	placed := ledger.Slug{App: app, Slug: heroku.Slug{ID: "s1", Commit: sha("2")}}
	push := pushed(0, sha("1"), sha("2"))
	ships := run(2, 0, 60, step("Push to Heroku", 20, 60))
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		after time.Duration // when it becomes news; 0: never
		want  string
	}{
		"a push and no run":              {[][]ledger.Fact{past(), push}, 180 * second, "no run 2"},
		"a head that was read":           {[][]ledger.Fact{past(), {ledger.Head{Repo: repo, Branch: "master", SHA: sha("2"), At: at(50), Read: at(50)}, ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("2"), At: at(0)}}}}, 180 * second, "no run 2"},
		"a push and its run":             {[][]ledger.Fact{past(), push, run(2, 3, 4)}, 0, ""},
		"a repository without runs":      {[][]ledger.Fact{push}, 0, ""},
		"a run's own push":               {[][]ledger.Fact{past(), by("github-actions[bot]", push)}, 0, ""},
		"a commit that wants none":       {[][]ledger.Fact{past(), push, {says("Fix a typo [skip ci]")}}, 0, ""},
		"a commit like any other":        {[][]ledger.Fact{past(), push, {says("Skip CI no more")}}, 180 * second, "no run 2"},
		"a queued run":                   {[][]ledger.Fact{going("queued")}, 900 * second, "not begun 2"},
		"a run that waits for a person":  {[][]ledger.Fact{going("waiting")}, 0, ""},
		"a run that waits for another":   {[][]ledger.Fact{going("pending")}, 0, ""},
		"a queued job":                   {[][]ledger.Fact{going("in_progress", queued)}, 960 * second, "not begun 2 deploy"},
		"a run that a runner just took":  {[][]ledger.Fact{updated(1000, going("in_progress", queued))}, 1900 * second, "not begun 2 deploy"},
		"a job that others overtook":     {[][]ledger.Fact{going("in_progress", queued, github.Job{Name: "test", Status: "in_progress", StartedAt: at(700)})}, 1600 * second, "not begun 2 deploy"},
		"two queued jobs":                {[][]ledger.Fact{going("in_progress", later, queued)}, 960 * second, "not begun 2 deploy"},
		"a queued run of a pull request": {[][]ledger.Fact{{pulled("open")}, ofPull(going("queued"))}, 900 * second, "not begun 2 #45"},
		"a queued job of one":            {[][]ledger.Fact{{pulled("open")}, ofPull(going("in_progress", queued))}, 960 * second, "not begun 2 deploy #45"},
		"of one that is closed":          {[][]ledger.Fact{{pulled("closed")}, ofPull(going("queued"))}, 0, ""},
		"of nobody knows which":          {[][]ledger.Fact{ofPull(going("queued"))}, 0, ""},
		"a run without news":             {[][]ledger.Fact{going("in_progress")}, 1800 * second, "stalled 2"},
		"a run whose step hangs":         {[][]ledger.Fact{going("in_progress", works)}, 1870 * second, "stalled 2"},
		"one of a pull request":          {[][]ledger.Fact{{pulled("open")}, ofPull(going("in_progress", works))}, 1870 * second, "stalled 2 #45"},
		"a job that waits for a person":  {[][]ledger.Fact{going("in_progress", works, approval)}, 0, ""},
		"a deploy without a release":     {[][]ledger.Fact{past(), ships}, 240 * second, "not released 2 deploy"},
		"a step that releases nothing":   {[][]ledger.Fact{past(), run(2, 0, 60, step("Push the image", 20, 60))}, 0, ""},
		"a deploy that failed":           {[][]ledger.Fact{past(), run(2, 0, 60, github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "failure", StartedAt: at(20), CompletedAt: at(60)})}, 0, ""},
		"a green job whose step skipped": {[][]ledger.Fact{past(), run(2, 0, 60, skips)}, 0, ""},
		"a deploy of a commit that runs": {[][]ledger.Fact{past(), {placed}, ships}, 0, ""},
		"a deploy with its release":      {[][]ledger.Fact{past(), {released(2, 50)}, ships}, 0, ""},
		"a release that came late":       {[][]ledger.Fact{past(), {released(2, 500)}, ships}, 0, ""},
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
					if s.Pull != nil {
						words += fmt.Sprintf(" #%d", s.Pull.Number)
					}
				}
				return words
			}
			early := tc.after - second
			if tc.after == 0 {
				early = time.Hour
			}
			if got := told(early); got != "" {
				t.Errorf("after %v it is news: %s", early, got)
			}
			if got := told(tc.after); tc.after > 0 && got != tc.want {
				t.Errorf("after %v: %q, want %q", tc.after, got, tc.want)
			}
			if next := k.NextSilence(begin.Add(early)); tc.after > 0 && !next.Equal(begin.Add(tc.after)) {
				t.Errorf("it is awaited until %v, want %v", next, begin.Add(tc.after))
			}
			if got := told(25 * time.Hour); got != tc.want {
				t.Errorf("a day later: %q, want %q", got, tc.want)
			}
		})
	}
}

func TestASilenceIsSureOnceSomebodyHasLooked(t *testing.T) {
	t.Parallel()
	reading := func(scope string, what ledger.List, of string, read, trouble int) ledger.Fact {
		f := ledger.Reading{Scope: scope, What: what, Of: of}
		if read != 0 {
			f.At = at(read)
		}
		if trouble != 0 {
			f.Trouble = &ledger.Trouble{At: at(trouble)}
		}
		return f
	}
	runs := func(read, trouble int) ledger.Fact {
		return reading(ledger.RepoScope(repo), ledger.Runs, "", read, trouble)
	}
	jobs := func(read, trouble int) ledger.Fact {
		return reading(ledger.RepoScope(repo), ledger.Jobs, "2/1", read, trouble)
	}
	releases := func(read, trouble int) ledger.Fact {
		return reading(ledger.AppScope(app), ledger.Releases, "", read, trouble)
	}
	heard := ledger.Heard{Scope: ledger.RepoScope(repo), Sender: ledger.GitHub, At: at(5000)}
	push := append(past(), pushed(0, sha("1"), sha("2"))...)
	job := going("in_progress", github.Job{Name: "deploy", Status: "queued", StartedAt: at(0)})
	ships := append(past(), run(2, 0, 60, step("Push to Heroku", 20, 60))...)
	for name, tc := range map[string]struct {
		facts       []ledger.Fact
		read        []ledger.Fact
		sure, blind bool
	}{
		"nobody looked":                       {push, nil, false, false},
		"something else was heard":            {push, []ledger.Fact{heard}, false, false},
		"looked too early":                    {push, []ledger.Fact{runs(179, 0)}, false, false},
		"looked":                              {push, []ledger.Fact{runs(180, 0)}, true, false},
		"could not look, too early":           {push, []ledger.Fact{runs(0, 179)}, false, false},
		"could not look":                      {push, []ledger.Fact{runs(170, 180)}, true, true},
		"could not look, then looked":         {push, []ledger.Fact{runs(190, 180)}, true, false},
		"Heroku's list is not asked for runs": {push, []ledger.Fact{releases(400, 0)}, false, false},
		"a job: the runs are not enough":      {job, []ledger.Fact{runs(901, 0)}, false, false},
		"a job: looked":                       {job, []ledger.Fact{runs(901, 0), jobs(902, 0)}, true, false},
		"a job: could not look":               {job, []ledger.Fact{runs(901, 0), jobs(0, 902)}, true, true},
		"a job: not even the runs":            {job, []ledger.Fact{runs(0, 901)}, true, true},
		"a release: looked":                   {ships, []ledger.Fact{releases(240, 0)}, true, false},
		"a release: not the runs":             {ships, []ledger.Fact{runs(240, 0)}, false, false},
		"a release: could not look":           {ships, []ledger.Fact{releases(0, 240)}, true, true},
	} {
		list := known(append(tc.facts, tc.read...)...).Silences(at(1000))
		if len(list) != 1 {
			t.Errorf("%s: there are %d silences", name, len(list))
			continue
		}
		if s := list[0]; s.Sure != tc.sure || s.Blind != tc.blind {
			t.Errorf("%s: sure %v, blind %v", name, s.Sure, s.Blind)
		}
	}
}

func TestAStallThatWentOnAndStallsAgainIsAnother(t *testing.T) {
	t.Parallel()
	key := func(facts []ledger.Fact) string { return known(facts...).Silences(at(40000))[0].Key() }
	first := key(going("in_progress"))
	second := key(going("in_progress", github.Job{Name: "test", Status: "in_progress", StartedAt: at(3000)}))
	if first == second || first != fmt.Sprintf("stalled 2/1 %d", begin.UnixMilli()) {
		t.Errorf("they are %q and %q", first, second)
	}
	if got := key(going("queued")); got != "not begun 2/1" {
		t.Errorf("a queued run is %q", got)
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
