package ledger

import (
	"slices"
	"time"
)

// How much is loaded for the checks of pull requests.
const (
	loadedChecks   = 300 // attempts on a branch
	loadedBranches = 60  // on which something ran last, and as many of the pull requests that were touched last
	loadedStreaks  = 60  // that are not over, the newest
)

// checks loads the runs of the branches on which something ran lately, or whose pull requests were touched: a streak may be
// longer than what is loaded of all, and a pull request may be closed long after its last run. Of what is not green the failing
// jobs are loaded, and what else is known of the head.
func (l *loading) checks() {
	for _, branch := range l.checkedBranches() {
		l.get(KindRun, "repo = $1 and branch = $2 and event in ('push', 'pull_request', 'pull_request_target') order by id desc limit $3",
			branch, loadedChecks)
	}
	for _, s := range l.known.failing() {
		for _, f := range slices.Concat(s.Reds()[:1], s.Failed(), s.Newest()) {
			l.get(KindJob, "repo = $1 and run_id = $2", f.Run.ID)
		}
		l.get(KindCommit, "repo = $1 and sha = $2", s.Reds()[0].Run.SHA)
		l.get(KindStatus, "repo = $1 and sha = $2", s.Head())
		l.get(KindCheck, "repo = $1 and sha = $2", s.Head())
	}
}

// checkedBranches are those of which the checks may be told, the deploy branch left out.
func (l *loading) checkedBranches() []string {
	var list []string
	add := func(branch string) {
		if branch != "" && branch != l.known.Branch() && !slices.Contains(list, branch) {
			list = append(list, branch)
		}
	}
	runs, pulls := l.known.Runs(), l.known.Pulls()
	for _, f := range runs[:min(len(runs), loadedBranches)] {
		add(f.Run.Branch)
	}
	for _, p := range pulls[:min(len(pulls), loadedBranches)] {
		if read := l.known.ReadAt(Runs); read.Sub(p.UpdatedAt) < wantedWithin { // older news are not told
			add(p.HeadRef)
		}
	}
	return list
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
