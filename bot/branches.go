package bot

import (
	"context"
	"sync"
	"time"

	"slipway/integrations/github"
)

// branchAge is after how long a repository's default branch is read again. A team changes it once in years, and every
// status would otherwise wait for it before its first useful read.
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

// Of gives the deploy branch of a repository, as it was when it was last read; only the first question waits for GitHub.
func (b *Branches) Of(ctx context.Context, repo github.Repo) (string, error) {
	b.mu.Lock()
	known, ok := b.known[repo]
	b.mu.Unlock()
	if ok {
		return known.name, nil
	}
	return b.read(ctx, repo)
}

// Refresh reads the deploy branch again if it is older than a few minutes. It is for the side of other reads: a failure
// leaves what was known, and the branch itself is read there.
func (b *Branches) Refresh(ctx context.Context, repo github.Repo) {
	b.mu.Lock()
	known := b.known[repo]
	b.mu.Unlock()
	if time.Since(known.read) >= branchAge {
		_, _ = b.read(ctx, repo)
	}
}

func (b *Branches) read(ctx context.Context, repo github.Repo) (string, error) {
	found, err := b.client.Repository(ctx, repo)
	if err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[repo] = knownBranch{found.DefaultBranch, time.Now()}
	return found.DefaultBranch, nil
}
