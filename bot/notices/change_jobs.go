package notices

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// group is how the jobs of one state are said.
type group struct {
	state string
	emoji string
	words func(phrase.Matrix) string
	after string
	named bool // also if there are many jobs
}

// groups are the states of jobs, in the order in which they are said.
func groups() []group {
	counted := phrase.Matrix.Counted
	return []group{
		{"failure", bad, phrase.Matrix.FailedLine, "", true},
		{"waiting", person, counted, " waits for an approval", true},
		{"success", good, counted, "", false},
		{"in_progress", going, counted, "", true},
		{"cancelled", "", counted, " cancelled", true},
		{"skipped", "", counted, " skipped", true},
		{"neutral", "", counted, " ended otherwise", true},
	}
}

// of are the matrices in the state.
func (g group) of(matrices []phrase.Matrix) []phrase.Matrix {
	return slices.DeleteFunc(slices.Clone(matrices), func(m phrase.Matrix) bool { return stateOf(m) != g.state })
}

// stateOf is the group of a matrix.
func stateOf(m phrase.Matrix) string {
	if len(m.Red()) == 0 && has(m.Jobs, "waiting") {
		return "waiting"
	}
	switch s := m.State(); s {
	case "failure", "success", "in_progress", "cancelled", "skipped":
		return s
	}
	return "neutral"
}

// parts tell how jobs stand. Few are named; of more those that are red, wait or run, and the rest is counted.
func parts(jobs []github.Job) []string {
	matrices := phrase.Matrices(jobs)
	few := len(jobs) == 1 || len(matrices) <= namedJobs && slices.ContainsFunc(jobs, unended)
	var list []string
	for _, g := range groups() {
		of, named := g.of(matrices), 0
		if g.named || few {
			named = min(len(of), namedJobs)
		}
		for _, m := range of[:named] {
			list = append(list, strings.TrimSpace(g.emoji+" "+g.words(m)+g.after))
		}
		if n := size(of[named:]); n > 0 {
			list = append(list, g.counted(n, len(list) > 0))
		}
	}
	return list
}

// counts tell how many jobs are in each state.
func counts(jobs []github.Job) []string {
	matrices := phrase.Matrices(jobs)
	var list []string
	for _, g := range groups() {
		if n := size(g.of(matrices)); n > 0 {
			list = append(list, g.counted(n, len(list) > 0))
		}
	}
	return list
}

// counted tells how many jobs are in the state: "3 jobs", or "2 more" after others.
func (g group) counted(n int, after bool) string {
	text := say.Count(n, "job", "jobs")
	if after {
		text = fmt.Sprintf("%d more", n)
	}
	if g.state == "failure" {
		text += " failed"
	}
	return strings.TrimSpace(g.emoji + " " + text + g.after)
}

func size(list []phrase.Matrix) (n int) {
	for _, m := range list {
		n += len(m.Jobs)
	}
	return n
}

func unended(j github.Job) bool { return j.Status != "completed" }
