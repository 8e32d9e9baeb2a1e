package ledger

import (
	"slipway/integrations/heroku"
)

// Deployed is code that runs, or ran.
type Deployed struct {
	Release heroku.Release // the newest release of this code
	Code    heroku.Release // the one that brought it; for a rollback, the rollback
	Origin  heroku.Release // the deploy that first released it; zero if that is not known
}

// Live is the code that runs. Releases that never ran are passed over.
func (k *Known) Live() (live Deployed, ok bool) {
	live, _ = deployed(k.Releases())
	return live, live.Release.ID != ""
}

// Before is the code that ran before it.
func (k *Known) Before() (before Deployed, ok bool) {
	_, before = deployed(k.Releases())
	return before, before.Release.ID != ""
}

// deployed finds the code that runs and the code that ran before it in releases, newest first. An event may leave out the
// code of a release that brought none; then the one before it that ran tells what runs.
func deployed(releases []heroku.Release) (live, before Deployed) {
	running := false // the release that runs was passed
	for _, r := range releases {
		running = running || r.Current
		switch {
		case !hasCode(r), !running:
		case !r.Current && (r.Status == heroku.Failed || r.Status == heroku.Pending):
		case live.Release.ID == "":
			live = Deployed{Release: r, Code: r}
		case before.Release.ID == "" && r.SameCode(live.Code):
			live.Code = r
		case before.Release.ID == "":
			before = Deployed{Release: r, Code: r}
		case r.SameCode(before.Code):
			before.Code = r
		default:
			return live.originate(releases), before.originate(releases)
		}
	}
	return live.originate(releases), before.originate(releases)
}

func hasCode(r heroku.Release) bool { return r.SlugID != "" || r.ImageID != "" }

func (d Deployed) originate(releases []heroku.Release) Deployed {
	if d.Release.ID != "" {
		d.Origin = origin(d.Code, releases)
	}
	return d
}

// origin finds the deploy that first released some code. A rollback releases code that an older run deployed, and a
// promotion code of another app: their own time says nothing about a run.
func origin(code heroku.Release, releases []heroku.Release) heroku.Release {
	var first heroku.Release
	for _, r := range releases {
		if r.SameCode(code) && r.Cause().Kind == heroku.Deploy {
			first = r
		}
	}
	return first
}

// FailedSince is the newest release that failed after the live one, or while nothing ran yet.
func (k *Known) FailedSince() (failed heroku.Release, ok bool) {
	releases := k.Releases()
	live, _ := deployed(releases)
	for _, r := range releases {
		if r.Version > live.Release.Version && r.Status == heroku.Failed {
			return r, true
		}
	}
	return heroku.Release{}, false
}
