package herokusim

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// What a release or a build can be. A release may also have expired; a build never does.
const (
	statusPending   = "pending"
	statusSucceeded = "succeeded"
	statusFailed    = "failed"
	statusExpired   = "expired"
)

// Release is one release as it stands at the moment of asking.
type Release struct {
	ID          string
	Version     int
	Status      string // pending, succeeded, failed or expired
	Description string // as Heroku writes it: "Deploy 69eec518"
	Commit      string // of its slug; empty before the first code release
	SlugID      string
	By          string // email
	Current     bool   // it is the one that runs
	Eligible    bool   // one may roll back to it
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// ReleasePhaseError says that a release was made, and its release command failed: an older release goes on running.
type ReleasePhaseError struct {
	App     string
	Version int
}

func (e *ReleasePhaseError) Error() string {
	return fmt.Sprintf("release v%d of %s: the release command failed", e.Version, e.App)
}

// release is code, config vars and add-ons together.
type release struct {
	id          string
	version     int
	status      string
	description string
	slug        *slug // nil before the first code release
	config      map[string]string
	by          *account
	created     time.Time
	updated     time.Time
	log         *stream // of the release command; nil without a release phase
}

// draft is what a release will be made of.
type draft struct {
	description string
	slug        *slug
	config      map[string]string
	by          *account
}

// eligible tells whether one may roll back to the release: "Failed releases are not eligible", and neither is one that
// has not succeeded yet, or has expired.
func (r *release) eligible() bool { return r.status == statusSucceeded }

// Releases gives all releases, newest first.
func (a *App) Releases() []Release {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	all := make([]Release, 0, len(a.releases))
	for i := len(a.releases) - 1; i >= 0; i-- {
		all = append(all, a.shown(a.releases[i]))
	}
	return all
}

// Current is the release that runs; zero before the first.
func (a *App) Current() Release {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.shown(a.current)
}

// shown copies a release out of the lock.
func (a *App) shown(r *release) Release {
	if r == nil {
		return Release{}
	}
	out := Release{
		ID: r.id, Version: r.version, Status: r.status, Description: r.description, By: r.by.email,
		Current: r == a.current, Eligible: r.eligible(), CreatedAt: r.created, UpdatedAt: r.updated,
	}
	if r.slug != nil {
		out.SlugID, out.Commit = r.slug.id, r.slug.commit
	}
	return out
}

// release finds a release by version; nil when there is none. The lock is held.
func (a *App) release(version int) *release {
	for _, r := range a.releases {
		if r.version == version {
			return r
		}
	}
	return nil
}

// newest is the last release made, whatever became of it; nil before the first. The lock is held.
func (a *App) newest() *release {
	if len(a.releases) == 0 {
		return nil
	}
	return a.releases[len(a.releases)-1]
}

// code is the slug that a release without new code is made with. The lock is held.
func (a *App) code() *slug {
	if r := a.newest(); r != nil {
		return r.slug
	}
	return nil
}

// person is who does something: the account of an email, or the owner for "". The lock is held.
func (a *App) person(email string) *account {
	if email == "" {
		return a.owner
	}
	return a.server.account(email)
}

// SetConfig sets one config var: a release with the same code, its release phase, and new dynos. It blocks until all
// that is over; when ctx ends first the release goes on without the caller.
func (a *App) SetConfig(ctx context.Context, key, value, by string) (Release, error) {
	return a.await(ctx, func() (*release, error) {
		return a.carry(func() draft {
			config := maps.Clone(a.config)
			config[key] = value
			return draft{
				description: "Set " + key + " config vars", slug: a.code(), config: config, by: a.person(by),
			}
		}, func(*release) {})
	})
}

// carry makes a release when it is its turn, and sees it through: the release phase, then the start of its dynos.
// Both functions are called with the lock held.
func (a *App) carry(plan func() draft, made func(*release)) (*release, error) {
	s := a.server
	if err := s.enter(s.ctx, &a.releasing, "release of "+a.name+" (waiting)"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	r := a.make(plan())
	made(r)
	s.mu.Unlock()
	return r, a.see(r)
}

// see sees a release through whose turn it is, and lets the next one in.
func (a *App) see(r *release) error {
	err := a.runPhase(r)
	a.server.mu.Lock()
	a.releasing.leave()
	a.server.mu.Unlock()
	if err != nil {
		return err
	}
	return a.boot(r)
}

// startRelease makes a release at once, as the API answers it, and sees it through on a goroutine: its release phase begins
// when those of the releases before it are over. The lock is held.
func (a *App) startRelease(d draft) *release {
	r, s := a.make(d), a.server
	turn := a.releasing.join("")
	s.begin(func() {
		if s.await(s.ctx, &a.releasing, turn) == nil {
			_ = a.see(r) // how it ended stands in the release
		}
	})
	return r
}

// make adds a release. Without a release phase it runs at once. The lock is held.
func (a *App) make(d draft) *release {
	version := 1
	if last := a.newest(); last != nil {
		version = last.version + 1
	}
	r := &release{
		id: uuid("release", a.name, version), version: version, description: d.description,
		slug: d.slug, config: d.config, by: d.by, created: time.Now(),
	}
	a.releases = append(a.releases, r)
	a.config = d.config // kept even if the release phase fails: what was set is set
	if d.slug.phase() == "" {
		a.become(r, statusSucceeded, "create")
		return r
	}
	r.log = a.server.newStream("release", r.id)
	a.become(r, statusPending, "create")
	return r
}

// become gives a release a status and says so. One that has succeeded is the current one from then on, and gets new
// dynos, unless a newer one runs already. The lock is held.
func (a *App) become(r *release, status, action string) {
	now := time.Now()
	r.status, r.updated = status, now
	runs := status == statusSucceeded && (a.current == nil || a.current.version < r.version)
	if runs {
		a.current, a.updated = r, now
		a.adopt(r.slug, now)
	}
	a.server.announce(a, "api:release", action, r.by.email, a.releaseEvent(r))
	if runs {
		a.restart(r, now)
	}
}

// await runs work that belongs to the server and waits for its end, or for that of ctx: then the work goes on, as
// Heroku's does when a client goes away.
func (a *App) await(ctx context.Context, work func() (*release, error)) (Release, error) {
	var r *release
	var err error
	done := make(chan struct{})
	if !a.server.spawn(func() { defer close(done); r, err = work() }) {
		return Release{}, ErrClosed
	}
	select {
	case <-done:
	case <-ctx.Done():
		return Release{}, ctx.Err()
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.shown(r), err
}
