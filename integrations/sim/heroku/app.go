package herokusim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"time"
)

// AppSpec says what an app is made with.
type AppSpec struct {
	Name          string
	Owner         string   // email
	Collaborators []string // emails, without the owner
	Stack         string   // default "heroku-24"
	Config        map[string]string
	Formation     []Process
	ReleasePhase  string    // the release command; "" for an app without a release phase
	AddonPlans    []string  // "heroku-postgresql:standard-0"
	CreatedAt     time.Time // zero: now
}

// Process is one process type and how many dynos run it.
type Process struct {
	Type, Command string
	Size          string // default "Basic"
	Quantity      int
}

// App is one app. Its methods may be called at any time, by anyone.
type App struct {
	server        *Server // whose lock guards all of this
	id, name      string
	owner         *account
	collaborators []*account
	stack         string
	formation     []Process
	releasePhase  string
	created       time.Time
	updated       time.Time

	maintenance bool
	unhealthy   bool
	config      map[string]string // of the app now: what the newest release was made with
	releases    []*release        // oldest first
	current     *release          // the one that runs; nil before the first
	slugs       []*slug
	builds      []*build // oldest first
	dynos       []*dyno  // of the formation
	oneOffs     []*oneOff
	dynosMade   int
	onRun       func(context.Context, Run) int
	limits      map[string]int // how many one-off dynos of a size may be; a size that is not there has no limit
	log         appLog
	addons      []*addon      // that this app pays for
	attachments []*attachment // that this app has

	transfers     []*transfer // of the databases that it pays for, oldest first
	transfersMade int
	nextBackup    string // why the next one fails; "": it does not

	webhooks     []*webhook // oldest first
	webhooksMade int
	deliveries   []*delivery // oldest first

	building  line // one build at a time
	releasing line // one release at a time
	nextBuild struct{ fail bool }
	nextPhase phase
}

// newApp makes an app; the server's lock is held.
func newApp(s *Server, spec AppSpec) *App {
	now := time.Now()
	a := &App{
		server:       s,
		id:           uuid("app", spec.Name),
		name:         spec.Name,
		owner:        s.account(spec.Owner),
		stack:        cmp.Or(spec.Stack, "heroku-24"),
		releasePhase: spec.ReleasePhase,
		config:       maps.Clone(spec.Config),
		created:      spec.CreatedAt,
	}
	if a.created.IsZero() {
		a.created = now
	}
	a.updated = a.created
	if a.config == nil {
		a.config = map[string]string{}
	}
	for _, email := range spec.Collaborators {
		a.collaborators = append(a.collaborators, s.account(email))
	}
	for _, p := range spec.Formation {
		p.Size = cmp.Or(p.Size, "Basic")
		a.formation = append(a.formation, p)
	}
	if a.releasePhase != "" {
		// "a formation of type `release` = there is a release phase"
		a.formation = append(a.formation, Process{Type: "release", Command: a.releasePhase, Size: "Basic"})
	}
	for _, plan := range spec.AddonPlans {
		a.addAddon(AddonSpec{Plan: plan})
	}
	return a
}

// Name is the app's name.
func (a *App) Name() string { return a.name }

// ID is the app's UUID.
func (a *App) ID() string { return a.id }

// shownTo tells whether an account may see the app.
func (a *App) shownTo(who *account) bool {
	if who == a.owner {
		return true
	}
	for _, c := range a.collaborators {
		if c == who {
			return true
		}
	}
	return false
}

// SetMaintenance turns maintenance mode on or off. It makes no release and restarts nothing.
func (a *App) SetMaintenance(on bool) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.setMaintenance(on, a.owner)
}

// setMaintenance is SetMaintenance by somebody; the lock is held.
func (a *App) setMaintenance(on bool, by *account) {
	if a.maintenance == on {
		return
	}
	a.maintenance, a.updated = on, time.Now()
	a.server.announce(a, "api:app", "update", by.email, a.view())
}

// SetHealth says whether the app's own health check passes.
func (a *App) SetHealth(ok bool) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.unhealthy = !ok
}

// Healthy tells what SetHealth said last; true before that.
func (a *App) Healthy() bool {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return !a.unhealthy
}

// NextBuild says whether the next build that begins fails.
func (a *App) NextBuild(fail bool) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.nextBuild.fail = fail
}

// NextReleasePhase says how the next release phase that begins ends, and what its command prints.
func (a *App) NextReleasePhase(fail bool, output string) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.nextPhase = phase{fail: fail, output: output}
}

// open tells what goes on in this app; the server's lock is held.
func (a *App) open() []string {
	var open []string
	for _, b := range a.builds {
		if b.status == statusPending {
			open = append(open, "build of "+a.name)
		}
	}
	for _, r := range a.releases {
		if r.status == statusPending {
			open = append(open, fmt.Sprintf("release v%d (release phase)", r.version))
		}
	}
	open = append(open, a.releasing.waiting()...)
	for _, d := range a.dynos {
		if d.state == dynoStarting {
			open = append(open, fmt.Sprintf("dyno %s of %s (starting)", d.name, a.name))
		}
	}
	for _, o := range a.oneOffs {
		open = append(open, fmt.Sprintf("dyno %s of %s", o.name, a.name))
	}
	for _, t := range a.transfers {
		if t.finished.IsZero() {
			open = append(open, fmt.Sprintf("backup %s of %s", t.name(), a.name))
		}
	}
	return open
}
