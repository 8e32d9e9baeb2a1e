package github

import (
	"strings"
	"time"
)

// PushEvent is a branch or tag that moved. It is what really happened to a branch, whatever pull requests say.
type PushEvent struct {
	Ref     string // refs/heads/master, refs/tags/v1
	Before  string // 40 zeros if it is new
	After   string // 40 zeros if it was deleted
	Created bool
	Deleted bool
	Forced  bool
	Commits []PushedCommit // oldest first; GitHub leaves some out of a large push: then compare Before and After
	Head    *PushedCommit  // nil if it was deleted

	PushedAt time.Time // in whole seconds; zero if GitHub does not say
}

// Branch gives the branch that moved, if it was one.
func (e PushEvent) Branch() (string, bool) { return strings.CutPrefix(e.Ref, "refs/heads/") }

// PushedCommit is a commit in a push.
type PushedCommit struct {
	SHA     string
	Message string
	Author  string // GitHub login; the name in the commit if it belongs to no account
	Email   string // of the author, "" if it is not told. Whoever commits may write any there
}

type pushPayload struct {
	Ref, Before, After       string
	Created, Deleted, Forced bool
	Commits                  []pushedCommit
	HeadCommit               *pushedCommit `json:"head_commit"`
	Repository               struct {
		PushedAt stamp `json:"pushed_at"` // seconds since 1970 here, and text elsewhere
	}
}

type pushedCommit struct {
	ID, Message string
	Author      struct{ Username, Name, Email string }
}

func (p pushPayload) ours() (PushEvent, error) {
	if p.Ref == "" || p.After == "" {
		return PushEvent{}, wants("ref or after")
	}
	out := PushEvent{
		Ref: p.Ref, Before: p.Before, After: p.After, Created: p.Created, Deleted: p.Deleted, Forced: p.Forced,
		PushedAt: p.Repository.PushedAt.time(),
	}
	for _, c := range p.Commits {
		out.Commits = append(out.Commits, c.ours())
	}
	if p.HeadCommit != nil {
		head := p.HeadCommit.ours()
		out.Head = &head
	}
	return out, nil
}

func (c pushedCommit) ours() PushedCommit {
	author := c.Author.Username
	if author == "" {
		author = c.Author.Name
	}
	return PushedCommit{SHA: c.ID, Message: c.Message, Author: author, Email: c.Author.Email}
}

// PullEvent is something that happened to a pull request. A merge is the action closed with Pull.Merged; no action
// says merged.
type PullEvent struct {
	Pull     Pull
	HeadRepo string // where its branch lies, owner/name; "" if that repository is gone
	BaseWas  string // with the action edited: the branch that it went to before; "" if that did not change
}

type pullPayload struct {
	Pull    pullRequest `json:"pull_request"`
	Changes struct {
		Base struct{ Ref struct{ From string } }
	}
}

type pullRequest struct {
	Number         int
	NodeID         string `json:"node_id"`
	Title, State   string
	User           person
	Draft, Merged  bool
	MergedAt       stamp  `json:"merged_at"`
	MergeCommitSHA string `json:"merge_commit_sha"`
	MergedBy       person `json:"merged_by"`
	URL            string `json:"html_url"`
	Head, Base     struct {
		Ref, SHA string
		Repo     struct {
			FullName string `json:"full_name"`
		}
	}
	CreatedAt stamp `json:"created_at"`
	UpdatedAt stamp `json:"updated_at"`
}

func (p pullPayload) ours() (PullEvent, error) {
	r := p.Pull
	if r.Number == 0 || r.Head.SHA == "" {
		return PullEvent{}, wants("number or head.sha of the pull request")
	}
	out := Pull{
		Number: r.Number, NodeID: r.NodeID, Title: r.Title, Author: r.User.Login, State: r.State, Draft: r.Draft,
		BaseRef: r.Base.Ref, HeadRef: r.Head.Ref, HeadSHA: r.Head.SHA,
		Merged: r.Merged, MergedBy: r.MergedBy.Login, MergedAt: r.MergedAt.time(), URL: r.URL,
		CreatedAt: r.CreatedAt.time(), UpdatedAt: r.UpdatedAt.time(),
	}
	if out.Merged {
		out.MergeSHA = r.MergeCommitSHA
	}
	return PullEvent{Pull: out, HeadRepo: r.Head.Repo.FullName, BaseWas: p.Changes.Base.Ref.From}, nil
}

// MergeGroupEvent is a group of pull requests in the merge queue.
type MergeGroupEvent struct {
	HeadRef string // refs/heads/gh-readonly-queue/main/pr-N-SHA
	HeadSHA string
	BaseRef string
	BaseSHA string
	Reason  string // with the action destroyed: merged, invalidated or dequeued
}

type groupPayload struct {
	Reason string
	Group  struct {
		HeadRef string `json:"head_ref"`
		HeadSHA string `json:"head_sha"`
		BaseRef string `json:"base_ref"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
}

func (p groupPayload) ours() (MergeGroupEvent, error) {
	g := p.Group
	if g.HeadSHA == "" {
		return MergeGroupEvent{}, wants("head_sha")
	}
	return MergeGroupEvent{HeadRef: g.HeadRef, HeadSHA: g.HeadSHA, BaseRef: g.BaseRef, BaseSHA: g.BaseSHA, Reason: p.Reason}, nil
}
