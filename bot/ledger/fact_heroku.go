package ledger

import (
	"cmp"
	"time"

	"slipway/integrations/heroku"
)

// The facts of an app carry its name, or its id where a webhook told no name. Known and Fold resolve an id by the App
// that they know; what belongs to an app that they do not know is left out.

// App is the app as a whole.
type App struct {
	App   string
	State heroku.App
	At    time.Time // of the event or, when it was read, of the reading
	Read  time.Time
}

// Release is a release. What is known of it says by WasCurrent whether it ever was what runs; whether it is so now follows
// from all of them, so Current and Eligible, which change with every other release, are not kept.
type Release struct {
	App        string
	Release    heroku.Release
	WasCurrent bool
	Read       time.Time
}

// Slug is the code of a release, a slug on Cedar or an image on Fir. It never changes, but an event tells only its commit.
type Slug struct {
	App  string
	Slug heroku.Slug
}

// Build is a build.
type Build struct {
	App   string
	Build heroku.Build
	Read  time.Time
}

// Dyno is a dyno that runs or ran. One that ended stays ended.
type Dyno struct {
	App   string
	Dyno  heroku.Dyno
	Exit  *int // its exit status; only webhooks tell, and not of every dyno
	Ended bool
	At    time.Time // of the event or, when it was read, of the reading
	Read  time.Time
}

// Process is a process type of the formation.
type Process struct {
	App     string
	Process heroku.Process
	Gone    bool
	At      time.Time // of the event or, when it was read, of the reading
	Read    time.Time
}

// Output is what a release's command printed, its last part if it is long.
type Output struct {
	App       string
	ReleaseID string
	Text      string
}

// Subject is the app.
func (f App) Subject() Subject { return inApp(KindApp, f.App) }

// Subject is the release, by its id.
func (f Release) Subject() Subject { return inApp(KindRelease, f.App, f.Release.ID) }

// Subject is the slug or image.
func (f Slug) Subject() Subject { return inApp(KindSlug, f.App, f.Slug.ID) }

// Subject is the build.
func (f Build) Subject() Subject { return inApp(KindBuild, f.App, f.Build.ID) }

// Subject is the dyno. Its name serves others after it.
func (f Dyno) Subject() Subject { return inApp(KindDyno, f.App, DynoKey(f.Dyno)) }

// DynoKey is what a Listed names a dyno by: its id, or its name if it has none.
func DynoKey(d heroku.Dyno) string { return cmp.Or(d.ID, d.Name) }

// Subject is the process type.
func (f Process) Subject() Subject { return inApp(KindProcess, f.App, f.Process.Type) }

// Subject is the release.
func (f Output) Subject() Subject { return inApp(KindOutput, f.App, f.ReleaseID) }
