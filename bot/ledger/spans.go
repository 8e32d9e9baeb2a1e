package ledger

import "slipway/integrations/github"

// Waiting is what is merged and not live, seen from the live code; not ok: it is not known.
func (k *Known) Waiting() (span github.Comparison, ok bool) {
	live, running := k.Live()
	head, known := k.Head()
	if !running || !known {
		return github.Comparison{}, false
	}
	return k.span(k.Placed(live.Code).Commit, head.SHA)
}

// Brought is what the live code brought, seen from the code before it; not ok: it is not known.
func (k *Known) Brought() (span github.Comparison, ok bool) {
	live, running := k.Live()
	before, ran := k.Before()
	if !running || !ran {
		return github.Comparison{}, false
	}
	return k.span(k.Placed(before.Code).Commit, k.Placed(live.Code).Commit)
}

// span is what lies between two commits. Between a commit and itself nothing does.
func (k *Known) span(base, head string) (span github.Comparison, ok bool) {
	if base == "" || head == "" {
		return github.Comparison{}, false
	}
	if base == head {
		return github.Comparison{Status: "identical"}, true
	}
	f, ok := find(k, Span{Repo: k.Repo, Base: base, Head: head})
	return f.Comparison, ok
}
