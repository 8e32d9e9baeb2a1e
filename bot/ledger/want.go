package ledger

import "fmt"

// Want is what must still be read to answer the questions.
type Want interface {
	// Reading names the want in a Reading: the list, and which of many.
	Reading() (what List, of string)
	// Words name it to people: "the commit of v122".
	Words() string
	// Sender is who knows it.
	Sender() Sender
}

// WantJobs are the jobs of an attempt. A reader tells when they were read: Reading{What: Jobs, Of: "123/1", At: …}.
type WantJobs struct {
	RunID   int64
	Attempt int
}

// WantAttempt is an earlier attempt of a run.
type WantAttempt struct {
	RunID   int64
	Attempt int
}

// WantSlug is the code of a release: a slug or an image.
type WantSlug struct {
	Version         int
	SlugID, ImageID string // one of them is ""
}

// WantOutput is what the command of a release printed. Where it can be read is on the release, which must be read for it.
type WantOutput struct {
	Version   int
	ReleaseID string
}

// WantCommit is whether GitHub knows the commit of a release. The answer is a Commit or an Absent.
type WantCommit struct {
	Version int
	SHA     string
}

// WantSpan is what lies between two commits.
type WantSpan struct{ Base, Head string }

// Reading names the attempt.
func (w WantJobs) Reading() (what List, of string) { return Jobs, attemptKey(w.RunID, w.Attempt) }

// Reading names the attempt.
func (w WantAttempt) Reading() (what List, of string) { return Runs, attemptKey(w.RunID, w.Attempt) }

// Reading names the release.
func (w WantSlug) Reading() (what List, of string) { return Slugs, version(w.Version) }

// Reading names the release.
func (w WantOutput) Reading() (what List, of string) { return Outputs, version(w.Version) }

// Reading names the commit.
func (w WantCommit) Reading() (what List, of string) { return Commits, w.SHA }

// Reading names the two commits.
func (w WantSpan) Reading() (what List, of string) { return Spans, w.Base + "..." + w.Head }

// Words are those of the list.
func (w WantJobs) Words() string { return string(Jobs) }

// Words are those of the list.
func (w WantAttempt) Words() string { return string(Runs) }

// Words name the release.
func (w WantSlug) Words() string { return string(Slugs) + " " + version(w.Version) }

// Words name the release.
func (w WantOutput) Words() string { return string(Outputs) + " " + version(w.Version) }

// Words name the release, as people know it by that.
func (w WantCommit) Words() string { return string(Slugs) + " " + version(w.Version) }

// Words are those of the list.
func (w WantSpan) Words() string { return string(Spans) }

// Sender is GitHub.
func (w WantJobs) Sender() Sender { return GitHub }

// Sender is GitHub.
func (w WantAttempt) Sender() Sender { return GitHub }

// Sender is Heroku.
func (w WantSlug) Sender() Sender { return Heroku }

// Sender is Heroku.
func (w WantOutput) Sender() Sender { return Heroku }

// Sender is GitHub.
func (w WantCommit) Sender() Sender { return GitHub }

// Sender is GitHub.
func (w WantSpan) Sender() Sender { return GitHub }

func version(v int) string { return fmt.Sprintf("v%d", v) }
