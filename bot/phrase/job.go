package phrase

import (
	"fmt"
	"strings"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// Failures names the red jobs and the first red step of each, after ": "; "" if none is red.
func Failures(jobs []github.Job) string {
	var red []string
	for _, job := range jobs {
		if !Failed(job.Conclusion) {
			continue
		}
		text := say.ForeignCode(job.Name, NameLimit)
		if step, ok := FailedStep(job); ok {
			text += ", step " + say.ForeignCode(step.Name, NameLimit)
		}
		red = append(red, text)
	}
	if len(red) == 0 {
		return ""
	}
	const few = 3
	if len(red) > few {
		red = append(red[:few], fmt.Sprintf("and %d more", len(red)-few))
	}
	return ": " + strings.Join(red, "; ")
}

// FailedStep is the first step of a job that broke.
func FailedStep(job github.Job) (github.Step, bool) {
	for _, step := range job.Steps {
		if Failed(step.Conclusion) {
			return step, true
		}
	}
	return github.Step{}, false
}

// Failed tells whether a conclusion of a run, a job or a step is red.
func Failed(conclusion string) bool {
	return conclusion == "failure" || conclusion == "timed_out" || conclusion == "startup_failure"
}

// Status says what a run that is not over does.
func Status(status string) string {
	switch status {
	case "in_progress":
		return "is running"
	case "waiting":
		return "waits for an approval"
	default:
		return "is queued"
	}
}

// Emoji shows the state of a run, a job, a status or a check. It never stands alone.
func Emoji(state string) string {
	switch state {
	case "success":
		return ":white_check_mark:"
	case "failure", "error", "timed_out", "startup_failure":
		return ":x:"
	case "pending", "queued", "in progress", "in_progress", "requested", "waiting":
		return ":hourglass_flowing_sand:"
	default:
		return ":heavy_minus_sign:"
	}
}
