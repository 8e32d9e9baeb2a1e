package ledger

import (
	"time"

	"slipway/integrations/github"
)

// Run is one attempt of a run. Its key is its id and attempt, its workflow's key the path.
type Run struct {
	Repo     github.Repo
	Run      github.Run
	HeadRepo string // where its branch lies, owner/name; "" if that is not known
	RerunBy  string // GitHub login of who caused this attempt; only webhooks tell
	Read     time.Time
}

// Job is one job of an attempt, with its steps.
type Job struct {
	Repo        github.Repo
	Job         github.Job
	SHA, Branch string // "" if they are not known; only webhooks tell
	Read        time.Time
}

// Status is the latest classic status of one context on a commit.
type Status struct {
	Repo   github.Repo
	SHA    string
	Status github.Status
	Read   time.Time
}

// Check is a check run. Those of the app github-actions are jobs, and no facts of this kind.
type Check struct {
	Repo  github.Repo
	Check github.CheckRun
	Read  time.Time
}

// Subject is the attempt.
func (f Run) Subject() Subject {
	return inRepo(KindRun, f.Repo, attemptKey(f.Run.ID, f.Run.Attempt))
}

// attemptKey names an attempt of a run.
func attemptKey(id int64, attempt int) string { return number(id) + "/" + number(int64(attempt)) }

// Subject is the job.
func (f Job) Subject() Subject { return inRepo(KindJob, f.Repo, number(f.Job.ID)) }

// Subject is the context on the commit.
func (f Status) Subject() Subject { return inRepo(KindStatus, f.Repo, f.SHA, f.Status.Context) }

// Subject is the check run.
func (f Check) Subject() Subject { return inRepo(KindCheck, f.Repo, number(f.Check.ID)) }
