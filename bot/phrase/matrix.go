package phrase

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// Matrix is the jobs that differ in the values of a matrix only: "test-backend (3.8)" and "test-backend (3.9)". A job
// without a matrix is one of one.
type Matrix struct {
	Name string // "test-backend"; of one job alone its whole name
	Jobs []github.Job
}

// Matrices folds jobs by what their names have in common, in the order in which the first of each comes.
func Matrices(jobs []github.Job) []Matrix {
	var list []Matrix
	at := map[string]int{}
	for _, job := range jobs {
		name, _ := variant(job)
		i, ok := at[name]
		if !ok {
			i = len(list)
			at[name] = i
			list = append(list, Matrix{Name: name})
		}
		list[i].Jobs = append(list[i].Jobs, job)
	}
	for i, m := range list {
		if len(m.Jobs) == 1 {
			list[i].Name = m.Jobs[0].Name
		}
	}
	return list
}

// variant parts a job's name from the values of its matrix, which GitHub puts behind it: "test-backend (3.8, ubuntu)".
func variant(job github.Job) (name, values string) {
	inner, ok := strings.CutSuffix(job.Name, ")")
	if !ok {
		return job.Name, ""
	}
	depth := 1
	for i := len(inner) - 1; i > 0; i-- {
		switch inner[i] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 && inner[i-1] == ' ' && i > 1 {
			return inner[:i-1], inner[i+1:]
		}
		if depth == 0 {
			break
		}
	}
	return job.Name, ""
}

// Red are the jobs that failed.
func (m Matrix) Red() []github.Job {
	return slices.DeleteFunc(slices.Clone(m.Jobs), func(j github.Job) bool { return !Failed(j.Conclusion) })
}

// State is one state for all of the jobs, as Emoji takes it: red if one is, going on if one does, else the most telling.
func (m Matrix) State() string {
	states := map[string]bool{}
	for _, j := range m.Jobs {
		switch {
		case Failed(j.Conclusion):
			states["failure"] = true
		case j.Conclusion != "":
			states[j.Conclusion] = true
		default:
			states["in_progress"] = true
		}
	}
	for _, s := range [...]string{"failure", "in_progress", "action_required", "cancelled", "success", "skipped"} {
		if states[s] {
			return s
		}
	}
	return "neutral"
}

// Counted names the jobs without links: "test-backend", or "test-backend (4 jobs)".
func (m Matrix) Counted() string {
	if name := say.Foreign(m.Name, NameLimit); len(m.Jobs) > 1 {
		return fmt.Sprintf("%s (%d jobs)", name, len(m.Jobs))
	}
	return say.Foreign(m.Name, NameLimit)
}

// FailedTitle says what failed, without links: "test-backend failed, step Test with pytest", or "test-backend failed in 2
// of 4, step Test with pytest".
func (m Matrix) FailedTitle() string {
	text := say.Foreign(m.Name, NameLimit) + " failed"
	if len(m.Jobs) > 1 {
		text += fmt.Sprintf(" in %d of %d", len(m.Red()), len(m.Jobs))
	}
	return text + steps(m.Red(), func(_ github.Job, s github.Step) string { return say.Foreign(s.Name, NameLimit) })
}

// FailedLine says what failed, with links to jobs and first failed steps: "test-backend, step Test with pytest", or
// "test-backend, 2 of 4 failed (3.8, 3.9), step Test with pytest".
func (m Matrix) FailedLine() string {
	red := m.Red()
	if len(red) == 0 {
		return m.Counted()
	}
	text := JobLink(red[0])
	if len(m.Jobs) > 1 {
		var values []string
		for _, j := range red[:min(len(red), few)] {
			_, v := variant(j)
			values = append(values, link(j.URL, v))
		}
		if len(red) > few {
			values = append(values, fmt.Sprintf("and %d more", len(red)-few))
		}
		text = fmt.Sprintf("%s, %d of %d failed (%s)", say.Foreign(m.Name, NameLimit), len(red), len(m.Jobs), strings.Join(values, ", "))
	}
	return text + steps(red, StepLink)
}

// few is how many of what failed are named; the rest is counted.
const few = 3

// steps names the first failed step of each job, every name once, after ", step ".
func steps(red []github.Job, say func(github.Job, github.Step) string) string {
	var names, words []string
	for _, j := range red {
		if s, ok := FailedStep(j); ok && !slices.Contains(names, s.Name) {
			names, words = append(names, s.Name), append(words, say(j, s))
		}
	}
	switch n := len(words); {
	case n == 0:
		return ""
	case n == 1:
		return ", step " + words[0]
	case n == 2:
		return ", steps " + words[0] + " and " + words[1]
	default:
		return fmt.Sprintf(", step %s and %d others", words[0], n-1)
	}
}

// JobLink links a job by its name.
func JobLink(job github.Job) string { return link(job.URL, job.Name) }

// StepLink links the log of a step, as GitHub's page of the job opens it.
func StepLink(job github.Job, step github.Step) string {
	if job.URL == "" {
		return say.Foreign(step.Name, NameLimit)
	}
	return link(fmt.Sprintf("%s#step:%d:1", job.URL, step.Number), step.Name)
}

func link(address, name string) string { return say.Link(address, say.Cut(say.Scrub(name), NameLimit)) }
