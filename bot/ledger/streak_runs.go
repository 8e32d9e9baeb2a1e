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

// tests finds the pull request that a run tests, of those from a branch of the same name: the newest that was open then or,
// of what was pushed before, the first that is opened with it. A branch may have had other pull requests, and forks name
// theirs as they like.
func (k *Known) tests(f Run, pulls []Pull) (github.Pull, bool) {
	from, ok := k.testedFrom(f)
	pulls = only(slices.Clone(pulls), func(p Pull) bool {
		apart := p.HeadRepo != "" && from != "" && !strings.EqualFold(p.HeadRepo, from)
		return !apart && !closedBefore(p.Pull, f.Run.CreatedAt)
	})
	if !ok || len(pulls) == 0 {
		return github.Pull{}, false
	}
	open := only(slices.Clone(pulls), func(p Pull) bool { return !p.Pull.CreatedAt.After(f.Run.CreatedAt) })
	if len(open) == 0 {
		return slices.MinFunc(pulls, byNumber).Pull, true
	}
	if open = unmistakable(open, from, f.Run.SHA); len(open) == 0 {
		return github.Pull{}, false
	}
	return slices.MaxFunc(open, byNumber).Pull, true
}

// testedFrom is where the branch lies that a run tests, "" if that is not known. What runs after a push to the deploy branch
// tests a change, and no pull request; a push is always to the repository itself.
func (k *Known) testedFrom(f Run) (repo string, ok bool) {
	switch f.Run.Event {
	case "pull_request", "pull_request_target":
		return f.HeadRepo, true
	case "push":
		ours := f.HeadRepo == "" || strings.EqualFold(f.HeadRepo, k.Repo.String())
		return k.Repo.String(), ours && f.Run.Branch != k.Branch()
	}
	return "", false
}

// unmistakable leaves those of several pull requests that are surely from there. Where it is not known whose branch one is,
// only the commit tells.
func unmistakable(pulls []Pull, from, sha string) []Pull {
	same := only(slices.Clone(pulls), func(p Pull) bool { return from != "" && strings.EqualFold(p.HeadRepo, from) })
	if len(same) > 0 {
		return same
	}
	if len(pulls) == 1 {
		return pulls
	}
	return only(slices.Clone(pulls), func(p Pull) bool { return p.Pull.HeadSHA == sha })
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
