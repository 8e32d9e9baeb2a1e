package reader

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// How much is read of each list. The first reading looks further back: the run that deployed what is live may be old.
const (
	runsRead    = 100  // one page
	mostRuns    = 1000 // where GitHub ends the list
	startedRead = 30   // runs that were started by hand
	pullsRead   = 100  // one page, the last touched first
)

// repository asks GitHub about one repository.
func (r *Reader) repository(repo github.Repo, what ledger.List, ask func(context.Context, time.Time) ([]ledger.Fact, error)) question {
	return question{at: r.gitHub, scope: ledger.RepoScope(repo), what: what, ask: ask}
}

func (r *Reader) branch(repo github.Repo) question {
	return r.repository(repo, ledger.Branches, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		found, err := r.github.Repository(ctx, repo)
		name := found.DefaultBranch
		if err == nil && r.Deploys != nil {
			var set string
			set, err = r.Deploys(ctx, repo)
			name = cmp.Or(set, name)
		}
		return []ledger.Fact{ledger.Branch{Repo: repo, Name: name, Read: began}}, err
	})
}

func (r *Reader) head(repo github.Repo, branch string) question {
	return r.repository(repo, ledger.Heads, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		c, err := r.github.Branch(ctx, repo, branch)
		return []ledger.Fact{
			ledger.Head{Repo: repo, Branch: branch, SHA: c.SHA, URL: c.URL, At: began, Read: began},
			ledger.Commit{Repo: repo, Commit: c},
		}, err
	})
}

// runs asks for the newest runs, of all branches and events. Since is what GitHub's filter is about: when the run was made,
// which a re-run does not change. Upto is the last good reading: whether there is a gap since then shows in the page.
func (r *Reader) runs(repo github.Repo, since, upto time.Time) question {
	return r.repository(repo, ledger.Runs, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.github.Runs(ctx, repo, github.RunQuery{Since: since, Limit: runsRead})
		if n := len(list); err == nil && n == runsRead && list[n-1].CreatedAt.After(upto) {
			list, err = r.github.Runs(ctx, repo, github.RunQuery{Since: upto, Limit: mostRuns})
		}
		return runFacts(repo, list, began), err
	})
}

// firstRuns is runs of a repository of which nothing was read yet. Runs of pull requests may fill the page, so that those
// which deploy are asked for by themselves.
func (r *Reader) firstRuns(repo github.Repo) question {
	queries := []github.RunQuery{{Limit: runsRead}, {Event: "push", Limit: runsRead}, {Event: "workflow_dispatch", Limit: startedRead}}
	return r.repository(repo, ledger.Runs, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		lists, errs := make([][]github.Run, len(queries)), make([]error, len(queries))
		var asking sync.WaitGroup
		for i, q := range queries {
			asking.Go(func() { lists[i], errs[i] = r.github.Runs(ctx, repo, q) })
		}
		asking.Wait()
		return runFacts(repo, slices.Concat(lists...), began), cmp.Or(errs...)
	})
}

func runFacts(repo github.Repo, list []github.Run, began time.Time) []ledger.Fact {
	facts := make([]ledger.Fact, len(list))
	for i, run := range list {
		facts[i] = ledger.Run{Repo: repo, Run: run, Read: began}
	}
	return facts
}

func (r *Reader) pulls(repo github.Repo) question {
	return r.repository(repo, ledger.Pulls, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.github.Pulls(ctx, repo, github.PullQuery{State: "all", Sort: "updated", Direction: "desc", Limit: pullsRead})
		facts := make([]ledger.Fact, len(list))
		for i, pull := range list {
			facts[i] = ledger.Pull{Repo: repo, Pull: pull, Read: began}
		}
		return facts, err
	})
}

// statuses and checks ask by a commit or, while none is known, by a branch.
func (r *Reader) statuses(repo github.Repo, ref string) question {
	return r.repository(repo, ledger.Statuses, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		combined, err := r.github.CombinedStatus(ctx, repo, ref)
		var facts []ledger.Fact
		for _, s := range combined.Statuses {
			facts = append(facts, ledger.Status{Repo: repo, SHA: combined.SHA, Status: s, Read: began})
		}
		return facts, optional(err)
	})
}

func (r *Reader) checks(repo github.Repo, ref string) question {
	return r.repository(repo, ledger.Checks, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.github.CheckRuns(ctx, repo, ref)
		var facts []ledger.Fact
		for _, c := range list {
			if c.App != "github-actions" { // those are jobs
				facts = append(facts, ledger.Check{Repo: repo, Check: c, Read: began})
			}
		}
		return facts, optional(err)
	})
}

// optional drops the error of a permission that a token may lack: fine-grained tokens cannot be given Checks at all
// (facts/github.md §4).
func optional(err error) error {
	if github.KindOf(err) == github.Forbidden {
		return nil
	}
	return err
}
