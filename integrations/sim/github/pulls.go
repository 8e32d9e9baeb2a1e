package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// PullSpec describes a pull request against the default branch.
type PullSpec struct {
	Number int // 0: the next
	Title  string
	Body   string
	Author string // login
	Head   string // a branch that exists
	Draft  bool
	At     time.Time
}

// Pull is a pull request as worlds and tests see it.
type Pull struct {
	Number               int
	Title, Author, State string // "open", "closed"
	Head, HeadSHA        string // branch and its commit; frozen by the merge
	Base                 string // branch
	Merged               bool
	MergeSHA, MergedBy   string // once merged; see facts 1.2 for what the SHA is in each form
	Method               string // "merge", "squash", "rebase", once merged
	CreatedAt, UpdatedAt time.Time
	MergedAt             time.Time // zero while not merged
}

type pull struct {
	Pull
	id       int64
	body     string
	draft    bool
	baseAt   string // the base's commit when it was opened, last pushed to, or merged
	onto     string // once merged: the base's commit just before
	closedAt time.Time
	queued   string   // by whom it was put into the merge queue; empty: it is not in it
	landed   []string // once merged: the commits that the merge put on the base, oldest first

	tried map[string]*gitCommit // test merges by "base head", nil for a conflict
}

// OpenPull opens a pull request as of a time in the past; it starts no checks.
func (r *Repo) OpenPull(spec PullSpec) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if _, err := r.open(spec); err != nil {
		panic("githubsim: " + err.Error())
	}
}

// Propose opens a pull request now, from a branch that is there: its webhooks are sent and its checks start.
func (r *Repo) Propose(spec PullSpec) (Pull, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	p, err := r.propose(spec)
	if err != nil {
		return Pull{}, err
	}
	return p.Pull, nil
}

func (r *Repo) propose(spec PullSpec) (*pull, error) {
	spec.At = time.Now()
	p, err := r.open(spec)
	if err != nil {
		return nil, err
	}
	r.tellPull(p, "opened", p.Author, nil)
	r.start(trigger{event: "pull_request", branch: p.Head, commit: r.git.commits[p.HeadSHA], before: p.baseAt, actor: p.Author, pull: p})
	return p, nil
}

func (r *Repo) open(spec PullSpec) (*pull, error) {
	head := r.branches[spec.Head]
	if head == "" || spec.Head == r.base {
		return nil, fmt.Errorf("a pull request needs a branch of its own in %s, not %q", r.full(), spec.Head)
	}
	if spec.Number == 0 {
		for n := range r.pulls {
			spec.Number = max(spec.Number, n)
		}
		spec.Number++
	}
	if r.pulls[spec.Number] != nil {
		return nil, fmt.Errorf("%s has a pull request #%d already", r.full(), spec.Number)
	}
	at := spec.At
	if at.IsZero() {
		at = time.Now()
	}
	at = seconds(at)
	r.server.account(spec.Author)
	p := &pull{
		Pull: Pull{
			Number: spec.Number, Title: spec.Title, Author: spec.Author, State: "open",
			Head: spec.Head, HeadSHA: head, Base: r.base, CreatedAt: at, UpdatedAt: at,
		},
		id: r.server.next("pull"), body: spec.Body, draft: spec.Draft, baseAt: r.branches[r.base],
	}
	r.pulls[spec.Number] = p
	return p, nil
}

// Pull finds a pull request.
func (r *Repo) Pull(number int) (Pull, bool) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	p := r.pulls[number]
	if p == nil {
		return Pull{}, false
	}
	return p.Pull, true
}

// OpenPulls lists the open pull requests by number.
func (r *Repo) OpenPulls() []Pull {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	var open []Pull
	for _, p := range r.sortedPulls() {
		if p.State == "open" {
			open = append(open, p.Pull)
		}
	}
	return open
}

func (r *Repo) sortedPulls() []*pull {
	list := make([]*pull, 0, len(r.pulls))
	for _, p := range r.pulls {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *pull) int { return a.Number - b.Number })
	return list
}

// openPullOf finds the open pull request whose head is this branch, or nil.
func (r *Repo) openPullOf(branch string) *pull {
	for _, p := range r.sortedPulls() {
		if p.State == "open" && p.Head == branch {
			return p
		}
	}
	return nil
}

// against is the commit that a pull request's own commits are counted from.
func (r *Repo) against(p *pull) string {
	if p.Merged {
		return p.onto
	}
	return r.branches[p.Base]
}

// commitsOf lists a pull request's own commits, oldest first.
func (r *Repo) commitsOf(p *pull) []*gitCommit { return r.git.between(r.against(p), p.HeadSHA) }

// testMerge is the commit that GitHub makes to try out the merge of an open pull request; it is on no branch.
// It is nil where there are conflicts.
func (r *Repo) testMerge(p *pull) *gitCommit {
	base, head := r.git.commits[r.branches[p.Base]], r.git.commits[p.HeadSHA]
	key := base.sha + " " + head.sha
	if c, ok := p.tried[key]; ok {
		return c
	}
	files, ok := r.git.mergeTrees(r.git.mergeBase(base.sha, head.sha), base, head)
	p.tried = map[string]*gitCommit{key: nil}
	if ok {
		at := head.committer.at
		if base.committer.at.After(at) {
			at = base.committer.at
		}
		message := fmt.Sprintf("Merge %s into %s", head.sha, base.sha)
		p.tried[key] = r.git.commit(files, []string{base.sha, head.sha}, r.server.signature(p.Author, at), webSignature(at), message)
	}
	return p.tried[key]
}

func webSignature(at time.Time) signature {
	return signature{name: "GitHub", email: webEmail, at: seconds(at)}
}
