package herokusim

import (
	"context"
	"fmt"
	"maps"
)

// IneligibleError says that one cannot roll back to a release.
type IneligibleError struct {
	App     string
	Version int
	Status  string // of the release; empty when there is no such release
}

func (e *IneligibleError) Error() string {
	if e.Status == "" {
		return fmt.Sprintf("%s has no release v%d", e.App, e.Version)
	}
	return fmt.Sprintf("release v%d of %s is %s: one cannot roll back to it", e.Version, e.App, e.Status)
}

// Rollback makes a new release of the code and the config vars of an older one: "A rollback makes a NEW release … with
// old code AND old config vars", and "The release phase runs on a rollback too". It blocks like SetConfig.
func (a *App) Rollback(ctx context.Context, version int, by string) (Release, error) {
	to, err := a.eligible(version)
	if err != nil {
		return Release{}, err
	}
	return a.await(ctx, func() (*release, error) {
		return a.carry(func() draft { return a.back(to, by) }, func(*release) {})
	})
}

func (a *App) eligible(version int) (*release, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	r := a.release(version)
	if r == nil {
		return nil, &IneligibleError{App: a.name, Version: version}
	}
	if !r.eligible() {
		return nil, &IneligibleError{App: a.name, Version: version, Status: r.status}
	}
	return r, nil
}

// back is the release that a rollback makes. The lock is held.
func (a *App) back(to *release, by string) draft {
	return draft{
		description: fmt.Sprintf("Rollback to v%d", to.version),
		slug:        to.slug,
		config:      maps.Clone(to.config),
		by:          a.person(by),
	}
}
