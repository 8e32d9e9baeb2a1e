package ledger

import (
	"slices"
	"time"
)

// How much is loaded for the checks of pull requests.
const (
	loadedChecks  = 200 // attempts on the branches that ran last
	loadedStreaks = 30  // that are not over, the newest
)

// checks loads the runs of the branches on which something ran lately: a streak may be longer than what is loaded of all.
// Of what is not green the failing jobs are loaded, and what else is known of the head.
func (l *loading) checks() {
	l.get(KindRun, `repo = $1 and event in ('push', 'pull_request', 'pull_request_target') and branch <> $2
		and branch in (select branch from (select branch from ledger_runs where repo = $1 order by id desc limit $3) as newest)
		order by id desc limit $4`, l.known.Branch(), loadedRuns, loadedChecks)
	for _, s := range l.known.failing() {
		for _, f := range slices.Concat(s.Reds()[:1], s.Failed(), s.Newest()) {
			l.get(KindJob, "repo = $1 and run_id = $2", f.Run.ID)
		}
		l.get(KindCommit, "repo = $1 and sha = $2", s.Reds()[0].Run.SHA)
		l.get(KindStatus, "repo = $1 and sha = $2", s.Head())
		l.get(KindCheck, "repo = $1 and sha = $2", s.Head())
	}
}

// failing are the newest streaks that have failed and are not over, newest first.
func (k *Known) failing() []Streak {
	list := only(k.Streaks(), func(s Streak) bool { return !s.Over && len(s.Reds()) > 0 })
	slices.Reverse(list)
	return list[:min(len(list), loadedStreaks)]
}

// How much is wanted of what webhooks did not tell.
const (
	wantedWithin = 24 * time.Hour // before runs were last read; later nobody is told of it any more
	wantedJobs   = 10             // the newest
)

// MissingChecks are what must be read to tell why checks of pull requests fail, and whether they are late. They are apart from
// Missing, as no answer waits for them.
func (k *Known) MissingChecks() []Want {
	var list []Want
	for _, s := range k.failing() {
		for _, f := range s.Failed() {
			recent := k.ReadAt(Runs).Sub(f.Run.UpdatedAt) < wantedWithin
			if recent && f.Run.Conclusion != "startup_failure" && !k.jobsKnown(f.Run) && len(list) < wantedJobs {
				list = append(list, WantJobs{RunID: f.Run.ID, Attempt: f.Run.Attempt})
			}
		}
	}
	return append(list, k.missingSilences()...)
}
