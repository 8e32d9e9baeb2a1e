package ledger

import (
	"cmp"
	"slices"
	"strings"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// Branch is the deploy branch; "": it is not known.
func (k *Known) Branch() string {
	f, _ := find(k, Branch{Repo: k.Repo})
	return f.Name
}

// Head is the commit that the deploy branch points to. Of one that was only pushed the SHA may be all that is known; not
// ok: the branch is not known or gone.
func (k *Known) Head() (head github.Commit, ok bool) {
	f, _ := find(k, Head{Repo: k.Repo, Branch: k.Branch()})
	if f.SHA == "" {
		return github.Commit{}, false
	}
	head, _ = k.Commit(f.SHA)
	head.SHA = f.SHA
	head.URL = cmp.Or(head.URL, f.URL, k.CommitURL(f.SHA))
	return head, true
}

// Commit is a commit of the repository, with as much as is known of it.
func (k *Known) Commit(sha string) (commit github.Commit, ok bool) {
	f, ok := find(k, Commit{Repo: k.Repo, Commit: github.Commit{SHA: sha}})
	return f.Commit, ok
}

// CommitURL is where people see a commit, as the address of another thing in the repository tells; "": none is known.
func (k *Known) CommitURL(sha string) string {
	if f, _ := find(k, Head{Repo: k.Repo, Branch: k.Branch()}); f.URL != "" && strings.HasSuffix(f.URL, "/commit/"+f.SHA) {
		return strings.TrimSuffix(f.URL, f.SHA) + sha
	}
	for _, f := range k.Runs() {
		if root, _, ok := strings.Cut(f.Run.URL, "/actions/runs/"); ok {
			return root + "/commit/" + sha
		}
	}
	for _, pull := range k.Pulls() {
		if root, _, ok := strings.Cut(pull.URL, "/pull/"); ok {
			return root + "/commit/" + sha
		}
	}
	return ""
}

// OnGitHub tells whether anything that is known of the repository names this commit.
func (k *Known) OnGitHub(sha string) bool {
	if sha == "" {
		return false
	}
	if _, ok := k.Commit(sha); ok {
		return true
	}
	if head, ok := k.Head(); ok && head.SHA == sha {
		return true
	}
	return slices.ContainsFunc(all[Run](k), func(f Run) bool { return f.Run.SHA == sha }) ||
		slices.ContainsFunc(all[Pull](k), func(f Pull) bool { return f.Pull.Merged && f.Pull.MergeSHA == sha }) ||
		slices.ContainsFunc(all[Push](k), func(f Push) bool { return f.Push.After == sha || f.Push.Before == sha })
}

// Pulls are the pull requests, the last touched first.
func (k *Known) Pulls() []github.Pull {
	var list []github.Pull
	for _, f := range all[Pull](k) {
		list = append(list, f.Pull)
	}
	slices.SortFunc(list, func(a, b github.Pull) int {
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), b.Number-a.Number)
	})
	return list
}

// Statuses are the latest classic statuses of a commit, by context.
func (k *Known) Statuses(sha string) []github.Status {
	var list []github.Status
	for _, f := range all[Status](k) {
		if f.SHA == sha {
			list = append(list, f.Status)
		}
	}
	slices.SortFunc(list, func(a, b github.Status) int { return strings.Compare(a.Context, b.Context) })
	return list
}

// Checks are the latest checks of a commit that are no jobs, by app and name.
func (k *Known) Checks(sha string) []github.CheckRun {
	var list []github.CheckRun
	for _, f := range all[Check](k) {
		if f.Check.SHA == sha && f.Check.App != actionsApp {
			list = append(list, f.Check)
		}
	}
	slices.SortFunc(list, func(a, b github.CheckRun) int {
		return cmp.Or(strings.Compare(a.App, b.App), strings.Compare(a.Name, b.Name), cmp.Compare(b.ID, a.ID))
	})
	return slices.CompactFunc(list, func(a, b github.CheckRun) bool { return a.App == b.App && a.Name == b.Name })
}

// State is the app as a whole; not ok: it is not known.
func (k *Known) State() (state heroku.App, ok bool) {
	f, ok := find(k, App{App: k.App})
	return f.State, ok
}

// Releases are the releases, newest first. Current is set on the one that runs.
func (k *Known) Releases() []heroku.Release {
	facts := all[Release](k)
	slices.SortFunc(facts, func(a, b Release) int {
		return cmp.Or(cmp.Compare(b.Release.Version, a.Release.Version), strings.Compare(a.Release.ID, b.Release.ID))
	})
	list := make([]heroku.Release, len(facts))
	current := false
	for i, f := range facts {
		list[i] = f.Release
		ran := f.WasCurrent && f.Release.Status != heroku.Failed && f.Release.Status != heroku.Pending
		list[i].Current = ran && !current
		current = current || ran
	}
	return list
}

// Slug is the code of a release, as far as it is known.
func (k *Known) Slug(r heroku.Release) (slug heroku.Slug, ok bool) {
	f, ok := find(k, Slug{App: k.App, Slug: heroku.Slug{ID: cmp.Or(r.SlugID, r.ImageID)}})
	return f.Slug, ok
}

// Builds are the builds, newest first.
func (k *Known) Builds() []heroku.Build {
	var list []heroku.Build
	for _, f := range all[Build](k) {
		list = append(list, f.Build)
	}
	slices.SortFunc(list, func(a, b heroku.Build) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return list
}

// Output is what the command of a release printed; not ok: it is not known.
func (k *Known) Output(r heroku.Release) (text string, ok bool) {
	f, ok := find(k, Output{App: k.App, ReleaseID: r.ID})
	return f.Text, ok
}
