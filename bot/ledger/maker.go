package ledger

import (
	"slices"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Maker is who made a release of code.
type Maker int

// The makers.
const (
	NotKnownYet Maker = iota // something must be read, or a run that may have made it goes on
	ARun                     // of the deploy branch
	ByHand                   // no run of the deploy branch: a person, or something else
)

// Maker tells who deployed a release. Its commit alone does not: a person may deploy what a run deploys, too.
func (k *Known) Maker(r heroku.Release) Maker {
	p := k.Placed(r)
	switch p.Place {
	case Unread:
		return NotKnownYet
	case Inferred, Several:
		return ARun
	case Exact, Nowhere, Unsaid:
	}
	open := false
	for _, run := range k.attempts() {
		switch {
		case !wentOn(run, r.CreatedAt), p.Place == Exact && run.SHA != p.Commit:
		case k.shipped(run, r.CreatedAt):
			return ARun
		case run.Status != completed, !k.stepsKnown(run):
			open = true
		}
	}
	if open || !k.ranThen(r) {
		return NotKnownYet
	}
	return ByHand
}

// stepsKnown tells whether it is known what a run that is over did.
func (k *Known) stepsKnown(run github.Run) bool {
	jobs := k.Jobs(run)
	return k.jobsKnown(run) && !slices.ContainsFunc(jobs, func(j github.Job) bool { return j.Status != completed })
}
