package settings

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var apps = []string{"penny-university", "penny-qa"}

// compare knows regular expressions by their text.
var compare = cmp.Comparer(func(a, b *regexp.Regexp) bool { return fmt.Sprint(a) == fmt.Sprint(b) })

// parse reads a file that has no fault.
func parse(t *testing.T, text string) Settings {
	t.Helper()
	s, faults := Parse([]byte(text), apps)
	if len(faults) > 0 {
		t.Fatalf("%q:\n%s", text, faults.Error())
	}
	return s
}

func TestNothingSetIsTheDefaults(t *testing.T) {
	t.Parallel()
	want := App{
		Notify: Notify{Checks: FailedChecks, Changes: true, Releases: true, Silence: true},
		People: People{}, Access: Access{},
	}
	if diff := cmp.Diff(want, Settings{}.For("penny-qa"), compare); diff != "" {
		t.Errorf("no file (-want +got):\n%s", diff)
	}
	for _, text := range []string{
		"", "\n \n", "# branch: x\n", "---\n", "--- \n...\n", "\ufeff", "{}", "~", "deploy:\nnotify:\npeople: # jane: U1\naccess: {}\napps:\n", "apps:\n  penny-qa:\n",
	} {
		for _, app := range apps {
			if diff := cmp.Diff(want, parse(t, text).For(app), compare); diff != "" {
				t.Errorf("%q (-want +got):\n%s", text, diff)
			}
		}
	}
}

func TestTheExampleOfTheDocumentIsRead(t *testing.T) {
	t.Parallel()
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(docs(t))
	if example == nil {
		t.Fatal("docs/settings.md has no example")
	}
	s := parse(t, example[1])
	want := App{
		Branch:     "production",
		Production: true,
		Deploy: Way{
			Workflow: ".github/workflows/deploy.yml",
			Step:     regexp.MustCompile(`(?:^Push to (Production|QA)$)|^\^Push to \(Production\|QA\)\$$`),
		},
		Health: "/healthz",
		Notify: Notify{Checks: FailedChecks, Changes: true, Silence: true},
		People: People{"jane-doe": "U012AB3CD", "octocat": "W0456EF7G"},
		Access: Access{
			Rollback: {Users: []string{"U012AB3CD"}, Groups: []string{"oncall"}},
			Restore:  {Groups: []string{"dba"}},
			Schedule: {},
		},
	}
	if diff := cmp.Diff(want, s.For("penny-university"), compare); diff != "" {
		t.Errorf("penny-university (-want +got):\n%s", diff)
	}
	want.Production = false
	want.Notify = Notify{Checks: NoChecks, Changes: true, Releases: true, Silence: true}
	want.Access[Rollback] = Circle{Users: []string{"U012AB3CD", "W0456EF7G"}}
	if diff := cmp.Diff(want, s.For("penny-qa"), compare); diff != "" {
		t.Errorf("penny-qa (-want +got):\n%s", diff)
	}
}

func TestTheDocumentTellsEverySetting(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	rows.WriteString("| setting | takes | default | says |\n|---|---|---|---|\n")
	for _, k := range keys() {
		fmt.Fprintf(&rows, "| `%s` | %s | %s | %s |\n", k.name, k.takes, k.preset, k.what)
	}
	found := regexp.MustCompile(`(?s)<!-- settings -->\n(.*?)<!-- /settings -->`).FindStringSubmatch(docs(t))
	if found == nil || found[1] != rows.String() {
		t.Errorf("the table in docs/settings.md should be:\n\n%s", rows.String())
	}
}

func docs(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
