package ledger

// silences loads the jobs of the runs of pull requests that go on: one of them may wait for a runner.
func (l *loading) silences() {
	for _, s := range l.known.checking() {
		l.get(KindJob, "repo = $1 and run_id = $2 and attempt = $3", s.Run.ID, s.Run.Attempt)
	}
}

// checking are the runs of pull requests that somebody waits for and that are not over.
func (k *Known) checking() []Silence {
	return only(k.heeded(), func(s Silence) bool { return s.Pull != nil && s.Run.Status != completed })
}

// missingSilences are the jobs of runs of pull requests that were seen to go on for so long that their news may be late. Those
// of the deploy branch are among what is missing anyway.
func (k *Known) missingSilences() []Want {
	var list []Want
	for _, s := range k.checking() {
		f, _ := find(k, Run{Repo: k.Repo, Run: *s.Run})
		if f.Read.Sub(began(*s.Run)) >= beginWithin && !k.jobsKnown(*s.Run) && len(list) < wantedJobs {
			list = append(list, WantJobs{RunID: s.Run.ID, Attempt: s.Run.Attempt})
		}
	}
	return list
}
