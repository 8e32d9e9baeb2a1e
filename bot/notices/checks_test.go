package notices

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// topics is #45, open with a commit given by its digit.
func topics(digit string, seconds int) ledger.Pull {
	return ledger.Pull{Repo: repo, Pull: github.Pull{
		Number: 45, Title: "Add chat topics", Author: "bob", State: "open", BaseRef: "master", HeadRef: "chat-topics", HeadSHA: sha(digit),
		URL: address + "/pull/45", CreatedAt: at(-86400), UpdatedAt: at(seconds),
	}}
}

// closed is #45 when it was merged, or not.
func (f tale) closed(merged bool, seconds int) tale {
	p := topics("1", seconds)
	p.Pull.State = "closed"
	if p.Pull.Merged = merged; merged {
		p.Pull.MergedAt = at(seconds)
	}
	return append(f, p)
}

// tale is what becomes known of #45.
type tale []ledger.Fact

// open begins with #45 and one commit.
func open(digit string) tale { return tale{topics(digit, 0)} }

func (f tale) pushed(digit string, seconds int) tale { return append(f, topics(digit, seconds)) }

// check is a run of CI for #45.
type check struct {
	id, attempt int
	digit       string // of the commit
	from, to    int    // seconds; no to: it is not over
	conclusion  string
	status      string // of one that is not over; "": in_progress
	name, event string // "": CI, pull_request
	by          string // who had it run again
	jobs        []github.Job
}

func (f tale) ran(c check) tale {
	if c.name == "" {
		c.name = "CI"
	}
	if c.event == "" {
		c.event = "pull_request"
	}
	r := github.Run{
		ID: int64(c.id), Number: c.id, Attempt: max(c.attempt, 1), Name: c.name, Path: c.name + ".yml", Event: c.event, Branch: "chat-topics", SHA: sha(c.digit),
		Status: "completed", Conclusion: c.conclusion, CreatedAt: at(c.from), StartedAt: at(c.from), UpdatedAt: at(c.to),
	}
	if c.attempt > 1 {
		r.CreatedAt = at(c.from - 300)
	}
	if c.to == 0 {
		r.Status, r.UpdatedAt = "in_progress", at(c.from)
	}
	if c.status != "" {
		r.Status = c.status
	}
	list := ran(r, c.jobs...)
	one := list[0].(ledger.Run)
	one.RerunBy = c.by
	list[0] = one
	return append(f, list...)
}

func (f tale) fails(id int, digit string, from, to int, jobs ...github.Job) tale {
	if jobs == nil {
		jobs = []github.Job{failed("test-backend", "Test with pytest"), passed("test-frontend"), passed("test-integration"), skipped("deploy")}
	}
	return f.ran(check{id: id, digit: digit, from: from, to: to, conclusion: "failure", jobs: jobs})
}

func (f tale) passes(id int, digit string, from, to int) tale {
	return f.ran(check{id: id, digit: digit, from: from, to: to, conclusion: "success", jobs: []github.Job{passed("test-backend"), passed("test-frontend")}})
}

// tells draws the checks as a person reads them, the calls in the thread indented.
func tells(s *scene) string {
	s.repoTeller, s.caller = true, true
	var text []string
	for _, n := range s.checks() {
		one := drawn(n)
		if n.parent != "" {
			one = "  " + one
		}
		text = append(text, one)
	}
	return strings.Join(text, "\n")
}

func TestTheChecksOfAPullRequestAreOneMessageFromTheFailureToTheFix(t *testing.T) {
	t.Parallel()
	const (
		thing = "*#45 Add chat topics*: "
		red   = ":x: " + thing + "test-backend failed, step Test with pytest\n"
		line  = "CI #22: :x: test-backend, step Test with pytest · :white_check_mark: 2 more\n"
		small = "penny_university · by bob · 1111111"
		newer = "penny_university · by bob · 2222222"
		call  = "\n  @bob: CI #22 failed on #45: test-backend, step Test with pytest."
		again = ":hourglass_flowing_sand: " + thing + "test-backend failed, "
	)
	first := func() tale { return open("1").fails(22, "1", 10, 100) }
	matrix := []github.Job{
		failed("test-backend (3.8)", "Test with pytest"), failed("test-backend (3.9)", "Test with pytest"),
		passed("test-backend (3.10)"), passed("test-backend (3.11)"), passed("test-frontend (12)"),
	}
	lint := check{id: 9, name: "Lint", digit: "1", from: 10, to: 50, conclusion: "failure", jobs: []github.Job{failed("lint", "Run eslint")}}
	may := github.Job{Name: "test-backend", Status: "completed", Conclusion: "success", Steps: failed("", "Optional").Steps}
	for name, tc := range map[string]struct {
		facts tale
		want  string
	}{
		"going":  {open("1").ran(check{id: 22, digit: "1", from: 10, jobs: []github.Job{failed("test-backend", "Test with pytest")}}), ""},
		"green":  {open("1").passes(22, "1", 10, 100), ""},
		"failed": {first(), red + line + small + call},
		"run again": {
			first().ran(check{id: 22, attempt: 2, digit: "1", from: 300, by: "alice", jobs: []github.Job{running("test-backend")}}),
			again + "runs again (attempt 2)\nCI #22 (attempt 2): :white_check_mark: test-frontend · :white_check_mark: test-integration · :hourglass_flowing_sand: test-backend · started by alice\n" + small,
		},
		"failed again": {
			first().ran(check{id: 22, attempt: 2, digit: "1", from: 300, to: 400, conclusion: "failure", jobs: []github.Job{failed("test-backend", "Test with pytest")}}),
			red + "CI #22 (attempt 2): :x: test-backend, step Test with pytest · :white_check_mark: 2 more\n" + small +
				call,
		},
		"pushed": {first().pushed("2", 300), again + "the run of a new commit has not begun\n" + newer},
		"a new commit": {
			first().pushed("2", 300).ran(check{id: 23, digit: "2", from: 301, jobs: []github.Job{running("test-backend"), passed("test-frontend")}}),
			again + "a new commit is tested\nCI #23: :white_check_mark: test-frontend · :hourglass_flowing_sand: test-backend\n" + newer,
		},
		"a new commit of which only the run is known": {
			first().ran(check{id: 23, digit: "2", from: 301, status: "queued"}),
			again + "a new commit is tested\nCI #23: :hourglass_flowing_sand: is queued\n" + newer,
		},
		"fixed": {
			first().pushed("2", 300).passes(23, "2", 301, 400),
			":white_check_mark: " + thing + "fixed after 1 failure\nCI #23 passed\n" + newer,
		},
		"fixed after a re-run and a push": {
			first().ran(check{id: 22, attempt: 2, digit: "1", from: 300, to: 400, conclusion: "failure"}).pushed("2", 500).passes(23, "2", 501, 600),
			":white_check_mark: " + thing + "fixed after 2 failures\nCI #23 passed\n" + newer,
		},
		"two workflows failed at one commit": {
			first().ran(lint).pushed("2", 500).passes(23, "2", 501, 600),
			":white_check_mark: " + thing + "fixed after 1 failure\nCI #23 passed\n" + newer,
		},
		"fixed and failed anew": {
			first().passes(23, "2", 301, 400).fails(24, "3", 500, 600).pushed("3", 500),
			":white_check_mark: " + thing + "fixed after 1 failure\nCI #23 passed\n" + newer + "\n" +
				red + "CI #24: :x: test-backend, step Test with pytest · :white_check_mark: 2 more\npenny_university · by bob · 3333333" +
				"\n  @bob: CI #24 failed on #45: test-backend, step Test with pytest.",
		},
		"a matrix": {
			open("1").fails(22, "1", 10, 100, matrix...),
			":x: " + thing + "test-backend failed in 2 of 4, step Test with pytest\n" +
				"CI #22: :x: test-backend, 2 of 4 failed (3.8, 3.9), step Test with pytest · :white_check_mark: 1 more\n" + small +
				"\n  @bob: CI #22 failed on #45: test-backend, 2 of 4 failed (3.8, 3.9), step Test with pytest.",
		},
		"two workflows": {
			first().ran(lint),
			":x: " + thing + "test-backend failed, step Test with pytest; 1 more failed\n" + line + "Lint #9: :x: lint, step Run eslint\n" + small +
				"\n  @bob: Lint #9 failed on #45: lint, step Run eslint.",
		},
		"many workflows": {
			first().ran(lint).ran(check{id: 10, name: "M", digit: "1", from: 10, to: 50, conclusion: "failure"}).
				ran(check{id: 11, name: "N", digit: "1", from: 10, to: 50, conclusion: "failure"}).ran(check{id: 12, name: "O", digit: "1", from: 10}),
			":x: " + thing + "test-backend failed, step Test with pytest; 3 more failed\n" + line + "Lint #9: :x: lint, step Run eslint\n" +
				"M #10: :x: failed · and 2 more runs\n" + small + "\n  @bob: Lint #9 failed on #45: lint, step Run eslint.",
		},
		"one of two workflows": {
			first().ran(check{id: 9, name: "Lint", digit: "1", from: 10, to: 50, conclusion: "success"}),
			red + strings.TrimSuffix(line, "\n") + " · :white_check_mark: 1 other run\n" + small + call,
		},
		"one fails and another goes on": {
			first().ran(check{id: 9, name: "Lint", digit: "1", from: 10}),
			red + line + "Lint #9: :hourglass_flowing_sand: is running\n" + small + call,
		},
		"jobs that are not known": {
			open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "failure"}),
			":x: " + thing + "CI failed\nCI #22: :x: failed\n" + small + "\n  @bob: CI #22 failed on #45.",
		},
		"timed out": {
			open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "timed_out"}),
			":x: " + thing + "CI timed out\nCI #22: :x: timed out\n" + small + "\n  @bob: CI #22 failed on #45.",
		},
		"could not start": {
			open("1").ran(check{id: 22, digit: "1", from: 10, to: 11, conclusion: "startup_failure"}),
			":x: " + thing + "CI could not start\nCI #22: :x: could not start\n" + small + "\n  @bob: CI #22 failed on #45.",
		},
		"a step that may fail":      {open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "success", jobs: []github.Job{may}}), ""},
		"cancelled":                 {open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "cancelled"}), ""},
		"an approval of the first":  {open("1").ran(check{id: 22, digit: "1", from: 10, to: 11, conclusion: "action_required"}), ""},
		"superseded, then in order": {open("1").ran(check{id: 22, digit: "1", from: 10, to: 20, conclusion: "cancelled"}).pushed("2", 15).passes(23, "2", 15, 100), ""},
		"superseded after a failure": {
			first().pushed("2", 300).ran(check{id: 23, digit: "2", from: 301, to: 320, conclusion: "cancelled"}).pushed("3", 310).ran(check{id: 24, digit: "3", from: 311}),
			again + "a new commit is tested\nCI #24: :hourglass_flowing_sand: is running\n:heavy_minus_sign: CI #23 was superseded by CI #24\npenny_university · by bob · 3333333",
		},
		"cancelled after a failure": {
			first().pushed("2", 300).ran(check{id: 23, digit: "2", from: 301, to: 320, conclusion: "cancelled"}),
			":heavy_minus_sign: " + thing + "test-backend failed, then CI was cancelled\nCI #23: :heavy_minus_sign: cancelled\n" + newer,
		},
		"an approval after a failure": {
			first().pushed("2", 300).ran(check{id: 23, digit: "2", from: 301, to: 302, conclusion: "action_required"}),
			":raised_hand: " + thing + "test-backend failed, a new commit waits for an approval\nCI #23: :raised_hand: waits for a person to approve it\n" + newer,
		},
		"merged":                      {first().closed(true, 200), ":x: " + thing + "merged with failing checks\n" + line + small},
		"closed":                      {first().closed(false, 200), ":x: " + thing + "closed with failing checks\n" + line + small},
		"merged, then red":            {first().closed(true, 50), ":x: " + thing + "merged, then test-backend failed, step Test with pytest\n" + line + small},
		"merged while it is run anew": {first().ran(check{id: 22, attempt: 2, digit: "1", from: 190}).closed(true, 200), ":heavy_minus_sign: " + thing + "test-backend failed, merged before it was fixed\nCI #22 (attempt 2): :hourglass_flowing_sand: is running\n" + small},
		"a status of somebody else": {
			append(first(), ledger.Status{Repo: repo, SHA: sha("1"), Status: github.Status{Context: "ci/circleci: build", State: "failure", URL: "https://circleci.com/1"}}),
			red + line + ":x: ci/circleci: build\n" + small + call,
		},
		"a draft is told as others": {
			func() tale {
				f := first()
				p := f[0].(ledger.Pull)
				p.Pull.Draft = true
				f[0] = p
				return f
			}(), red + line + small + call,
		},
		"a scheduled run is none": {open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "failure", event: "schedule"}), ""},
		"a push on its branch": {
			open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "failure", event: "push"}),
			":x: " + thing + "CI failed\nCI #22: :x: failed\n" + small + "\n  @bob: CI #22 failed on #45.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, tells(sceneAt(1000, tc.facts...))); diff != "" {
				t.Errorf("told otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheTeamChoosesWhichChecksAreTold(t *testing.T) {
	t.Parallel()
	const small = "penny_university · by bob · 1111111"
	green, red := open("1").passes(22, "1", 10, 100), open("1").ran(check{id: 22, digit: "1", from: 10, to: 100, conclusion: "failure"})
	redText := ":x: *#45 Add chat topics*: CI failed\nCI #22: :x: failed\n" + small + "\n  @bob: CI #22 failed on #45."
	for name, tc := range map[string]struct {
		told  settings.Checks
		facts tale
		want  string
	}{
		"all, green":     {settings.AllChecks, green, ":white_check_mark: *#45 Add chat topics*: checks passed\nCI #22 passed\n" + small},
		"all, going":     {settings.AllChecks, open("1").ran(check{id: 22, digit: "1", from: 10}), ":hourglass_flowing_sand: *#45 Add chat topics*: checks run\nCI #22: :hourglass_flowing_sand: is running\n" + small},
		"all, red":       {settings.AllChecks, red, redText},
		"all, pushed":    {settings.AllChecks, open("1").ran(check{id: 22, digit: "1", from: 10}).pushed("2", 20), ":hourglass_flowing_sand: *#45 Add chat topics*: waits for the run of a new commit\npenny_university · by bob · 2222222"},
		"all, cancelled": {settings.AllChecks, open("1").ran(check{id: 22, digit: "1", from: 10, to: 20, conclusion: "cancelled"}), ":heavy_minus_sign: *#45 Add chat topics*: CI was cancelled\nCI #22: :heavy_minus_sign: cancelled\n" + small},
		"all, approval":  {settings.AllChecks, open("1").ran(check{id: 22, digit: "1", from: 10, to: 20, conclusion: "action_required"}), ":raised_hand: *#45 Add chat topics*: waits for an approval\nCI #22: :raised_hand: waits for a person to approve it\n" + small},
		"all, merged":    {settings.AllChecks, open("1").ran(check{id: 22, digit: "1", from: 10}).closed(true, 20), ":heavy_minus_sign: *#45 Add chat topics*: merged before its checks passed\nCI #22: :hourglass_flowing_sand: is running\n" + small},
		"failures":       {settings.FailedChecks, red, redText},
		"none":           {settings.NoChecks, red, ""},
	} {
		s := sceneAt(1000, tc.facts...)
		s.settings.Notify.Checks = tc.told
		if diff := cmp.Diff(tc.want, tells(s)); diff != "" {
			t.Errorf("%s: told otherwise (-want +got):\n%s", name, diff)
		}
	}
}

func TestOnlyChecksThatAreNewsAreTold(t *testing.T) {
	t.Parallel()
	red := open("1").fails(22, "1", 10, 100)
	const day = 24 * 60 * 60
	for name, tc := range map[string]struct {
		scene *scene
		tells bool
	}{
		"now":                         {sceneAt(1000, red...), true},
		"within a day":                {sceneAt(100+day-1, red...), true},
		"a day later":                 {sceneAt(100+day, red...), false},
		"merged a day later":          {sceneAt(100+day, red.closed(true, day)...), true},
		"begun before the beginning":  {sceneAt(1000, open("1").fails(22, "1", -4000, 100)...), false},
		"of a branch of another name": {sceneAt(1000, append(tale{ledger.Pull{Repo: repo, Pull: github.Pull{Number: 47, State: "open", HeadRef: "other"}}}, red[1:]...)...), false},
	} {
		if got := tells(tc.scene); (got != "") != tc.tells {
			t.Errorf("%s: %q", name, got)
		}
	}
	s := sceneAt(1000, red...)
	if s.checks() != nil {
		t.Error("an app tells that is not the one to tell of the repository")
	}
}

// A message that says that something goes on is brought to its end, however late.
func TestChecksThatStandAreToldOnAfterADay(t *testing.T) {
	t.Parallel()
	s := sceneAt(300+2*24*60*60, open("1").fails(22, "1", 10, 100).pushed("2", 300)...)
	if got := tells(s); got != "" {
		t.Errorf("old news are told: %s", got)
	}
	s.standing = map[board.Key]bool{board.Key("checks penny-university #45 " + sha("1")): true}
	if tells(s) == "" {
		t.Error("what stands is left as it is")
	}
}

func TestOneAppOfARepositoryCalls(t *testing.T) {
	t.Parallel()
	s := sceneAt(1000, open("1").fails(22, "1", 10, 100)...)
	s.repoTeller = true
	if list := s.checks(); len(list) != 1 || list[0].parent != "" {
		t.Errorf("an app that is not to call tells %+v", list)
	}
}

func TestABotIsNotCalled(t *testing.T) {
	t.Parallel()
	facts := open("1").fails(22, "1", 10, 100)
	p := facts[0].(ledger.Pull)
	p.Pull.Author = "dependabot[bot]"
	facts[0] = p
	if got := tells(sceneAt(1000, facts...)); strings.Contains(got, "@") || !strings.Contains(got, "by dependabot[bot]") {
		t.Errorf("told %s", got)
	}
}

func TestAnAuthorIsFoundByTheAddressOfTheirCommit(t *testing.T) {
	t.Parallel()
	s := sceneAt(1000, append(open("1").fails(22, "1", 10, 100), ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha("1"), Author: "bob", Email: "bob@penny.example"}})...)
	s.mention = func(login, email string) string { return login + " of " + email }
	if got := tells(s); !strings.Contains(got, "bob of bob@penny.example: CI #22 failed") {
		t.Errorf("told %s", got)
	}
}

func TestChecksAreToldTheSameWhateverOrderNewsComeIn(t *testing.T) {
	t.Parallel()
	facts := open("1").fails(22, "1", 10, 100).ran(check{id: 22, attempt: 2, digit: "1", from: 300, to: 400, conclusion: "failure"}).pushed("2", 500).
		ran(check{id: 23, digit: "2", from: 501, to: 510, conclusion: "cancelled"}).pushed("3", 508).passes(24, "3", 509, 600).
		pushed("4", 700).fails(25, "4", 701, 800).ran(check{id: 9, name: "Lint", digit: "4", from: 701}).ran(check{id: 25, digit: "4", from: 701, status: "queued"})
	want := fmt.Sprintf("%+v", toldOf(facts))
	if n := len(toldOf(facts)); n != 3 {
		t.Fatalf("%d notices: %s", n, want)
	}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 45))
		list := append(tale{}, facts...)
		for range rnd.IntN(len(facts)) {
			list = append(list, facts[rnd.IntN(len(facts))])
		}
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := fmt.Sprintf("%+v", toldOf(list)); got != want {
			t.Fatalf("shuffle %d tells otherwise:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

func toldOf(facts tale) []notice {
	s := sceneAt(1000, facts...)
	s.repoTeller, s.caller = true, true
	return s.checks()
}

// The runs of a commit end and become known in any order, and all of it is one message.
func TestTheKeyOfAStreakStaysWhileItsRunsBecomeKnown(t *testing.T) {
	t.Parallel()
	lint := open("1").ran(check{id: 21, name: "Lint", digit: "1", from: 10, to: 50, conclusion: "failure"})
	ci := open("1").fails(22, "1", 10, 100)
	for name, facts := range map[string]tale{"CI": ci, "Lint": lint, "both": append(lint, ci...)} {
		if got := toldOf(facts)[0].key; got != board.Key("checks penny-university #45 "+sha("1")) {
			t.Errorf("%s: the key is %q", name, got)
		}
	}
	again := ci.ran(check{id: 22, attempt: 2, digit: "1", from: 200, to: 300, conclusion: "success"}).ran(check{id: 22, attempt: 3, digit: "1", from: 400, to: 500, conclusion: "failure"})
	keys := ""
	for _, n := range toldOf(again) {
		keys += strings.TrimPrefix(string(n.key), "checks penny-university #45 "+sha("1")) + ";"
	}
	if keys != ";/2;/2 failed;" {
		t.Errorf("after a fix at the same commit the keys end in %q", keys)
	}
}

func TestManyJobsAndHostileNamesFitIntoFiveLines(t *testing.T) {
	t.Parallel()
	const evil = "<!channel> *x* `y` <https://evil.example|z>\n@here ghp_0123456789abcdefABCDEF0123456789abcd"
	var jobs []github.Job
	for i := range 60 {
		jobs = append(jobs, failed(fmt.Sprintf("%s (%d, %s)", evil, i, evil), evil+fmt.Sprint(i)))
	}
	facts := open("1").fails(22, "1", 10, 100, jobs...)
	for i := range 8 {
		facts = facts.ran(check{id: 30 + i, name: fmt.Sprint(i, evil), digit: "1", from: 10, to: 50, conclusion: "failure", jobs: jobs})
		facts = append(facts, ledger.Status{Repo: repo, SHA: sha("1"), Status: github.Status{Context: fmt.Sprint(i, evil), State: "error", URL: "javascript:" + evil}})
	}
	p := facts[0].(ledger.Pull)
	p.Pull.Title, p.Pull.Author = evil, evil
	facts[0] = p
	s := sceneAt(1000, facts...)
	s.mention = nil
	s.repoTeller, s.caller = true, true
	for _, n := range s.checks() {
		text := strings.Join(append([]string{n.page.title}, n.page.lines...), "\n")
		if lines := strings.Count(text, "\n") + 1 + min(1, len(n.page.small)); lines > 5 || len(text) > sectionLimit {
			t.Errorf("%d lines, %d bytes:\n%s", lines, len(text), text)
		}
		all := text + "\n" + n.page.sentence + "\n" + strings.Join(n.page.small, "\n")
		for _, bad := range []string{"<!channel", "<https://evil", "ghp_0123", " @here", "javascript:alert", "`y`", "*x*"} {
			if strings.Contains(all, bad) {
				t.Errorf("%q is in\n%s", bad, all)
			}
		}
	}
}
