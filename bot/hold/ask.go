package hold

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

const (
	askAgain = time.Minute // after GitHub was asked of two commits
	mostAsks = 8           // at a time
)

// askable tells whether anything of what was not known was not asked of GitHub lately.
func (h *Holds) askable(of *history) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range of.wants {
		if at, ok := h.asked[s]; !ok || time.Since(at) >= askAgain {
			return true
		}
	}
	return false
}

// ask asks GitHub what was not known, and tells whether anything was asked.
func (h *Holds) ask(ctx context.Context, app config.App, of *history) (learnt bool, err error) {
	for _, s := range h.take(of) {
		found, err := h.GitHub.Compare(ctx, app.Repo, s.commit, s.within)
		learnt = true // also that GitHub does not say: it is decided without
		if err != nil {
			h.Log.Warn("GitHub does not say what a commit contains", "app", app.Name, "error", err)
			continue
		}
		fact := ledger.Span{Repo: app.Repo, Base: s.commit, Head: s.within, Comparison: found, At: time.Now()}
		if err := h.fold(ctx, fact); err != nil {
			return false, err
		}
	}
	return learnt, nil
}

// take are the first of what is to be asked, in a fixed order.
func (h *Holds) take(of *history) (list []span) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.asked, func(_ span, at time.Time) bool { return time.Since(at) >= askAgain })
	for s := range of.wants {
		if _, lately := h.asked[s]; !lately {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.commit, b.commit), cmp.Compare(a.within, b.within))
	})
	list = list[:min(len(list), mostAsks)]
	for _, s := range list {
		h.asked[s] = time.Now()
	}
	return list
}

// fold keeps what was learnt.
func (h *Holds) fold(ctx context.Context, facts ...ledger.Fact) error {
	return h.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := h.Fold(ctx, tx, time.Now(), facts...)
		return err
	})
}

// seeJobs reads what the workflows do of which no job is known, from their last good runs, where it is not known which of them deploys.
func (h *Holds) seeJobs(ctx context.Context, app config.App, k *ledger.Known) (learnt bool, err error) {
	if len(shipping(k)) > 0 {
		return false, nil
	}
	for _, run := range unseen(k) {
		if !h.first(span{run.Path, strconv.FormatInt(run.ID, 10)}) {
			continue
		}
		jobs, err := h.GitHub.Jobs(ctx, app.Repo, run.ID, run.Attempt)
		if err != nil {
			h.Log.Warn("GitHub does not say what a workflow does", "app", app.Name, "error", err)
			continue
		}
		facts := make([]ledger.Fact, len(jobs))
		for i, job := range jobs {
			facts[i] = ledger.Job{Repo: app.Repo, Job: job, SHA: run.SHA, Branch: run.Branch, Read: time.Now()}
		}
		if err := h.fold(ctx, facts...); err != nil {
			return false, err
		}
		learnt = true
	}
	return learnt, nil
}

// unseen is the last good run of each workflow on the deploy branch of which no job is known.
func unseen(k *ledger.Known) (list []github.Run) {
	seen := map[string]bool{}
	for _, run := range k.BranchRuns() {
		if run.Conclusion != "success" || seen[run.Path] {
			continue
		}
		if seen[run.Path] = true; len(k.Jobs(run)) == 0 && len(list) < mostAsks {
			list = append(list, run)
		}
	}
	return list
}

// first tells whether something was not asked lately, and notes that it is now.
func (h *Holds) first(s span) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at, ok := h.asked[s]; ok && time.Since(at) < askAgain {
		return false
	}
	h.asked[s] = time.Now()
	return true
}
