package recipe

import (
	"context"
	"fmt"
	"sync"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/django"
	"slipway/integrations/github"
)

// Recipes plan. They may be used by many goroutines at once.
type Recipes struct {
	store  *store.Store
	github *github.Client

	mu    sync.Mutex
	repos map[string]*sync.Mutex // by scope: what one reads of a repository, the next need not
}

// New makes recipes. Nothing is read yet.
func New(st *store.Store, gh *github.Client) *Recipes {
	return &Recipes{store: st, github: gh, repos: map[string]*sync.Mutex{}}
}

// Undo plans what takes the migrations back that lie between two commits, which are given by their whole SHA.
func (r *Recipes) Undo(ctx context.Context, repo github.Repo, base, head string) (django.Undo, error) {
	var projects [2]*django.Project
	calls := purse(mostCalls)
	for i, sha := range []string{base, head} {
		later := 1 - i
		files, err := r.files(ctx, &reading{github: r.github, repo: repo, sha: sha, calls: &calls, leave: later * commitCalls})
		if err != nil {
			return django.Undo{}, fmt.Errorf("the migrations of %s at %s: %w", repo, sha, err)
		}
		projects[i] = django.Load(files, django.Options{})
	}
	return django.Plan(projects[0], projects[1]), nil
}

// files gives the files of a commit that django.Load wants, by path: as they are kept, or else read.
func (r *Recipes) files(ctx context.Context, commit *reading) (map[string][]byte, error) {
	turn := r.turn(commit.repo)
	turn.Lock()
	defer turn.Unlock()
	commit.shelf = shelf{store: r.store, scope: ledger.RepoScope(commit.repo)}
	names, err := commit.shelf.commit(ctx, commit.sha)
	if err != nil {
		return nil, err
	}
	if names != nil {
		texts, err := commit.shelf.texts(ctx, names)
		if err != nil || len(texts) == len(names) {
			return texts, err
		}
	}
	return commit.all(ctx) // also where some of it was lost
}

func (r *Recipes) turn(repo github.Repo) *sync.Mutex {
	r.mu.Lock()
	defer r.mu.Unlock()
	scope := ledger.RepoScope(repo)
	if r.repos[scope] == nil {
		r.repos[scope] = &sync.Mutex{}
	}
	return r.repos[scope]
}
