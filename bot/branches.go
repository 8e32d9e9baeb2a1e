package bot

import (
	"context"
	"sync"
	"time"

	"slipway/integrations/github"
)

// branchAge is how long a repository's default branch is believed. A team changes it once in years, and every status
// would otherwise wait for it before its first useful read.
const branchAge = 10 * time.Minute

// Branches remembers the deploy branch of each repository: its default branch.
type Branches struct {
	client *github.Client

	mu    sync.Mutex
	known map[github.Repo]knownBranch
}

type knownBranch struct {
	name string
	read time.Time
}

// NewBranches asks client for what it does not know.
func NewBranches(client *github.Client) *Branches {
	return &Branches{client: client, known: map[github.Repo]knownBranch{}}
}

// Of gives the deploy branch of a repository. When GitHub cannot say, an older answer is better than none.
func (b *Branches) Of(ctx context.Context, repo github.Repo) (string, error) {
	b.mu.Lock()
	known, ok := b.known[repo]
	b.mu.Unlock()
	if ok && time.Since(known.read) < branchAge {
		return known.name, nil
	}
	found, err := b.client.Repository(ctx, repo)
	if err != nil {
		if ok {
			return known.name, nil
		}
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[repo] = knownBranch{found.DefaultBranch, time.Now()}
	return found.DefaultBranch, nil
}
