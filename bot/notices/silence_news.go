package notices

import (
	"fmt"
	"slices"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

const (
	came = ":white_check_mark:" // what was waited for
	gone = ":heavy_minus_sign:" // it is not waited for any more
)

// corrected says what came in the end.
func (o silence) corrected() (emoji, words string) {
	switch o.kind {
	case ledger.NoRun:
		return o.runCame()
	case ledger.NotBegun:
		return o.beganAtLast()
	case ledger.NotReleased:
		return o.releaseCame()
	}
	run, ok := o.latest()
	switch {
	case ok && run.Attempt == o.attempt && run.Status == "completed":
		return phrase.Emoji(run.Conclusion), fmt.Sprintf("%s went on, and %s", o.runWords(), endedAs(run.Conclusion))
	case ok && run.Attempt > o.attempt:
		return gone, fmt.Sprintf("%s was run again", o.runWords())
	case o.overtaken() != "" && !run.UpdatedAt.After(o.began):
		return gone, o.left()
	}
	return came, fmt.Sprintf("%s gives news again", o.runWords())
}

// endedAs is how a run ended, in words of our own where there are some.
func endedAs(conclusion string) string {
	switch conclusion {
	case "success":
		return "passed"
	case "failure":
		return "failed"
	}
	return "ended: " + say.Foreign(conclusion, phrase.NameLimit)
}

// runCame tells of the first run of the push.
func (o silence) runCame() (emoji, words string) {
	run, ok := o.firstRun()
	if !ok {
		if live := o.allTheSame(); live != "" {
			return gone, "no run began; " + live
		}
		return gone, fmt.Sprintf("no run of its own has begun; %s moved on", say.ForeignCode(o.known.Branch(), phrase.NameLimit))
	}
	_, noun := o.landed()
	return came, fmt.Sprintf("%s began at %s, %s after the %s", phrase.Run(run), say.Date(run.CreatedAt), say.For(run.CreatedAt.Sub(o.began)), noun)
}

func (o silence) firstRun() (first github.Run, ok bool) {
	for _, run := range o.known.BranchRuns() { // newest first
		if run.Event == "push" && run.SHA == o.commit {
			first, ok = run, true
		}
	}
	return first, ok
}

// beganAtLast tells when the run or job left the queue.
func (o silence) beganAtLast() (emoji, words string) {
	run, ok := o.latest()
	at, begun := o.begun()
	switch {
	case begun && at.IsZero():
		return came, fmt.Sprintf("%s had begun by %s", o.runWords(), say.Date(o.seenBegun()))
	case begun:
		return came, fmt.Sprintf("%s began at %s, after %s in the queue", o.runWords(), say.Date(at), say.For(at.Sub(o.began)))
	case ok && run.Attempt > o.attempt:
		return gone, o.runWords() + " was run again"
	case ok && run.Status == "completed" && !tookPlace(run.Conclusion):
		return gone, fmt.Sprintf("%s ended before it began: %s", o.runWords(), say.Foreign(run.Conclusion, phrase.NameLimit))
	case ok && run.Status == "waiting":
		return gone, o.runWords() + " waits for an approval"
	}
	if live := o.allTheSame(); live != "" && o.blind {
		return gone, fmt.Sprintf("no news of %s; %s", o.runWords(), live)
	}
	return gone, o.left()
}

// seenBegun is when it was seen that it had begun.
func (o silence) seenBegun() time.Time {
	if o.begunBy.IsZero() {
		return o.over
	}
	return o.begunBy
}

// begun is when a runner took the first job of the run, or the one that waited; zero: it did, and it is not known when.
func (o silence) begun() (at time.Time, ok bool) {
	for _, job := range o.known.Jobs(github.Run{ID: o.run, Attempt: o.attempt}) {
		if (o.job == "" || job.Name == o.job) && worked(job) && (at.IsZero() || job.StartedAt.Before(at)) {
			at, ok = job.StartedAt, true
		}
	}
	if !ok && !o.came.IsZero() {
		return o.came, true
	}
	if o.late(at) {
		return time.Time{}, false // it began when nobody waited for it any more
	}
	run, known := o.latest()
	return at, ok || !o.begunBy.IsZero() || known && o.job == "" && run.Attempt == o.attempt && (run.Status == "in_progress" || tookPlace(run.Conclusion))
}

// late tells whether a run that was given up began only afterwards, if it began at at; zero: that is not known.
func (o silence) late(at time.Time) bool {
	if o.open() || !o.came.IsZero() || !o.begunBy.IsZero() || o.overtaken() == "" {
		return false
	}
	return at.IsZero() || at.After(o.over)
}

// worked tells whether a runner took a job. Of one that was cancelled its steps tell.
func worked(job github.Job) bool {
	return tookPlace(job.Conclusion) || job.Status == "in_progress" || slices.ContainsFunc(job.Steps, func(s github.Step) bool { return !s.StartedAt.IsZero() })
}

// tookPlace tells whether what ended so had begun.
func tookPlace(conclusion string) bool {
	return conclusion == "success" || conclusion == "failure" || conclusion == "timed_out"
}

// releaseCame tells of the release that followed late, or of another.
func (o silence) releaseCame() (emoji, words string) {
	r, ok := o.known.Released(o.commit, o.began)
	if !ok {
		return gone, fmt.Sprintf("no release is waited for any more after %s", o.runWords())
	}
	placed := o.known.Placed(r)
	if placed.Commit != "" && placed.Commit != o.commit {
		return gone, fmt.Sprintf("no release of its own came; %s was deployed at %s", r, say.Date(r.CreatedAt))
	}
	if !r.CreatedAt.After(o.began) {
		return came, fmt.Sprintf("%s was released in time, at %s", r, say.Date(r.CreatedAt))
	}
	return came, fmt.Sprintf("%s came at %s, %s after %s", r, say.Date(r.CreatedAt), say.For(r.CreatedAt.Sub(o.began)), o.runWords())
}

// ended is when news came, as the far end tells or, if it does not, as it was seen.
func (o silence) ended() time.Time {
	switch o.kind {
	case ledger.NoRun:
		if run, ok := o.firstRun(); ok {
			return run.CreatedAt
		}
	case ledger.NotBegun:
		if at, ok := o.begun(); ok && !at.IsZero() {
			return at
		}
	case ledger.NotReleased:
		if r, ok := o.known.Released(o.commit, o.began); ok {
			return r.CreatedAt
		}
	case ledger.Stalled:
	}
	return o.over
}

// arrived tells whether the run that was waited for began.
func (o silence) arrived() bool {
	switch o.kind {
	case ledger.NoRun:
		_, ok := o.firstRun()
		return ok
	case ledger.NotBegun:
		_, ok := o.begun()
		return ok
	}
	return false
}
