package settings

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestYesAndNoAreTakenInAllTheirWords(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{
		"yes": true, "Yes": true, "y": true, "true": true, "TRUE": true, "on": true, "'on'": true, `"yes"`: true,
		"no": false, "No": false, "n": false, "false": false, "False": false, "off": false, "OFF": false, "none": false, "never": false, "'no '": false,
	} {
		s := parse(t, fmt.Sprintf("notify: {changes: %s, releases: %s, silence: %s}", word, word, word))
		if n := s.For("penny-qa").Notify; n.Changes != want || n.Releases != want || n.Silence != want {
			t.Errorf("%s: %+v", word, n)
		}
	}
}

func TestChecksAreOneOfThreeWords(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]Checks{
		"all": AllChecks, "ALL": AllChecks, "failures": FailedChecks, "none": NoChecks, "None": NoChecks, "no": NoChecks, "off": NoChecks, "false": NoChecks, "never": NoChecks,
	} {
		if got := parse(t, "notify: {checks: "+word+"}").For("penny-qa").Notify.Checks; got != want {
			t.Errorf("%s is %q", word, got)
		}
	}
}

func TestWordsStayAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1.10": "1.10", "0x1F": "0x1F", "yes": "yes", "2026-11-22": "2026-11-22", "feature/a#1": "feature/a#1", "'a-b' # c": "a-b", "|\n  main": "main",
	} {
		if got := parse(t, "branch: "+in).For("penny-qa").Branch; got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestTheHealthPathLeadsToNoOtherHost(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"/", "/healthz", "/up/now?deep=1", "/a%20b"} {
		if got := parse(t, "health: '"+good+"'").For("penny-qa").Health; got != good {
			t.Errorf("%s is %q", good, got)
		}
	}
	for _, bad := range []string{"healthz", "//evil.example/x", "https://evil.example/", "/\\evil.example", "@evil.example/", "/a b", "/a#b", "/\"x"} {
		if s, faults := Parse(fmt.Appendf(nil, "health: '%s'", bad), nil); len(faults) != 1 {
			t.Errorf("%s: %q, %v", bad, s.For("").Health, faults)
		}
	}
}

func TestNamesOfBranchesAreThoseOfGit(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a..b", "/a", "a/", "a//b", ".a", "a/.b", "a.", "a.lock", "a.lock/b", "-a", "a~1", "a^", "a:b", "a?", "a*", "a[b", `a\b`, "a@{1}", "@"} {
		if s, faults := Parse(fmt.Appendf(nil, "branch: '%s'", bad), nil); len(faults) != 1 {
			t.Errorf("%s: %+v, %v", bad, s.For(""), faults)
		}
	}
}

func TestTheWorkflowIsAPathWhicheverWayItIsWritten(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"ship it.yaml", ".github/workflows/ship it.yaml"} {
		if got := parse(t, "deploy: {workflow: "+word+"}").For("penny-qa").Deploy.Workflow; got != ".github/workflows/ship it.yaml" {
			t.Errorf("%s is %q", word, got)
		}
	}
}

func TestTheStepIsKnownByItsName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		step, name string
		want       bool
	}{
		{"Push", "Push to Production", true},
		{"^Push$", "Push to Production", false},
		{"^Push to (QA|Production)$", "Push to Production", true},
		{"Deploy (QA)", "Deploy (QA)", true}, // a name with signs
		{"Deploy (QA)", "Deploy (QA) docs", false},
		{"push", "Push", false},
		{"(?i)push", "Push", true},
		{"'[Pp]ush'", "push it", true},
		{"[Push]", "push", true},
		{"[Push]", "Push to Production", false},
		{`["Deploy (QA)", "a|b"]`, "deploy (qa)", true},
		{`["Deploy (QA)", "a|b"]`, "A|B", true},
		{`["Deploy (QA)", "a|b"]`, "a", false},
	} {
		if got := parse(t, "deploy:\n  step: "+tc.step).For("penny-qa").Deploy.Step.MatchString(tc.name); got != tc.want {
			t.Errorf("%s matches %q: %v", tc.step, tc.name, got)
		}
	}
}

func TestPeopleAreKnownByLoginInAnyCase(t *testing.T) {
	t.Parallel()
	people := parse(t, "people:\n  Jane-Doe: U012AB3CD\n  no: W1A\n  1234: U12\napps: {penny-qa: {people: {jane-doe: U999}}}").For("penny-qa").People
	if id, ok := people.Slack("jANE-dOE"); id != "U999" || !ok {
		t.Errorf("jane-doe is %q, %v", id, ok)
	}
	if id, ok := people.Slack("joe"); id != "" || ok {
		t.Errorf("joe is %q, %v", id, ok)
	}
	if diff := cmp.Diff(People{"jane-doe": "U999", "no": "W1A", "1234": "U12"}, people); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAccessIsAListOrNobody(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Circle{
		"none": {}, "no": {}, "Off": {}, "false": {}, "nobody": {},
		"U12":                              {Users: []string{"U12"}},
		`"@dba"`:                           {Groups: []string{"dba"}},
		`"@operators"`:                     {Groups: []string{"operators"}},
		`[U12, "@équipe-1.x", W0AB3, U12]`: {Users: []string{"U12", "W0AB3"}, Groups: []string{"équipe-1.x"}},
	} {
		got, limited := parse(t, "access: {restore: "+in+"}").For("penny-qa").Access[Restore]
		if diff := cmp.Diff(want, got); diff != "" || !limited {
			t.Errorf("%s, %v (-want +got):\n%s", in, limited, diff)
		}
	}
}

func TestEveryVerbIsNarrowedAndNoneIsWidened(t *testing.T) {
	t.Parallel()
	if len(Verbs()) != len(accessKeys()) {
		t.Errorf("there are %d verbs and %d settings for them", len(Verbs()), len(accessKeys()))
	}
	for _, verb := range Verbs() {
		want := Access{verb: {Users: []string{"U12"}, Groups: []string{"dba"}}}
		if diff := cmp.Diff(want, parse(t, "access: {"+string(verb)+`: [U12, "@dba"]}`).For("penny-qa").Access); diff != "" {
			t.Errorf("%s (-want +got):\n%s", verb, diff)
		}
		_, faults := Parse([]byte("access:\n  "+string(verb)+": [U12, everyone]\n"), apps)
		if want := "line 2: `access." + string(verb) + "` cannot be `everyone`" + widens; faults.Error() != want {
			t.Errorf("%s: %v, want %s", verb, faults, want)
		}
	}
}

func TestAnAppsSettingsGoOnTopOfTheRest(t *testing.T) {
	t.Parallel()
	s := parse(t, `
apps:
  penny-qa:
    branch: dev
    people: {ann: U22}
    access: {hold: none}
branch: main
people: {ann: U11, bob: U33}
access: {hold: U11, restore: none}
`)
	want := defaults()
	want.Branch, want.People, want.Access = "main", People{"ann": "U11", "bob": "U33"}, Access{Hold: {Users: []string{"U11"}}, Restore: {}}
	if diff := cmp.Diff(want, s.For("penny-university"), compare); diff != "" {
		t.Errorf("penny-university (-want +got):\n%s", diff)
	}
	want.Branch, want.People, want.Access = "dev", People{"ann": "U22", "bob": "U33"}, Access{Hold: {}, Restore: {}}
	if diff := cmp.Diff(want, s.For("penny-qa"), compare); diff != "" {
		t.Errorf("penny-qa (-want +got):\n%s", diff)
	}
}
