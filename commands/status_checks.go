package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
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
	heading := fmt.Sprintf("Checks of %s at %s:", say.ForeignCode(s.branch, phrase.NameLimit), s.commitLink(head.SHA))
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
	name := phrase.Run(run)
	jobs := s.known.Jobs(run)
	if run.Status != "completed" {
		return fmt.Sprintf(":hourglass_flowing_sand: %s %s%s", name, phrase.Status(run.Status), s.progress(jobs))
	}
	took := say.For(run.UpdatedAt.Sub(began(run)))
	switch run.Conclusion {
	case "success":
		return fmt.Sprintf(":white_check_mark: %s passed in %s", name, took)
	case "failure", "timed_out", "startup_failure":
		return fmt.Sprintf(":x: %s failed%s", name, phrase.Failures(jobs))
	case "action_required":
		return fmt.Sprintf(":raised_hand: %s waits for a person to approve it", name)
	case "cancelled", "skipped", "stale", "neutral":
		return fmt.Sprintf(":heavy_minus_sign: %s %s", name, run.Conclusion)
	default:
		return fmt.Sprintf(":x: %s ended as %s, which is not green", name, say.ForeignCode(run.Conclusion, phrase.NameLimit))
	}
}

// began is when a run did, which old payloads leave out.
func began(run github.Run) time.Time {
	if run.StartedAt.IsZero() {
		return run.CreatedAt
	}
	return run.StartedAt
}

// progress counts the jobs that are over and names those that run, with their step.
func (s *status) progress(jobs []github.Job) string {
	over, running := 0, []string{}
	for _, job := range jobs {
		switch job.Status {
		case "completed":
			over++
		case "in_progress":
			text := say.ForeignCode(job.Name, phrase.NameLimit)
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
		text += ", " + phrase.Some(running, ", ")
	}
	return text + phrase.Failures(jobs)
}

// otherChecks tells of commit statuses and of check runs that are not Actions' own.
func (s *status) otherChecks(sha string) []string {
	var list []string
	for _, st := range s.known.Statuses(sha) {
		list = append(list, fmt.Sprintf("%s %s: %s", phrase.Emoji(st.State), say.Link(st.URL, say.Cut(say.Scrub(st.Context), phrase.NameLimit)), say.Foreign(st.State, phrase.NameLimit)))
	}
	for _, check := range s.known.Checks(sha) {
		state := check.Conclusion
		if check.Status != "completed" {
			state = strings.ReplaceAll(check.Status, "_", " ")
		}
		list = append(list, fmt.Sprintf("%s %s: %s", phrase.Emoji(state), say.Link(check.URL, say.Cut(say.Scrub(check.Name), phrase.NameLimit)), say.Foreign(state, phrase.NameLimit)))
	}
	slices.Sort(list)
	if more := len(list) - phrase.Listed; more > 0 {
		list = append(list[:phrase.Listed], fmt.Sprintf("and %d more", more))
	}
	return list
}
