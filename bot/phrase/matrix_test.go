package phrase_test

import (
	"fmt"
	"strings"
	"testing"

	"slipway/bot/phrase"
	"slipway/integrations/github"
)

// jobs makes jobs of "name: conclusion" or "name: failure at step"; of one that goes on the conclusion is "".
func jobs(lines ...string) []github.Job {
	var list []github.Job
	for i, line := range lines {
		name, how, _ := strings.Cut(line, ": ")
		how, step, stepped := strings.Cut(how, " at ")
		j := github.Job{Name: name, Conclusion: how, URL: fmt.Sprintf("https://x.org/%d", i+1)}
		if stepped {
			j.Steps = []github.Step{{Name: "Checkout", Number: 1, Conclusion: "success"}, {Name: step, Number: 4, Conclusion: "failure"}}
		}
		list = append(list, j)
	}
	return list
}

func TestJobsOfOneMatrixAreOne(t *testing.T) {
	t.Parallel()
	const test = ": failure at Test"
	for name, tc := range map[string]struct {
		jobs                      []github.Job
		counted, how, title, line string
	}{
		"one job": {
			jobs("lint" + test), "lint", "failure", "lint failed, step Test", "<https://x.org/1|lint>, step <https://x.org/1#step:4:1|Test>",
		},
		"one of a matrix": {
			jobs("test (3.8)" + test), "test (3.8)", "failure", "test (3.8) failed, step Test", "<https://x.org/1|test (3.8)>, step <https://x.org/1#step:4:1|Test>",
		},
		"a matrix": {
			jobs("test (3.8)"+test, "test (3.9)"+test, "test (3.10): success"), "test (3 jobs)", "failure", "test failed in 2 of 3, step Test",
			"test, 2 of 3 failed (<https://x.org/1|3.8>, <https://x.org/2|3.9>), step <https://x.org/1#step:4:1|Test>",
		},
		"several values": {
			jobs("call / test (3.8, ubuntu (lts))"+test, "call / test (3.9, ubuntu (lts)): success"), "call / test (2 jobs)", "failure", "call / test failed in 1 of 2, step Test",
			"call / test, 1 of 2 failed (<https://x.org/1|3.8, ubuntu (lts)>), step <https://x.org/1#step:4:1|Test>",
		},
		"other steps": {
			jobs("test (1)"+test, "test (2): failure at Build", "test (3): failure", "test (4): failure at Lint", "test (5): failure at Ship"), "test (5 jobs)", "failure",
			"test failed in 5 of 5, step Test and 3 others",
			"test, 5 of 5 failed (<https://x.org/1|1>, <https://x.org/2|2>, <https://x.org/3|3>, and 2 more), step <https://x.org/1#step:4:1|Test> and 3 others",
		},
		"two steps":             {jobs("test (1)"+test, "test (2): failure at Build"), "test (2 jobs)", "failure", "test failed in 2 of 2, steps Test and Build", "test, 2 of 2 failed (<https://x.org/1|1>, <https://x.org/2|2>), steps <https://x.org/1#step:4:1|Test> and <https://x.org/2#step:4:1|Build>"},
		"going":                 {jobs("test (1): success", "test (2): "), "test (2 jobs)", "in_progress", "", "test (2 jobs)"},
		"cancelled":             {jobs("test (1): success", "test (2): cancelled"), "test (2 jobs)", "cancelled", "", "test (2 jobs)"},
		"skipped":               {jobs("test: skipped"), "test", "skipped", "", "test"},
		"something else":        {jobs("test: stale"), "test", "neutral", "", "test"},
		"a name in parentheses": {jobs("(3.8): success"), "(3.8)", "success", "", "(3.8)"},
		"no space":              {jobs("f(x): success"), "f(x)", "success", "", "f(x)"},
		"unbalanced":            {jobs("x) (y)): success"), "x) (y))", "success", "", "x) (y))"},
	} {
		list := phrase.Matrices(tc.jobs)
		if len(list) != 1 {
			t.Errorf("%s: folded to %d", name, len(list))
			continue
		}
		m := list[0]
		title := ""
		if len(m.Red()) > 0 {
			title = m.FailedTitle()
		}
		if m.Counted() != tc.counted || m.State() != tc.how || title != tc.title || m.FailedLine() != tc.line {
			t.Errorf("%s:\n%s\n%s\n%s\n%s", name, m.Counted(), m.State(), title, m.FailedLine())
		}
	}
}

func TestJobsOfOtherNamesStayApartInTheirOrder(t *testing.T) {
	t.Parallel()
	got := ""
	for _, m := range phrase.Matrices(jobs("b (1): success", "a: success", "b (2): success", "c (1): success", "a (1): success")) {
		got += fmt.Sprintf("%s %d;", m.Name, len(m.Jobs))
	}
	if want := "b 2;a 2;c (1) 1;"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHostileJobsAreInert(t *testing.T) {
	t.Parallel()
	const evil = "<!channel> `*x*` ghp_0123456789abcdefABCDEF0123456789abcd|"
	list := jobs(evil+" ("+evil+")"+": failure at "+evil, evil+" (2): failure at x")
	list[1].URL = "javascript:x"
	for _, m := range phrase.Matrices(list) {
		text := m.Counted() + m.FailedTitle() + m.FailedLine() + phrase.JobLink(list[0]) + phrase.StepLink(github.Job{}, list[0].Steps[1])
		for _, bad := range []string{"<!channel", "`", "*x*", "ghp_0123", "javascript"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q is in %s", bad, text)
			}
		}
	}
}
