package notices

import (
	"fmt"
	"slices"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// holds tells whether slipway was away at t.
func (g gap) holds(t time.Time) bool { return !t.Before(g.from) && t.Before(g.to) }

// ended tells what became of changes while slipway was away. It asks for what ended then, and not for how it stands now, or
// the line would change with what comes later.
func (a absence) ended(s *scene, several bool) []string {
	var list []string
	unmerged := s.unmerged()
	for _, r := range heroku.CodeReleases(s.known.Releases()) {
		if !a.holds(later(r.CreatedAt, r.UpdatedAt)) || slices.ContainsFunc(unmerged, func(u heroku.Release) bool { return u.ID == r.ID }) {
			continue
		}
		name := a.named(s, r, several)
		switch r.Status {
		case heroku.Succeeded:
			list = append(list, name+" went live"+s.with(r))
		case heroku.Failed:
			list = append(list, "the release phase of "+name+" failed")
		}
	}
	for _, run := range a.failed(s) {
		list = append(list, fmt.Sprintf("%s failed on %s", say.Foreign(run.Run.Name, phrase.NameLimit), s.subject(run.Run.SHA)))
	}
	return list
}

// finished tells whether a release ended while slipway was away, whose own message says so.
func (a absence) finished(s *scene) bool {
	return slices.ContainsFunc(s.known.Releases(), func(r heroku.Release) bool {
		return r.Status != heroku.Pending && a.holds(later(r.CreatedAt, r.UpdatedAt))
	})
}

// with names the change that a release is of.
func (s *scene) with(r heroku.Release) string {
	if commit := s.known.Placed(r).Commit; commit != "" {
		return " with " + s.subject(commit)
	}
	return ""
}

// failed are the attempts on the deploy branch that failed while slipway was away.
func (a absence) failed(s *scene) []ledger.Run {
	onBranch := map[int64]bool{}
	for _, run := range s.known.BranchRuns() {
		onBranch[run.ID] = true
	}
	var list []ledger.Run
	for _, fact := range s.known.Facts() { // an attempt before the newest counts, too
		if f, ok := fact.(ledger.Run); ok && onBranch[f.Run.ID] && a.failedThen(f) {
			list = append(list, f)
		}
	}
	return list
}

// red names the pull requests whose checks failed while slipway was away.
func (a absence) red(s *scene) []string {
	var list []string
	for _, streak := range s.known.Streaks() {
		if slices.ContainsFunc(streak.Runs, a.failedThen) {
			list = append(list, phrase.PullTitle(streak.Pull))
		}
	}
	return list
}

// failedThen tells whether an attempt failed while slipway was away.
func (a absence) failedThen(f ledger.Run) bool {
	return phrase.Failed(f.Run.Conclusion) && a.holds(f.Run.UpdatedAt)
}

// named names a release, with its app if a channel has several.
func (a absence) named(s *scene, r heroku.Release, several bool) string {
	if several {
		return s.app.Name + " " + r.String()
	}
	return r.String()
}
