package herokusim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"time"
)

// buildTakes is how long a build takes in life.
const buildTakes = 40 * time.Second

// BuildError says that a build failed, so that no release was made.
type BuildError struct {
	App     string
	BuildID string
}

func (e *BuildError) Error() string { return fmt.Sprintf("build %s of %s failed", e.BuildID, e.App) }

// build turns a commit into a slug.
type build struct {
	id                string
	status            string
	commit            string
	commitDescription string
	source            string // where the tarball came from
	by                *account
	slug              *slug
	release           *release // nil until one is made
	log               *stream
	fetched           bool   // the source is fetched; otherwise what happens is all there is to it
	checksum          string // "SHA256:<hex>", or empty
	compiled          bool   // it can no longer be cancelled
	turn              *place // in the line of builds
	ctx               context.Context
	cancel            context.CancelCauseFunc
	created           time.Time
	updated           time.Time
}

// DeploySpec is what is deployed.
type DeploySpec struct {
	Commit            string // 40 hex digits
	CommitDescription string
	By                string // email; "" for the owner
	Source            string // URL of the source tarball, as the build shows it; "" for one of Heroku's own
	// Output is given each line of the build, then of the release command, as it is printed. It is called on the
	// goroutine of Deploy, never after it returned. It may be nil.
	Output func(line string)
}

// Deploy builds a commit, makes a release of it, runs its release phase and starts new dynos. It blocks until all that
// is over. A second build of the app waits for the first. The error is a *BuildError, a *ReleasePhaseError (with the
// release that failed), that of ctx (the deploy then goes on without the caller, as at Heroku), or ErrClosed.
func (a *App) Deploy(ctx context.Context, spec DeploySpec) (Release, error) {
	a.server.mu.Lock()
	b := a.newBuild(spec, time.Now())
	b.turn = a.building.join("")
	a.server.announce(a, "api:build", "create", b.by.email, a.buildView(b))
	a.server.mu.Unlock()

	var r *release
	var err error
	done := make(chan struct{})
	if !a.server.spawn(func() { defer close(done); r, err = a.runBuild(b) }) {
		return Release{}, ErrClosed
	}
	if err := a.follow(ctx, b, spec.Output); err != nil {
		return Release{}, err
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

// follow gives out the lines of a build and of the release phase after it.
func (a *App) follow(ctx context.Context, b *build, output func(string)) error {
	if output == nil {
		return nil
	}
	if err := b.log.follow(ctx, output); err != nil {
		return err
	}
	a.server.mu.Lock()
	var log *stream
	if b.release != nil {
		log = b.release.log
	}
	a.server.mu.Unlock()
	if log == nil {
		return nil
	}
	return log.follow(ctx, output)
}

// newBuild adds a pending build; the lock is held.
func (a *App) newBuild(spec DeploySpec, at time.Time) *build {
	b := &build{
		id: uuid("build", a.name, len(a.builds)+1), status: statusPending,
		commit: spec.Commit, commitDescription: spec.CommitDescription, source: spec.Source,
		by: a.person(spec.By), created: at, updated: at,
	}
	b.ctx, b.cancel = context.WithCancelCause(a.server.ctx)
	b.log = a.server.newStream("build", b.id)
	if b.source == "" {
		b.source = a.server.opts.URL + "/sources/" + digest("source", b.id)[:32] + ".tgz"
	}
	a.builds = append(a.builds, b)
	return b
}

// runBuild waits for its turn ("One build at a time per app", and "A queued build could outlive those 5 minutes": a
// second one waits), builds, and carries the release.
func (a *App) runBuild(b *build) (*release, error) {
	s := a.server
	defer b.cancel(nil)
	defer b.log.end()
	if err := s.await(b.ctx, &a.building, b.turn); err != nil {
		return nil, err
	}
	types, err := a.compile(b)
	s.mu.Lock()
	if b.status == statusPending && err == nil {
		b.compiled = true
	} else {
		a.endBuild(b, statusFailed)
		s.mu.Unlock()
		return nil, cmp.Or(err, error(&BuildError{App: a.name, BuildID: b.id}))
	}
	s.mu.Unlock()
	return a.carry(func() draft {
		b.slug = a.newSlug(b.commit, b.commitDescription, types, time.Now())
		return draft{
			description: deployDescription(b.commit), slug: b.slug, config: maps.Clone(a.config), by: b.by,
		}
	}, func(r *release) {
		b.release = r
		b.log.write(fmt.Sprintf("-----> Launching...\n       Released v%d\n", r.version))
		b.log.end()
		a.endBuild(b, statusSucceeded)
	})
}

// compile is the work of a build: its source is fetched, if it has one, and its output printed. It gives the process
// types that the source names; none when it names none.
func (a *App) compile(b *build) (types map[string]string, err error) {
	s := a.server
	s.mu.Lock()
	fail := a.nextBuild.fail
	a.nextBuild.fail = false
	s.mu.Unlock()
	b.log.start()
	if b.fetched {
		if types, err = s.fetch(b.ctx, b.source, b.checksum); err != nil {
			b.log.write(" !     " + err.Error() + "\n")
			return nil, &BuildError{App: a.name, BuildID: b.id}
		}
	}
	if err := s.print(b.ctx, b.log, a.buildOutput(fail), buildTakes); err != nil {
		return nil, err
	}
	if fail {
		return nil, &BuildError{App: a.name, BuildID: b.id}
	}
	return types, nil
}

// endBuild ends a build and lets the next begin; the lock is held.
func (a *App) endBuild(b *build, status string) {
	a.settleBuild(b, status)
	a.building.leave()
}

// settleBuild gives a build its end, if it has none yet. One that the end of the server cut short has none. The lock is
// held.
func (a *App) settleBuild(b *build, status string) {
	if b.status != statusPending || a.server.ctx.Err() != nil {
		return
	}
	b.status, b.updated = status, time.Now()
	a.server.announce(a, "api:build", "update", b.by.email, a.buildView(b))
}

func (a *App) buildOutput(fail bool) string {
	out := "-----> Building on the " + a.stack + " stack\n" +
		"-----> Python app detected\n" +
		"-----> Installing requirements with pip\n"
	if fail {
		return out + " !     Push rejected, failed to compile Python app.\n"
	}
	return out + "-----> Discovering process types\n" + "-----> Compressing...\n"
}

// deployDescription is how Heroku describes the release of a commit: "Deploy <sha8>".
func deployDescription(commit string) string { return "Deploy " + commit[:min(8, len(commit))] }
