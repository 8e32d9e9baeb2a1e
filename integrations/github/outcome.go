package github

// Outcome is what a run, job, step or check comes to, in the colours that a person thinks in.
type Outcome string

// The outcomes, with GitHub's conclusions behind them.
const (
	Going       Outcome = "going"          // queued, waiting its turn, or running
	Green       Outcome = "green"          // success
	Red         Outcome = "red"            // failure, timed_out, startup_failure
	Grey        Outcome = "grey"           // cancelled, skipped, stale, neutral: neither good nor bad
	NeedsPerson Outcome = "needs a person" // somebody has to approve or act before it goes on
	Other       Outcome = "finished"       // a conclusion that is new to us: not green; show the conclusion itself
)

// Outcome tells what the run came to.
func (r Run) Outcome() Outcome { return outcome(r.Status, r.Conclusion) }

// Outcome tells what the job came to. A green one may have done nothing: look for skipped steps.
func (j Job) Outcome() Outcome { return outcome(j.Status, j.Conclusion) }

// Outcome tells what the step came to.
func (s Step) Outcome() Outcome { return outcome(s.Status, s.Conclusion) }

// Outcome tells what the check came to.
func (r CheckRun) Outcome() Outcome { return outcome(r.Status, r.Conclusion) }

func outcome(status, conclusion string) Outcome {
	switch conclusion {
	case "success":
		return Green
	case "failure", "timed_out", "startup_failure":
		return Red
	case "cancelled", "skipped", "stale", "neutral":
		return Grey
	case "action_required":
		return NeedsPerson
	}
	switch {
	case conclusion != "" || status == "completed":
		return Other
	case status == "waiting":
		return NeedsPerson
	}
	return Going
}
