package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// checkLines say how the checks of the branch's head stand: its runs, one for each workflow file, and what is not
// Actions.
func (s *status) checkLines(p *page) {
	head := s.github.head
	if head == nil || s.lost(ledger.Runs) {
		return
	}
	var parts []string
	for _, run := range s.newestRuns(head.SHA) {
		parts = append(parts, s.runWords(run))
	}
	parts = append(parts, s.otherChecks(head.SHA)...)
	if len(parts) == 0 {
		parts = []string{":grey_question: no run has begun on it"}
	}
	heading := fmt.Sprintf("Checks of %s at %s:", say.ForeignCode(s.branch, nameLimit), s.commitLink(head.SHA))
	if len(parts) == 1 {
		p.line(heading + " " + parts[0])
		return
	}
	p.line(heading)
	for _, part := range parts {
		p.line("• " + part)
	}
}

// newestRuns gives the newest run of each workflow file at a commit. The name does not tell them apart: two files may
// share one.
func (s *status) newestRuns(sha string) []github.Run {
	var list []github.Run
	for _, run := range s.github.runs {
		same := func(r github.Run) bool { return r.Path == run.Path }
		if run.SHA == sha && !slices.ContainsFunc(list, same) {
			list = append(list, run)
		}
	}
	slices.SortFunc(list, func(a, b github.Run) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// runWords tells how a run stands, and of one that is red the job and step that broke first.
func (s *status) runWords(run github.Run) string {
	name := runLink(run)
	jobs := s.known.Jobs(run)
	if run.Status != "completed" {
		return fmt.Sprintf(":hourglass_flowing_sand: %s %s%s", name, statusWords(run.Status), s.progress(jobs))
	}
	took := say.For(run.UpdatedAt.Sub(began(run)))
	switch run.Conclusion {
	case "success":
		return fmt.Sprintf(":white_check_mark: %s passed in %s", name, took)
	case "failure", "timed_out", "startup_failure":
		return fmt.Sprintf(":x: %s failed%s", name, failures(jobs))
	case "action_required":
		return fmt.Sprintf(":raised_hand: %s waits for a person to approve it", name)
	case "cancelled", "skipped", "stale", "neutral":
		return fmt.Sprintf(":heavy_minus_sign: %s %s", name, run.Conclusion)
	default:
		return fmt.Sprintf(":x: %s ended as %s, which is not green", name, say.ForeignCode(run.Conclusion, nameLimit))
	}
}

// began is when a run did, which old payloads leave out.
func began(run github.Run) time.Time {
	if run.StartedAt.IsZero() {
		return run.CreatedAt
	}
	return run.StartedAt
}

func statusWords(status string) string {
	switch status {
	case "in_progress":
		return "is running"
	case "waiting":
		return "waits for an approval"
	default:
		return "is queued"
	}
}

// progress counts the jobs that are over and names those that run, with their step.
func (s *status) progress(jobs []github.Job) string {
	over, running := 0, []string{}
	for _, job := range jobs {
		switch job.Status {
		case "completed":
			over++
		case "in_progress":
			text := say.ForeignCode(job.Name, nameLimit)
			if !job.StartedAt.IsZero() {
				text += " for " + say.For(s.now.Sub(job.StartedAt).Truncate(time.Second))
			}
			running = append(running, text)
		}
	}
	if len(jobs) == 0 {
		return ""
	}
	text := fmt.Sprintf(": %d of %d jobs done", over, len(jobs))
	if len(running) > 0 {
		text += ", " + some(running, ", ")
	}
	return text + failures(jobs)
}

// failures names the red jobs and the first red step of each.
func failures(jobs []github.Job) string {
	var red []string
	for _, job := range jobs {
		if job.Conclusion != "failure" && job.Conclusion != "timed_out" && job.Conclusion != "startup_failure" {
			continue
		}
		text := say.ForeignCode(job.Name, nameLimit)
		for _, step := range job.Steps {
			if step.Conclusion == "failure" || step.Conclusion == "timed_out" {
				text += ", step " + say.ForeignCode(step.Name, nameLimit)
				break
			}
		}
		red = append(red, text)
	}
	if len(red) == 0 {
		return ""
	}
	if len(red) > 3 {
		red = append(red[:3], fmt.Sprintf("and %d more", len(red)-3))
	}
	return ": " + strings.Join(red, "; ")
}

// otherChecks tells of commit statuses and of check runs that are not Actions' own.
func (s *status) otherChecks(sha string) []string {
	var list []string
	for _, st := range s.known.Statuses(sha) {
		list = append(list, fmt.Sprintf("%s %s: %s", stateEmoji(st.State), say.Link(st.URL, say.Cut(say.Scrub(st.Context), nameLimit)), say.Foreign(st.State, nameLimit)))
	}
	for _, check := range s.known.Checks(sha) {
		state := check.Conclusion
		if check.Status != "completed" {
			state = strings.ReplaceAll(check.Status, "_", " ")
		}
		list = append(list, fmt.Sprintf("%s %s: %s", stateEmoji(state), say.Link(check.URL, say.Cut(say.Scrub(check.Name), nameLimit)), say.Foreign(state, nameLimit)))
	}
	slices.Sort(list)
	if more := len(list) - listed; more > 0 {
		list = append(list[:listed], fmt.Sprintf("and %d more", more))
	}
	return list
}

func stateEmoji(state string) string {
	switch state {
	case "success":
		return ":white_check_mark:"
	case "failure", "error", "timed_out", "startup_failure":
		return ":x:"
	case "pending", "queued", "in progress", "requested", "waiting":
		return ":hourglass_flowing_sand:"
	default:
		return ":heavy_minus_sign:"
	}
}
