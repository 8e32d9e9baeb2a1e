package notices

import (
	"slices"
	"strings"
	"testing"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// readAt are the readings of the lists that the notices rest on, at a time.
func readAt(seconds int) []ledger.Fact {
	var list []ledger.Fact
	for _, what := range []ledger.List{ledger.Heads, ledger.Runs, ledger.Pulls} {
		list = append(list, ledger.Reading{Scope: ledger.RepoScope(repo), What: what, At: at(seconds)})
	}
	return append(list, ledger.Reading{Scope: ledger.AppScope(app), What: ledger.Releases, At: at(seconds)})
}

// drawnAll are notices as a person reads them, a line between them.
func drawnAll(list []notice) string {
	var texts []string
	for _, n := range list {
		texts = append(texts, drawn(n))
	}
	return strings.Join(texts, "\n\n")
}

func TestAReleaseNobodyMergedIsOneLine(t *testing.T) {
	t.Parallel()
	config := func(description, status string) []ledger.Fact { return releasedAs(123, "b", description, status, 60) }
	going := ran(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "in_progress", CreatedAt: at(10), UpdatedAt: at(50)}, running("deploy"))
	over := func(name string) []ledger.Fact {
		ships := github.Step{Name: name, Status: "completed", Conclusion: "success", StartedAt: at(50), CompletedAt: at(70)}
		return ran(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "completed", Conclusion: "success", CreatedAt: at(10), UpdatedAt: at(80)}, passed("deploy", ships))
	}
	absent := facts(ledger.Absent{Repo: repo, SHA: sha("f"), At: at(90)})
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"config set":      {config("Set A, B config vars", heroku.Succeeded), ":gear: *penny-university v123*: config changed (`A`, `B` set), by ci@penny.example"},
		"config unset":    {config("Remove A config vars", heroku.Succeeded), ":gear: *penny-university v123*: config changed (`A` removed), by ci@penny.example"},
		"add-on attached": {config("Attach REDIS (@ref:redis-1)", heroku.Succeeded), ":gear: *penny-university v123*: add-on attached (`REDIS`), by ci@penny.example"},
		"add-on detached": {config("Detach REDIS", heroku.Succeeded), ":gear: *penny-university v123*: add-on detached (`REDIS`), by ci@penny.example"},
		"add-on update":   {config("Update DATABASE by heroku-postgresql", heroku.Succeeded), ":gear: *penny-university v123*: config changed (`DATABASE` updated by heroku-postgresql), by ci@penny.example"},
		"rollback":        {releasedAs(123, "b", "Rollback to v122", heroku.Succeeded, 60), ":leftwards_arrow_with_hook: *penny-university v123*: rolled back to v122 (#44 Speed up the chat list), by ci@penny.example"},
		"promotion":       {releasedAs(123, "e", "Promote penny-staging v17 eeeeeeee", heroku.Succeeded, 60), ":rocket: *penny-university v123*: promoted from `penny-staging` v17, by ci@penny.example"},
		"retry":           {releasedAs(123, "b", "Retry of v122: x", heroku.Succeeded, 60), ":repeat: *penny-university v123*: v122 tried again, by ci@penny.example"},
		"something else":  {config("Enable <!channel> Logplex", heroku.Succeeded), ":gear: *penny-university v123*: Enable &lt;!channel&gt; Logplex, by ci@penny.example"},
		"a secret":        {config("Set TOKEN=hunter2hunter2 config", heroku.Succeeded), ":gear: *penny-university v123*: Set TOKEN=[secret] config, by ci@penny.example"},
		"nothing":         {config("", heroku.Succeeded), ":gear: *penny-university v123*: released, Heroku does not say why, by ci@penny.example"},
		"pending":         {config("Set A config vars", heroku.Pending), ":hourglass_flowing_sand: *penny-university v123*: config changed (`A` set), by ci@penny.example; its release phase runs"},
		"failed":          {config("Set A config vars", heroku.Failed), ":x: *penny-university v123*: config changed (`A` set), by ci@penny.example; its release phase failed, v122 still runs"},
		"expired":         {config("Set A config vars", "expired"), ":heavy_minus_sign: *penny-university v123*: config changed (`A` set), by ci@penny.example; Heroku marks it `expired`"},

		"by hand, a commit of the branch":   {together(released(123, "b", heroku.Succeeded, 60), readAt(90)), ":rocket: *penny-university v123*: deployed without a run of `master` (#44 Speed up the chat list), by ci@penny.example"},
		"by hand, another commit":           {together(released(123, "f", heroku.Succeeded, 60), readAt(90), absent), ":rocket: *penny-university v123*: deployed without a run of `master` (`fffffff`, which GitHub does not know), by ci@penny.example"},
		"a commit not asked for yet":        {together(released(123, "f", heroku.Succeeded, 60), readAt(90)), ""},
		"another commit while a run works":  {together(released(123, "f", heroku.Succeeded, 60), readAt(90), absent, going), ""},
		"another commit, the run only read": {together(released(123, "f", heroku.Succeeded, 60), readAt(90), absent, over("Test")), ":rocket: *penny-university v123*: deployed without a run of `master` (`fffffff`, which GitHub does not know), by ci@penny.example"},
		"another commit, the run shipped":   {together(released(123, "f", heroku.Succeeded, 60), readAt(90), absent, over("Push to Heroku")), ""},
		"by a run":                          {together(released(123, "c", heroku.Succeeded, 60), readAt(90), over("Push to Heroku")), ""},
		"by a run that goes on":             {together(released(123, "c", heroku.Pending, 60), readAt(90), going), ""},
		"runs not read since":               {together(released(123, "b", heroku.Succeeded, 60), readAt(50)), ""},
		"code that nobody calls a deploy":   {together(releasedAs(123, "c", "Deployed web (2f6f5d5b1c0f)", heroku.Succeeded, 60), readAt(90), over("Push to Heroku")), ""},
		"history":                           {releasedAs(121, "a", "Set A config vars", heroku.Succeeded, -3601), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := drawnAll(sceneAt(100, tc.facts...).releases()); got != tc.want {
				t.Errorf("it reads\n%s\nwant\n%s", got, tc.want)
			}
			slices.Reverse(tc.facts)
			if got := drawnAll(sceneAt(100, tc.facts...).releases()); got != tc.want {
				t.Errorf("in another order it reads\n%s", got)
			}
		})
	}
}

func TestWhatRunsInsteadOfAFailedReleaseStaysTrue(t *testing.T) {
	t.Parallel()
	failed := releasedAs(123, "b", "Set A config vars", heroku.Failed, 60)
	later := releasedAs(124, "b", "Set B config vars", heroku.Succeeded, 90)
	got := drawn(sceneAt(100, together(failed, later)...).releases()[0])
	if !strings.HasSuffix(got, "its release phase failed, v124 runs by now") {
		t.Error(got)
	}
}

func TestReleasesAreToldOnlyWhileTheyAreNewsAndWanted(t *testing.T) {
	t.Parallel()
	change := releasedAs(123, "b", "Set A config vars", heroku.Succeeded, 60)
	told := func(seconds int, differ func(*scene)) int {
		s := sceneAt(seconds, change...)
		differ(s)
		return len(s.releases())
	}
	for name, tc := range map[string]struct {
		seconds int
		differ  func(*scene)
		want    int
	}{
		"now":             {100, func(*scene) {}, 1},
		"tomorrow":        {86400 + 63, func(*scene) {}, 0},
		"before tomorrow": {86400 + 61, func(*scene) {}, 1},
		"not wanted":      {100, func(s *scene) { s.settings.Notify.Releases = false }, 0},
		"while away":      {100, func(s *scene) { s.gaps = []gap{{from: at(60), to: at(61)}} }, 0},
		"before it":       {100, func(s *scene) { s.gaps = []gap{{from: at(61), to: at(90)}} }, 1},
		"after it":        {100, func(s *scene) { s.gaps = []gap{{from: at(30), to: at(60)}} }, 1},
	} {
		if got := told(tc.seconds, tc.differ); got != tc.want {
			t.Errorf("%s: %d notices, want %d", name, got, tc.want)
		}
	}
}

func TestAReleaseHasASentenceWithoutMarksAndIsUrgentWhenItFailed(t *testing.T) {
	t.Parallel()
	n := sceneAt(100, releasedAs(123, "b", "Rollback to v122", heroku.Failed, 60)...).releases()[0]
	const want = "penny-university v123: rolled back to v122 (#44 Speed up the chat list), by ci@penny.example; its release phase failed, v122 still runs."
	if n.page.sentence != want || !n.urgent || n.key != "release penny-university r123" {
		t.Errorf("%q, urgent %v, key %q", n.page.sentence, n.urgent, n.key)
	}
}

func TestASentenceLosesOurMarksAndKeepsForeignOnes(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		":gear: *a v1*: b (`C`, `D_E` set), by x":                                                        "a v1: b (C, D_E set), by x.",
		":x: *<https://x.example/1|#1> 2*3 = 6*: <!date^1767621600^{time}|14:00 UTC>, `master` moved on": "#1 2*3 = 6: 14:00 UTC, master moved on.",
		"It is so.": "It is so.",
	} {
		if got := sentence(title); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
}

func TestWhoMadeAReleaseIsAskedOnlyWhenNoRunWillTell(t *testing.T) {
	t.Parallel()
	going := ran(github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "in_progress", CreatedAt: at(10), UpdatedAt: at(50)}, running("deploy"))
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  bool
	}{
		"nobody looked since": {together(released(123, "b", heroku.Succeeded, 60), readAt(50)), true},
		"a run goes on":       {together(released(123, "b", heroku.Succeeded, 60), readAt(50), going), false},
		"somebody looked":     {together(released(123, "b", heroku.Succeeded, 60), readAt(70)), false},
		"a config change":     {together(releasedAs(123, "b", "Set A config vars", heroku.Succeeded, 60), readAt(50)), false},
		"history":             {together(released(123, "b", heroku.Succeeded, -4000), readAt(-5000)), false},
	} {
		s := sceneAt(100, tc.facts...)
		s.releases()
		if s.doubt != tc.want {
			t.Errorf("%s: in doubt is %v", name, s.doubt)
		}
	}
}
