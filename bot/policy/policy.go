package policy

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

// Options are what a policy needs.
type Options struct {
	Store  *store.Store
	GitHub *github.Client
	Log    *slog.Logger
	Apps   config.Apps

	// Fold joins what new settings tell with what the ledger knows, in the transaction that keeps them; nil: ledger.Fold. It
	// is called whenever another version of the file was read, so that what is told by the settings is told anew.
	Fold func(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error)

	Kept func() // is called after another version was kept; nil: nobody waits for it
}

// Policy knows the settings in force. It may be used by many goroutines at once.
type Policy struct {
	Options
	repos []*watch // one for each repository of APPS

	mu     sync.Mutex
	parsed map[string]parsed // by repository and hash
}

// New makes a policy. Nothing is read before Run or Refresh: until then what the database keeps is in force.
func New(o Options) *Policy {
	if o.Fold == nil {
		o.Fold = ledger.Fold
	}
	p := &Policy{Options: o, parsed: map[string]parsed{}}
	for _, app := range o.Apps {
		scope := ledger.RepoScope(app.Repo)
		i := slices.IndexFunc(p.repos, func(w *watch) bool { return w.scope == scope })
		if i < 0 {
			i = len(p.repos)
			p.repos = append(p.repos, &watch{
				Policy: p, repo: app.Repo, scope: scope, nudges: make(chan struct{}, 1), looked: make(chan struct{}),
			})
		}
		p.repos[i].apps = append(p.repos[i].apps, app.Name)
	}
	return p
}

// watch finds a repository; nil: it is not in APPS.
func (p *Policy) watch(repo github.Repo) *watch {
	for _, w := range p.repos {
		if w.scope == ledger.RepoScope(repo) {
			return w
		}
	}
	return nil
}

// In gives the settings that are in force for an app, and what is wrong with the newest version of the file, if anything is.
// It asks nobody but the database.
func (p *Policy) In(ctx context.Context, tx *store.Tx, app config.App) (settings.App, Faulty, error) {
	w := p.watch(app.Repo)
	if w == nil {
		return settings.Settings{}.For(app.Name), Faulty{}, nil
	}
	s, faulty, err := w.inForce(ctx, tx)
	if err != nil {
		return settings.App{}, Faulty{}, fmt.Errorf("find the settings of %s: %w", app.Repo, err)
	}
	return s.For(app.Name), faulty, nil
}

// Read tells whether the file of an app's repository was ever read, or found not to be there. Before that In gives defaults of
// which nobody knows whether they hold.
func (p *Policy) Read(ctx context.Context, tx *store.Tx, app config.App) (bool, error) {
	w := p.watch(app.Repo)
	if w == nil {
		return false, nil
	}
	r, err := w.row(ctx, tx)
	if err != nil {
		return false, fmt.Errorf("find whether the settings of %s were read: %w", app.Repo, err)
	}
	return r.known, nil
}

// Looked is closed when this process has tried to read the file of an app's repository, whatever came of it: before that, a file that
// was never read says only that we have just begun.
func (p *Policy) Looked(app config.App) <-chan struct{} {
	if w := p.watch(app.Repo); w != nil {
		return w.looked
	}
	none := make(chan struct{})
	close(none)
	return none
}

// Health is the path at which an app tells that it is well; "": none is set, or the database is away.
func (p *Policy) Health(ctx context.Context, app config.App) (path string) {
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		set, _, err := p.In(ctx, tx, app)
		path = set.Health
		return err
	})
	if err != nil {
		return ""
	}
	return path
}

// Production tells whether an app is marked as the one that visitors use. While the database is away none is.
func (p *Policy) Production(ctx context.Context, app config.App) (marked bool) {
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		set, _, err := p.In(ctx, tx, app)
		marked = set.Production
		return err
	})
	return err == nil && marked
}

// Branch gives the branch that the settings of a repository name as the one that deploys; "": the default branch does. It is
// for reader.Reader.
func (p *Policy) Branch(ctx context.Context, repo github.Repo) (branch string, err error) {
	w := p.watch(repo)
	if w == nil {
		return "", nil
	}
	err = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, _, err := w.inForce(ctx, tx)
		branch = w.branch(s)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("find the branch of %s that deploys: %w", repo, err)
	}
	return branch, nil
}

// branch is the one that deploys: the same for all apps of the repository.
func (w *watch) branch(s settings.Settings) string { return s.For(w.apps[0]).Branch }
