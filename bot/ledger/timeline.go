package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Moment is one thing that happened to a change.
type Moment struct {
	At      time.Time
	What    MomentKind
	Pull    *github.Pull    // of Merged
	Run     *github.Run     // of RunBegan and RunEnded
	Release *heroku.Release // of Released
	By      string          // login or email; "" if that is not known
}

// MomentKind is what happened.
type MomentKind string

// What happens to a change.
const (
	Merged   MomentKind = "merged"
	Pushed   MomentKind = "pushed"
	RunBegan MomentKind = "run began" // an attempt
	RunEnded MomentKind = "run ended"
	Released MomentKind = "released" // the release was made; Release tells what became of it
)

// order is in which order what happens in one second is told.
func (m MomentKind) order() int {
	return slices.Index([]MomentKind{Merged, Pushed, RunBegan, Released, RunEnded}, m)
}

// Timeline is what happened to the change that put a commit on the deploy branch, oldest first.
func (k *Known) Timeline(sha string) []Moment {
	var list []Moment
	for _, pull := range k.Pulls() {
		if pull.Merged && pull.MergeSHA == sha {
			list = append(list, Moment{At: pull.MergedAt, What: Merged, Pull: &pull, By: pull.MergedBy})
		}
	}
	for _, f := range k.pushes() {
		if f.Push.After == sha {
			list = append(list, Moment{At: f.At, What: Pushed, By: f.By})
		}
	}
	for _, run := range k.attempts() {
		if run.SHA != sha {
			continue
		}
		list = append(list, Moment{At: began(run), What: RunBegan, Run: &run, By: run.Actor})
		if run.Status == completed {
			list = append(list, Moment{At: run.UpdatedAt, What: RunEnded, Run: &run})
		}
	}
	for _, r := range k.Releases() {
		if r.Cause().Kind == heroku.Deploy && k.Placed(r).Commit == sha {
			list = append(list, Moment{At: r.CreatedAt, What: Released, Release: &r, By: r.By})
		}
	}
	slices.SortStableFunc(list, func(a, b Moment) int {
		return cmp.Or(a.At.Truncate(time.Second).Compare(b.At.Truncate(time.Second)), a.What.order()-b.What.order())
	})
	return list
}

// pushes are those to the deploy branch, newest first.
func (k *Known) pushes() []Push {
	branch := k.Branch()
	var list []Push
	for _, f := range all[Push](k) {
		if name, ok := f.Push.Branch(); ok && name == branch {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b Push) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.Push.After, b.Push.After), strings.Compare(a.Push.Before, b.Push.Before))
	})
	return list
}
