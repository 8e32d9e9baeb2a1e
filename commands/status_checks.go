package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// checkLines say how the checks of the branch's head stand: its runs, one for each workflow file, and what is not
// Actions.
func (s *status) checkLines(p *page) {
	head := s.github.head
	if head == nil || s.lost(fromGitHub, "runs") {
		return
	}
	var parts []string
	for _, run := range s.newestRuns(head.SHA) {
		parts = append(parts, s.runWords(run))
	}
	parts = append(parts, s.otherChecks()...)
	if len(parts) == 0 {
		parts = []string{":grey_question: no run has begun on it"}
	}
	heading := fmt.Sprintf("Checks of %s at %s:", say.Code(s.branch), s.commitLink(head.SHA))
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
		if run.SHA == sha && run.Event != "pull_request" && !slices.ContainsFunc(list, same) {
			list = append(list, run)
		}
	}
	slices.SortFunc(list, func(a, b github.Run) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// runWords tells how a run stands, and of one that is red the job and step that broke first.
func (s *status) runWords(run github.Run) string {
	name := runLink(run)
	jobs := s.github.jobs[run.ID]
	if run.Status != "completed" {
		return fmt.Sprintf(":hourglass_flowing_sand: %s %s%s", name, statusWords(run.Status), s.progress(jobs))
	}
	took := say.For(run.UpdatedAt.Sub(run.StartedAt))
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
		return fmt.Sprintf(":x: %s ended as %s, which is not green", name, say.Code(run.Conclusion))
	}
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
			text := say.Code(job.Name)
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
		text += ", " + strings.Join(running, ", ")
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
		text := say.Code(job.Name)
		for _, step := range job.Steps {
			if step.Conclusion == "failure" || step.Conclusion == "timed_out" {
				text += ", step " + say.Code(step.Name)
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
func (s *status) otherChecks() []string {
	var list []string
	for _, st := range s.github.statuses {
		list = append(list, fmt.Sprintf("%s %s: %s", stateEmoji(st.State), say.Link(st.URL, st.Context), say.Escape(st.State)))
	}
	for _, check := range s.github.checks {
		if check.App == "github-actions" {
			continue
		}
		state := check.Conclusion
		if check.Status != "completed" {
			state = strings.ReplaceAll(check.Status, "_", " ")
		}
		list = append(list, fmt.Sprintf("%s %s: %s", stateEmoji(state), say.Link(check.URL, check.Name), say.Escape(state)))
	}
	slices.Sort(list)
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

// runningLines say what goes on now besides the checks of the head: older runs, builds, release phases, one-off dynos.
func (s *status) runningLines(p *page) {
	var parts []string
	for _, run := range s.github.runs {
		if run.Status == "completed" || (s.github.head != nil && run.SHA == s.github.head.SHA) {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s of %s %s%s", runLink(run), s.commitLink(run.SHA), statusWords(run.Status),
			s.progress(s.github.jobs[run.ID])))
	}
	for _, b := range s.heroku.builds {
		if b.Status == heroku.Pending {
			parts = append(parts, fmt.Sprintf("a build of %s by %s, begun %s", s.builtCommit(b.Commit), say.Escape(b.By), say.Ago(s.now, b.CreatedAt)))
		}
	}
	for _, r := range s.heroku.releases {
		if r.Status == heroku.Pending {
			parts = append(parts, fmt.Sprintf("the release phase of %s (%s), begun %s", version(r), say.Escape(say.Cut(r.Description, 80)), say.Ago(s.now, r.CreatedAt)))
		}
	}
	for _, d := range s.heroku.dynos {
		if d.Type == "run" || d.Type == "scheduler" || d.Type == "release" {
			parts = append(parts, fmt.Sprintf("%s, begun %s", say.Code(d.Name), say.Ago(s.now, d.CreatedAt)))
		}
	}
	switch {
	case len(parts) == 1:
		p.line("Running now: " + parts[0])
	case len(parts) > 1:
		p.line("Running now:")
		for _, part := range parts {
			p.line("• " + part)
		}
	case len(s.gaps.list) == 0:
		p.line("Running now: nothing else")
	}
}

// builtCommit names the commit of a build, as a link only where GitHub is known to have it.
func (s *status) builtCommit(sha string) string {
	switch {
	case sha == "":
		return "something"
	case s.onGitHub(sha):
		return s.commitLink(sha)
	default:
		return say.Code(short(sha))
	}
}
