package settings

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"branch: main\ndeploy: {workflow: deploy.yml, step: ^Push$}\n", "notify:\n  checks: off\n  silence: no\n", "people: {Jane: U012AB3CD}\n",
		"access:\n  restore: [U012, \"@dba\"]\n  schedule: none\n", "apps:\n  penny-qa: {branch: \"1.10\", deploy: {step: [a, b]}}\n", "a: &x [*x]\n<<: *x\n",
		"\ufeff# x\r\n---\n...\n---\n", "? [a]\n: |\n  b\n", "branch: \"\\u202e<!channel>`\\n\"\n", "'<@U1> `': {a: [}\n", "\tb: %\n", "access: {hold: *}", "%YAML 1.1\n--- !!map {}", "#\r\r\n4",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, faults := Parse(data, apps)
		lines := strings.Count(string(data), "\n") + 1
		for _, fault := range faults {
			if fault.Line < 0 || fault.Line > lines || strings.ContainsAny(fault.Text, "<>\n\u202e") || strings.Count(fault.Text, "`")%2 != 0 || len(fault.Text) > 1000 {
				t.Errorf("line %d of %d: %q", fault.Line, lines, fault.Text)
			}
		}
		if len(faults) > 0 {
			if s.top != nil || s.apps != nil {
				t.Error("a faulty file gives settings")
			}
			return
		}
		if slices.ContainsFunc(append(slices.Clone(apps), ""), func(app string) bool {
			step := s.For(app).Deploy.Step
			return step != nil && len(step.String()) > longestPattern // made of a name that is nearly as long
		}) {
			return
		}
		again, faults := Parse(written(t, s), apps)
		if len(faults) > 0 {
			t.Fatalf("%s\n%s", faults.Error(), written(t, s))
		}
		for _, app := range append(slices.Clone(apps), "another") {
			was, is := s.For(app), again.For(app)
			if sampled(was) != sampled(is) {
				t.Errorf("%s: another step: %v, %v", app, was.Deploy.Step, is.Deploy.Step)
			}
			was.Deploy.Step, is.Deploy.Step = nil, nil
			if diff := cmp.Diff(was, is); diff != "" {
				t.Errorf("%s (-read +written and read):\n%s", app, diff)
			}
		}
	})
}

// sampled is what an app's step says to some names. Its expression is another when it is read again.
func sampled(a App) (matches [6]bool) {
	if a.Deploy.Step == nil {
		return matches
	}
	for i, name := range []string{"a", "b", "Push", "Push to Production", "Deploy (QA)"} {
		matches[i] = a.Deploy.Step.MatchString(name)
	}
	matches[5] = true
	return matches
}

// written sets settings out as a file that says the same.
func written(t *testing.T, s Settings) []byte {
	t.Helper()
	all := map[string]any{}
	if s.top != nil {
		all = fields(*s.top)
	}
	own := map[string]any{}
	for name, app := range s.apps {
		own[name] = fields(app)
	}
	all["apps"] = own
	text, err := yaml.Dump(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func fields(a App) map[string]any {
	deploy, access := map[string]any{}, map[string]any{}
	if a.Deploy.Workflow != "" {
		deploy["workflow"] = a.Deploy.Workflow
	}
	if a.Deploy.Step != nil {
		deploy["step"] = a.Deploy.Step.String()
	}
	for verb, circle := range a.Access {
		list := slices.Clone(circle.Users)
		for _, group := range circle.Groups {
			list = append(list, "@"+group)
		}
		access[string(verb)] = list
		if len(list) == 0 {
			access[string(verb)] = "none"
		}
	}
	out := map[string]any{
		"production": a.Production, "deploy": deploy, "access": access, "people": map[string]string(a.People),
		"notify": map[string]any{"checks": string(a.Notify.Checks), "changes": a.Notify.Changes, "releases": a.Notify.Releases, "silence": a.Notify.Silence},
	}
	if a.Health != "" {
		out["health"] = a.Health
	}
	if a.Branch != "" {
		out["branch"] = a.Branch
	}
	return out
}
