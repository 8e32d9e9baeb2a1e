package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slipway/integrations/github"
)

// checked are the pull requests that were tested, by number, each with the attempts that test it.
func (k *Known) checked() []checks {
	heads := map[string][]Pull{}
	for _, f := range all[Pull](k) {
		heads[f.Pull.HeadRef] = append(heads[f.Pull.HeadRef], f)
	}
	tested := map[int]*checks{}
	for _, f := range all[Run](k) {
		pull, ok := k.tests(f, heads[f.Run.Branch])
		if !ok {
			continue
		}
		if tested[pull.Number] == nil {
			tested[pull.Number] = &checks{pull: pull}
		}
		tested[pull.Number].runs = append(tested[pull.Number].runs, f)
	}
	var list []checks
	for _, c := range tested {
		c.runs = c.sinceOpened()
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b checks) int { return a.pull.Number - b.pull.Number })
	return list
}

// tests finds the pull request that a run tests, of those from a branch of the same name. What runs after a push to the
// deploy branch tests a change, and none. A branch may have had other pull requests before, and forks name theirs as they
// like: where it is not known whose branch it is, and several are open, only the commit tells.
func (k *Known) tests(f Run, pulls []Pull) (github.Pull, bool) {
	switch f.Run.Event {
	case "pull_request", "pull_request_target":
	case "push":
		if f.Run.Branch == k.Branch() || f.HeadRepo != "" && !strings.EqualFold(f.HeadRepo, k.Repo.String()) {
			return github.Pull{}, false
		}
		f.HeadRepo = k.Repo.String()
	default:
		return github.Pull{}, false
	}
	pulls = only(slices.Clone(pulls), func(p Pull) bool {
		apart := p.HeadRepo != "" && f.HeadRepo != "" && !strings.EqualFold(p.HeadRepo, f.HeadRepo)
		return !apart && !closedBefore(p.Pull, f.Run.CreatedAt)
	})
	if len(pulls) == 0 {
		return github.Pull{}, false
	}
	opened := func(p Pull) bool { return !p.Pull.CreatedAt.After(f.Run.CreatedAt) }
	open := only(slices.Clone(pulls), opened)
	if len(open) == 0 {
		return slices.MinFunc(pulls, byNumber).Pull, true // it will be opened with what was pushed
	}
	if vague := f.HeadRepo == "" || slices.ContainsFunc(open, func(p Pull) bool { return p.HeadRepo == "" }); vague && len(open) > 1 {
		open = only(open, func(p Pull) bool { return p.Pull.HeadSHA == f.Run.SHA })
	}
	if len(open) == 0 {
		return github.Pull{}, false
	}
	return slices.MaxFunc(open, byNumber).Pull, true
}

func byNumber(a, b Pull) int { return a.Pull.Number - b.Pull.Number }

// closedBefore tells whether a pull request was closed before something happened, as far as is known.
func closedBefore(p github.Pull, at time.Time) bool {
	switch {
	case p.Merged:
		return p.MergedAt.Before(at)
	case p.State == "closed":
		return p.UpdatedAt.Before(at)
	}
	return false
}

// sinceOpened leaves out what ran on the branch before its pull request was opened, but for the commit that it was opened
// with.
func (c checks) sinceOpened() []Run {
	before := func(f Run) bool { return f.Run.CreatedAt.Before(c.pull.CreatedAt) }
	earlier := only(slices.Clone(c.runs), before)
	with := ""
	if len(earlier) > 0 {
		with = newestOf(earlier).Run.SHA
	}
	list := only(slices.Clone(c.runs), func(f Run) bool { return !before(f) || f.Run.SHA == with })
	slices.SortFunc(list, func(a, b Run) int { return cmp.Or(cmp.Compare(a.Run.ID, b.Run.ID), a.Run.Attempt-b.Run.Attempt) })
	return list
}
