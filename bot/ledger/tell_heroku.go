package ledger

import (
	"cmp"
	"time"

	"slipway/integrations/heroku"
)

// FromHeroku gives the facts that an event tells: none, if it tells nothing that is kept.
func FromHeroku(e heroku.Event) []Fact {
	at := latest(e.UpdatedAt, e.CreatedAt)
	switch p := e.Payload.(type) {
	case *heroku.ReleaseEvent:
		return released(*p)
	case *heroku.BuildEvent:
		return of(p.App, p.AppID, Build{App: cmp.Or(p.App, p.AppID), Build: p.Build})
	case *heroku.DynoEvent:
		return of(p.App, p.AppID, dyno(e.Action, *p, at))
	case *heroku.FormationEvent:
		return of(p.App, p.AppID, Process{App: cmp.Or(p.App, p.AppID), Process: p.Process, Gone: e.Action == destroyed, At: at})
	case *heroku.AppEvent:
		if e.Action != destroyed {
			return of(p.App.Name, p.App.ID, App{App: cmp.Or(p.App.Name, p.App.ID), State: p.App, At: at})
		}
	}
	return nil
}

const destroyed = "destroy"

// of gives the facts if it is known which app they belong to.
func of(app, id string, facts ...Fact) []Fact {
	if app == "" && id == "" {
		return nil
	}
	return facts
}

// released are the release and, since the event tells its commit, its code.
func released(p heroku.ReleaseEvent) []Fact {
	app := cmp.Or(p.App, p.AppID)
	facts := []Fact{Release{App: app, Release: p.Release}}
	if p.Release.SlugID != "" && p.Commit != "" {
		facts = append(facts, Slug{App: app, Slug: heroku.Slug{ID: p.Release.SlugID, Commit: p.Commit, CommitDescription: p.CommitDescription}})
	}
	return of(p.App, p.AppID, facts...)
}

func dyno(action string, p heroku.DynoEvent, at time.Time) Dyno {
	d := p.Dyno
	if d.UpdatedAt.IsZero() {
		d.UpdatedAt = at
	}
	return Dyno{App: cmp.Or(p.App, p.AppID), Dyno: d, Exit: p.ExitStatus, Ended: action == destroyed, At: at}
}
