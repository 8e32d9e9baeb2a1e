package herokusim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// PastRelease is a release of the past.
type PastRelease struct {
	Version           int    // 0: the next. The first may have any number, after that they are consecutive
	Kind              string // "code", "config" or "rollback"
	Commit            string // of a code release
	CommitDescription string
	Set               map[string]string // config vars that a config release set
	To                int               // the version that a rollback went back to
	Description       string            // "": as Heroku writes it for this kind
	By                string            // email; "" for the owner
	At                time.Time         // zero: now
	Failed            bool              // its release command failed
	Expired           bool              // it can no longer be rolled back to
	Output            string            // of its release command
}

// PastRelease adds to the app's history: nothing is built or started, nobody is told. A code release brings the build
// that made it. A history that could not have been (a version left out, a rollback to nowhere) is a mistake of the
// caller, and panics.
func (a *App) PastRelease(p PastRelease) Release {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if p.At.IsZero() {
		p.At = time.Now()
	}
	version := a.pastVersion(p.Version)
	d := a.pastDraft(p)
	r := &release{
		id: uuid("release", a.name, version), version: version, status: statusSucceeded, description: d.description,
		slug: d.slug, config: d.config, by: d.by, created: p.At, updated: p.At,
	}
	if r.slug.phase() != "" {
		r.log = a.server.newStream("release", r.id)
		r.log.start()
		r.log.write(p.Output)
		r.log.end()
	}
	a.releases = append(a.releases, r)
	a.config = d.config
	if p.Kind == "code" {
		a.pastBuild(p, statusSucceeded, r)
	}
	switch {
	case p.Failed:
		r.status = statusFailed
		return a.shown(r)
	case p.Expired:
		r.status = statusExpired
	}
	a.current, a.updated = r, p.At
	a.dynos = a.fleet(r, dynoUp, p.At)
	return a.shown(r)
}

func (a *App) pastVersion(version int) int {
	last := a.newest()
	switch {
	case last == nil:
		return max(version, 1)
	case version == 0 || version == last.version+1:
		return last.version + 1
	}
	panic(fmt.Sprintf("herokusim: release v%d cannot follow v%d", version, last.version))
}

func (a *App) pastDraft(p PastRelease) draft {
	d := draft{slug: a.code(), config: maps.Clone(a.config), by: a.person(p.By)}
	switch p.Kind {
	case "code":
		d.description = deployDescription(p.Commit)
		d.slug = a.newSlug(p.Commit, p.CommitDescription, nil, p.At)
	case "config":
		if len(p.Set) == 0 && p.Description == "" {
			panic("herokusim: a past config release sets something, or has a description")
		}
		maps.Copy(d.config, p.Set)
		d.description = "Set " + strings.Join(slices.Sorted(maps.Keys(p.Set)), ", ") + " config vars"
	case "rollback":
		to := a.release(p.To)
		if to == nil {
			panic(fmt.Sprintf("herokusim: no release v%d to have rolled back to", p.To))
		}
		d = a.back(to, p.By)
	default:
		panic(fmt.Sprintf("herokusim: a past release is code, config or rollback, not %q", p.Kind))
	}
	if p.Description != "" {
		d.description = p.Description
	}
	return d
}

// PastBuild is a build of the past that failed. Those that succeeded come with their release.
type PastBuild struct {
	Commit string
	By     string    // email; "" for the owner
	At     time.Time // zero: now
}

// PastBuild adds a failed build to the app's history.
func (a *App) PastBuild(p PastBuild) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if p.At.IsZero() {
		p.At = time.Now()
	}
	a.pastBuild(PastRelease{Commit: p.Commit, By: p.By, At: p.At}, statusFailed, nil)
}

func (a *App) pastBuild(p PastRelease, status string, r *release) {
	b := a.newBuild(DeploySpec{Commit: p.Commit, CommitDescription: p.CommitDescription, By: p.By}, p.At.Add(-buildTakes))
	b.status, b.updated, b.release = status, p.At, r
	if r != nil {
		b.slug = r.slug
	}
	b.log.start()
	b.log.write(a.buildOutput(status == statusFailed))
	b.log.end()
	b.cancel(nil)
}
