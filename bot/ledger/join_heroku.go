package ledger

import (
	"slipway/integrations/heroku"
)

func (f App) join(other Fact) Fact {
	o := other.(App)
	app, id := max(f.App, o.App), max(f.State.ID, o.State.ID)
	f.App, o.App, f.State.ID, o.State.ID = app, app, id, id
	return greater(f, o, func(f App) claim { return claim{at: f.At, read: f.Read} }, whole)
}

func (f Release) join(other Fact) Fact {
	o := other.(Release)
	out := greater(f, o, Release.claim, Release.varying)
	out.App = max(f.App, o.App)
	out.WasCurrent = f.WasCurrent || o.WasCurrent || f.Release.Current || o.Release.Current
	r, a, b := &out.Release, f.Release, o.Release
	r.Current, r.Eligible = false, false
	r.Version, r.Description, r.By = max(a.Version, b.Version), max(a.Description, b.Description), max(a.By, b.By)
	r.SlugID, r.ImageID, r.OutputURL = max(a.SlugID, b.SlugID), max(a.ImageID, b.ImageID), max(a.OutputURL, b.OutputURL)
	r.CreatedAt = latest(a.CreatedAt, b.CreatedAt)
	return out
}

// claim of a release: it is pending, then it ended, then it may expire.
func (f Release) claim() claim {
	c := claim{at: f.Release.UpdatedAt, rank: 1, read: f.Read}
	switch f.Release.Status {
	case heroku.Pending:
		c.rank = 0
	case heroku.Expired:
		c.rank = 2
	}
	return c
}

func (f Release) varying() Release {
	r := f.Release
	return Release{Read: f.Read, Release: heroku.Release{ID: r.ID, Status: r.Status, UpdatedAt: r.UpdatedAt}}
}

func (f Slug) join(other Fact) Fact {
	o := other.(Slug)
	a, b := f.Slug, o.Slug
	return Slug{App: max(f.App, o.App), Slug: heroku.Slug{
		ID: a.ID, Commit: max(a.Commit, b.Commit), CommitDescription: max(a.CommitDescription, b.CommitDescription),
		Stack: max(a.Stack, b.Stack), ProcessTypes: fuller(a.ProcessTypes, b.ProcessTypes, len(a.ProcessTypes), len(b.ProcessTypes)),
	}}
}

func (f Build) join(other Fact) Fact {
	o := other.(Build)
	out := greater(f, o, Build.claim, Build.varying)
	out.App = max(f.App, o.App)
	r, a, b := &out.Build, f.Build, o.Build
	r.Commit, r.By, r.ReleaseID = max(a.Commit, b.Commit), max(a.By, b.By), max(a.ReleaseID, b.ReleaseID)
	r.OutputURL, r.CreatedAt = max(a.OutputURL, b.OutputURL), latest(a.CreatedAt, b.CreatedAt)
	return out
}

func (f Build) claim() claim {
	over := f.Build.Status != heroku.Pending
	return claim{final: over, at: f.Build.UpdatedAt, read: f.Read}
}

func (f Build) varying() Build {
	b := f.Build
	return Build{Read: f.Read, Build: heroku.Build{ID: b.ID, Status: b.Status, UpdatedAt: b.UpdatedAt}}
}

func (f Dyno) join(other Fact) Fact {
	o := other.(Dyno)
	out := greater(f, o, Dyno.claim, Dyno.varying)
	out.App = max(f.App, o.App)
	out.At, out.Ended, out.Exit = latest(f.At, o.At), f.over() || o.over(), status(f.Exit, o.Exit)
	d, a, b := &out.Dyno, f.Dyno, o.Dyno
	d.ID, d.Name, d.Type, d.Size = max(a.ID, b.ID), max(a.Name, b.Name), max(a.Type, b.Type), max(a.Size, b.Size)
	d.Command, d.Release = max(a.Command, b.Command), max(a.Release, b.Release)
	d.CreatedAt = latest(a.CreatedAt, b.CreatedAt)
	return out
}

// over tells whether the dyno has ended: one with an exit status has.
func (f Dyno) over() bool { return f.Ended || f.Exit != nil }

// claim of a dyno: what its end told is the last that there is to tell.
func (f Dyno) claim() claim {
	return claim{final: f.over(), at: f.Dyno.UpdatedAt, rank: int(yes(f.Dyno.State != "starting")), read: f.Read}
}

func (f Dyno) varying() Dyno {
	return Dyno{Read: f.Read, Dyno: heroku.Dyno{State: f.Dyno.State, UpdatedAt: f.Dyno.UpdatedAt}}
}

// status is the one of two exit statuses that there is.
func status(a, b *int) *int {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func (f Process) join(other Fact) Fact {
	o := other.(Process)
	app := max(f.App, o.App)
	f.App, o.App = app, app
	return greater(f, o, func(f Process) claim { return claim{at: f.At, read: f.Read} }, whole)
}

func (f Output) join(other Fact) Fact {
	o := other.(Output)
	return Output{App: max(f.App, o.App), ReleaseID: f.ReleaseID, Text: fuller(f.Text, o.Text, len(f.Text), len(o.Text))}
}
