package github_test

import (
	"strings"
	"testing"

	"slipway/integrations/github"
)

func TestParseRepo(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"penny-university/penny_university": "",
		"o/n.js":                            "",
		"octo_corp/-.-":                     "",
		"":                                  "write it as owner/name",
		"penny":                             "write it as owner/name",
		"/n":                                "is no owner",
		"o/":                                "is no repository's name",
		"o/n/":                              "with one slash",
		"o/n/x":                             "with one slash",
		"o/..":                              "is no repository's name",
		"o/.":                               "is no repository's name",
		"o/n.git":                           "leave out .git",
		"o/n#channel":                       "is no repository's name",
		"o p/n":                             "is no owner",
		"o/ñ":                               "is no repository's name",
		"https://github.com/o/n":            "without the address",
		"github.com/o/n":                    "without the address",
		"git@github.com:o/n.git":            "without the address",
		"o/" + strings.Repeat("n", 101):     "is no repository's name",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := github.ParseRepo(in)
			switch {
			case want == "" && (err != nil || got.String() != in):
				t.Errorf("got %v, %v", got, err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want) || got != github.Repo{}):
				t.Errorf("got %v, %v; want an error that says %q", got, err, want)
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, conclusion string
		want               github.Outcome
	}{
		{"completed", "success", github.Green},
		{"completed", "failure", github.Red},
		{"completed", "timed_out", github.Red},
		{"completed", "startup_failure", github.Red},
		{"completed", "cancelled", github.Grey},
		{"completed", "skipped", github.Grey},
		{"completed", "stale", github.Grey},
		{"completed", "neutral", github.Grey},
		{"completed", "action_required", github.NeedsPerson},
		{"completed", "brand_new", github.Other},
		{"completed", "", github.Other},
		{"queued", "success", github.Green}, // GitHub's own examples contradict themselves; the conclusion is the later word
		{"waiting", "", github.NeedsPerson},
		{"requested", "", github.Going},
		{"queued", "", github.Going},
		{"pending", "", github.Going},
		{"in_progress", "", github.Going},
		{"brand_new", "", github.Going},
		{"", "", github.Going},
	} {
		for what, got := range map[string]github.Outcome{
			"run":   github.Run{Status: c.status, Conclusion: c.conclusion}.Outcome(),
			"job":   github.Job{Status: c.status, Conclusion: c.conclusion}.Outcome(),
			"step":  github.Step{Status: c.status, Conclusion: c.conclusion}.Outcome(),
			"check": github.CheckRun{Status: c.status, Conclusion: c.conclusion}.Outcome(),
		} {
			if got != c.want {
				t.Errorf("a %s that is %q, %q: %q, want %q", what, c.status, c.conclusion, got, c.want)
			}
		}
	}
}
