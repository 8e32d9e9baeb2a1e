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
	t := trigger{branch: branch, commit: c, before: before, actor: spec.Author, quiet: spec.ByActions}
	r.pushedTo(t)
	return r.shown(c), nil
}

// pushedTo tells of a push and starts what listens to it.
func (r *Repo) pushedTo(t trigger) {
	r.told(t.branch, t.before, t.actor)
	switch p := r.openPullOf(t.branch); {
	case t.branch == r.base:
		t.event = "push"
		r.start(t)
	case p != nil:
		p.HeadSHA, p.baseAt, p.UpdatedAt = t.commit.sha, r.branches[r.base], t.commit.committer.at
		r.tellPull(p, "synchronize", t.actor, object{"before": t.before, "after": t.commit.sha})
		t.event, t.pull = "pull_request", p
		r.start(t)
	}
}

// Merge lands a pull request on the default branch now, as "merge", "squash" or "rebase", and starts the
// workflows of "push" there. It gives the commit that the branch then stands at. What GitHub refuses is an
// error: unknown, closed or conflicting pull requests.
func (r *Repo) Merge(number int, method, by string) (Commit, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	c, err := r.merge(number, method, by, wording{})
	if err != nil {
		return Commit{}, err
	}
	return r.shown(c), nil
}

// merge tells of a merge in the order of facts 6.1: the pull request first, then the push.
func (r *Repo) merge(number int, method, by string, words wording) (*gitCommit, error) {
	before := r.branches[r.base]
	c, err := r.land(number, method, by, time.Now(), words)
	if err != nil {
		return nil, err
	}
	r.tellPull(r.pulls[number], "closed", by, nil)
	r.pushedTo(trigger{branch: r.base, commit: c, before: before, actor: by})
	return c, nil
}

// wording replaces a merge's own message; empty fields do not.
type wording struct{ title, body string }

func (w wording) in(message string) string {
	first, rest, _ := strings.Cut(message, "\n")
	if w.title != "" {
		first = w.title
	}
	if w.body != "" {
		rest = "\n" + w.body
	}
	return strings.TrimRight(first+"\n"+rest, "\n")
}

// DeleteBranch deletes a branch now, as GitHub's button does after a merge: a push with deleted: true.
func (r *Repo) DeleteBranch(branch, by string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return r.deleteBranch(branch, by)
}

func (r *Repo) deleteBranch(branch, by string) error {
	before := r.branches[branch]
	if before == "" || branch == r.base {
		return fmt.Errorf("%s has no branch %q that can be deleted", r.full(), branch)
	}
	p := r.openPullOf(branch)
	delete(r.branches, branch)
	r.told(branch, before, by)
	if p != nil {
		r.closePull(p, by)
	}
	return nil
}

// ClosePull closes a pull request without merging it, now. Its branch stays, and its runs go on.
func (r *Repo) ClosePull(number int, by string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if err := r.mergeable(number); err != nil {
		return err
	}
	p := r.pulls[number]
	if p.queued != "" {
		return fmt.Errorf("pull request #%d is in the merge queue", number)
	}
	r.server.account(by)
	r.closePull(p, by)
	return nil
}

func (r *Repo) closePull(p *pull, by string) {
	p.State, p.UpdatedAt, p.closedAt = "closed", seconds(r.server.now()), seconds(r.server.now())
	r.tellPull(p, "closed", by, nil)
}

// PastMerge merges as of a time in the past and starts nothing.
func (r *Repo) PastMerge(number int, method, by string, at time.Time) Commit {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	c, err := r.land(number, method, by, at, wording{})
	if err != nil {
		panic("githubsim: " + err.Error())
	}
	r.pushed = c.committer.at
	return r.shown(c)
}

// land makes the commits of a merge and closes the pull request.
func (r *Repo) land(number int, method, by string, at time.Time, words wording) (*gitCommit, error) {
	p := r.pulls[number]
	if err := r.mergeable(number); err != nil {
		return nil, err
	}
	at = seconds(at)
	onto := r.branches[r.base]
	landed, err := r.landing(p, r.git.commits[onto], method, by, at, words)
	if err != nil {
		return nil, err
	}
	tip := landed[len(landed)-1]
	r.branches[r.base] = tip.sha
	p.merged(onto, landed, method, by, at)
	r.server.account(by)
	return tip, nil
}

// mergeable refuses what is not open.
func (r *Repo) mergeable(number int) error {
	switch p := r.pulls[number]; {
	case p == nil:
		return fmt.Errorf("%s has no pull request #%d", r.full(), number)
	case p.Merged:
		return fmt.Errorf("pull request #%d is merged already", number)
	case p.State != "open":
		return fmt.Errorf("pull request #%d is closed", number)
	}
	return nil
}

// merged closes a pull request over the commits that its merge made.
func (p *pull) merged(onto string, landed []*gitCommit, method, by string, at time.Time) {
	p.State, p.Merged, p.MergedBy, p.Method = "closed", true, by, method
	p.MergeSHA, p.MergedAt, p.UpdatedAt, p.closedAt = landed[len(landed)-1].sha, at, at, at
	p.onto, p.baseAt = onto, onto
	for _, c := range landed {
		p.landed = append(p.landed, c.sha)
	}
}

// landing makes the commits that a merge onto a base adds to it by itself, in the three shapes of facts 1.2.
func (r *Repo) landing(p *pull, base *gitCommit, method, by string, at time.Time, words wording) ([]*gitCommit, error) {
	head := r.git.commits[p.HeadSHA]
	own := r.git.between(base.sha, p.HeadSHA)
	if len(own) == 0 {
		return nil, fmt.Errorf("pull request #%d has no commits that %s does not have", p.Number, r.base)
	}
	files, ok := r.git.mergeTrees(r.git.mergeBase(base.sha, head.sha), base, head)
	if !ok {
		return nil, fmt.Errorf("pull request #%d is not mergeable: it conflicts with %s", p.Number, r.base)
	}
	switch method {
	case "merge":
		message := words.in(fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", p.Number, r.owner, p.Head, p.Title))
		return []*gitCommit{r.git.commit(files, []string{base.sha, head.sha}, r.server.signature(by, at), webSignature(at), message)}, nil
	case "squash":
		message := words.in(squashMessage(p, own))
		return []*gitCommit{r.git.commit(files, []string{base.sha}, r.server.signature(p.Author, at), webSignature(at), message)}, nil
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
