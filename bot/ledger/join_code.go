package ledger

import (
	"bytes"
	"cmp"

	"slipway/integrations/github"
)

func (f Branch) join(other Fact) Fact {
	o := other.(Branch)
	repo := eitherRepo(f.Repo, o.Repo)
	f.Repo, o.Repo = repo, repo
	return greater(f, o, func(b Branch) claim { return claim{read: b.Read} }, whole)
}

// eitherRepo gives both tellings' repository one name: webhooks and settings may write it in other letters.
func eitherRepo(a, b github.Repo) github.Repo {
	return github.Repo{Owner: max(a.Owner, b.Owner), Name: max(a.Name, b.Name)}
}

func (f Push) join(other Fact) Fact {
	o := other.(Push)
	repo, by := eitherRepo(f.Repo, o.Repo), max(f.By, o.By)
	f.Repo, o.Repo, f.By, o.By = repo, repo, by, by
	return greater(f, o, func(Push) claim { return claim{} }, asText)
}

func (f Pull) join(other Fact) Fact {
	o := other.(Pull)
	out := greater(f, o, Pull.claim, Pull.varying)
	out.Repo = eitherRepo(f.Repo, o.Repo)
	out.HeadRepo = max(f.HeadRepo, o.HeadRepo)
	p, a, b := &out.Pull, f.Pull, o.Pull
	p.NodeID, p.Author, p.URL, p.HeadRef = max(a.NodeID, b.NodeID), max(a.Author, b.Author), max(a.URL, b.URL), max(a.HeadRef, b.HeadRef)
	p.MergedBy, p.MergeSHA = max(a.MergedBy, b.MergedBy), max(a.MergeSHA, b.MergeSHA)
	p.MergedAt, p.CreatedAt = latest(a.MergedAt, b.MergedAt), latest(a.CreatedAt, b.CreatedAt)
	return out
}

// claim of a pull request: one that was merged stays merged, whatever is edited later.
func (f Pull) claim() claim { return claim{final: f.Pull.Merged, at: f.Pull.UpdatedAt, read: f.Read} }

func (f Pull) varying() Pull {
	p := f.Pull
	return Pull{Read: f.Read, Pull: github.Pull{
		Number: p.Number, Title: p.Title, State: p.State, Draft: p.Draft, BaseRef: p.BaseRef, HeadSHA: p.HeadSHA, Merged: p.Merged, UpdatedAt: p.UpdatedAt,
	}}
}

func (f Commit) join(other Fact) Fact {
	o := other.(Commit)
	a, b := f.Commit, o.Commit
	return Commit{Repo: eitherRepo(f.Repo, o.Repo), Commit: github.Commit{
		SHA: a.SHA, Message: max(a.Message, b.Message), Author: max(a.Author, b.Author), Email: max(a.Email, b.Email), URL: max(a.URL, b.URL),
		At: latest(a.At, b.At), Parents: fuller(a.Parents, b.Parents, len(a.Parents), len(b.Parents)),
	}}
}

// fuller is the one of two that holds more, and of two that hold as much the one whose text comes later.
func fuller[T any](a, b T, inA, inB int) T {
	n := cmp.Compare(inA, inB)
	if n == 0 && inA > 0 {
		n = bytes.Compare(text(a), text(b))
	}
	if n < 0 {
		return b
	}
	return a
}

func (f Absent) join(other Fact) Fact {
	o := other.(Absent)
	return Absent{Repo: eitherRepo(f.Repo, o.Repo), SHA: f.SHA, At: latest(f.At, o.At)}
}

func (f Span) join(other Fact) Fact {
	o := other.(Span)
	repo, at := eitherRepo(f.Repo, o.Repo), latest(f.At, o.At)
	f.Repo, o.Repo, f.At, o.At = repo, repo, at, at
	return greater(f, o, func(Span) claim { return claim{} }, asText)
}
