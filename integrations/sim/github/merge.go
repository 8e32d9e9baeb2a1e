package githubsim

import (
	"fmt"
	"strings"
	"time"
)

// Push adds a commit to a branch now, and starts what listens to it: on the default branch the workflows of
// "push", on the head of an open pull request those of "pull_request" (its synchronize).
func (r *Repo) Push(branch string, spec CommitSpec) (Commit, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	spec.At = time.Now()
	before := r.branches[branch]
	c, err := r.commit(branch, spec)
	if err != nil {
		return Commit{}, err
	}
	r.told(branch, before)
	switch p := r.openPullOf(branch); {
	case branch == r.base:
		r.start(trigger{event: "push", branch: branch, commit: c, before: before, actor: spec.Author})
	case p != nil:
		p.HeadSHA, p.baseAt, p.UpdatedAt = c.sha, r.branches[r.base], c.committer.at
		r.server.announce(Event{Repo: r.full(), Name: "pull_request", Action: "synchronize", Pull: p.Number})
		r.start(trigger{event: "pull_request", branch: branch, commit: c, before: before, actor: spec.Author, pull: p})
	}
	return r.shown(c), nil
}

// told announces that a branch has moved.
func (r *Repo) told(branch, before string) {
	r.pushed = seconds(time.Now())
	if before == "" {
		before = strings.Repeat("0", 40)
	}
	r.server.announce(Event{Repo: r.full(), Name: "push", Ref: "refs/heads/" + branch, Before: before, After: r.branches[branch]})
}

// Merge lands a pull request on the default branch now, as "merge", "squash" or "rebase", and starts the
// workflows of "push" there. It gives the commit that the branch then stands at. What GitHub refuses is an
// error: unknown, closed or conflicting pull requests.
func (r *Repo) Merge(number int, method, by string) (Commit, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	before := r.branches[r.base]
	c, err := r.land(number, method, by, time.Now())
	if err != nil {
		return Commit{}, err
	}
	r.server.announce(Event{Repo: r.full(), Name: "pull_request", Action: "closed", Pull: number})
	r.told(r.base, before)
	r.start(trigger{event: "push", branch: r.base, commit: c, before: before, actor: by})
	return r.shown(c), nil
}

// PastMerge merges as of a time in the past and starts nothing.
func (r *Repo) PastMerge(number int, method, by string, at time.Time) Commit {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	c, err := r.land(number, method, by, at)
	if err != nil {
		panic("githubsim: " + err.Error())
	}
	r.pushed = c.committer.at
	return r.shown(c)
}

// land makes the commits of a merge and closes the pull request.
func (r *Repo) land(number int, method, by string, at time.Time) (*gitCommit, error) {
	p := r.pulls[number]
	switch {
	case p == nil:
		return nil, fmt.Errorf("%s has no pull request #%d", r.full(), number)
	case p.Merged:
		return nil, fmt.Errorf("pull request #%d is merged already", number)
	case p.State != "open":
		return nil, fmt.Errorf("pull request #%d is closed", number)
	}
	at = seconds(at)
	onto := r.branches[r.base]
	landed, err := r.landing(p, method, by, at)
	if err != nil {
		return nil, err
	}
	tip := landed[len(landed)-1]
	r.branches[r.base] = tip.sha
	r.server.account(by)
	p.State, p.Merged, p.MergedBy, p.Method = "closed", true, by, method
	p.MergeSHA, p.MergedAt, p.UpdatedAt = tip.sha, at, at
	p.onto, p.baseAt = onto, onto
	for _, c := range landed {
		p.landed = append(p.landed, c.sha)
	}
	return tip, nil
}

// landing makes the commits that a merge adds to the base by itself, in the three shapes of facts 1.2.
func (r *Repo) landing(p *pull, method, by string, at time.Time) ([]*gitCommit, error) {
	base, head := r.git.commits[r.branches[r.base]], r.git.commits[p.HeadSHA]
	own := r.commitsOf(p)
	if len(own) == 0 {
		return nil, fmt.Errorf("pull request #%d has no commits that %s does not have", p.Number, r.base)
	}
	files, ok := r.git.mergeTrees(r.git.mergeBase(base.sha, head.sha), base, head)
	if !ok {
		return nil, fmt.Errorf("pull request #%d is not mergeable: it conflicts with %s", p.Number, r.base)
	}
	switch method {
	case "merge":
		message := fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", p.Number, r.owner, p.Head, p.Title)
		return []*gitCommit{r.git.commit(files, []string{base.sha, head.sha}, r.server.signature(by, at), webSignature(at), message)}, nil
	case "squash":
		return []*gitCommit{r.git.commit(files, []string{base.sha}, r.server.signature(p.Author, at), webSignature(at), squashMessage(p, own))}, nil
	case "rebase":
		return r.replay(p, own, base, r.server.signature(by, at))
	}
	return nil, fmt.Errorf("%q is no way to merge; GitHub has merge, squash and rebase", method)
}

// squashMessage is GitHub's default: the only commit's own message, or the pull request's title and the list
// of its commits; the title with "(#n)" behind it.
func squashMessage(p *pull, own []*gitCommit) string {
	if len(own) == 1 {
		first, rest, _ := strings.Cut(own[0].message, "\n")
		return strings.TrimRight(fmt.Sprintf("%s (#%d)\n%s", first, p.Number, rest), "\n")
	}
	list := make([]string, len(own))
	for i, c := range own {
		list[i] = "* " + c.message
	}
	return fmt.Sprintf("%s (#%d)\n\n%s", p.Title, p.Number, strings.Join(list, "\n\n"))
}

// replay puts a pull request's commits on the base one after the other: same authors, new committer, new SHAs.
// Merges among them are left out, as a rebase does.
func (r *Repo) replay(p *pull, own []*gitCommit, base *gitCommit, by signature) ([]*gitCommit, error) {
	var landed []*gitCommit
	tip := base
	for _, c := range own {
		if len(c.parents) > 1 {
			continue
		}
		var from *gitCommit
		if len(c.parents) == 1 {
			from = r.git.commits[c.parents[0]]
		}
		files, ok := r.git.mergeTrees(from, tip, c)
		if !ok {
			return nil, fmt.Errorf("pull request #%d cannot be rebased: %q conflicts with %s", p.Number, title(c.message), r.base)
		}
		tip = r.git.commit(files, []string{tip.sha}, c.author, by, c.message)
		landed = append(landed, tip)
	}
	if len(landed) == 0 {
		return nil, fmt.Errorf("pull request #%d has only merges, nothing to rebase", p.Number)
	}
	return landed, nil
}
