package reader

import (
	"context"
	"time"

	"slipway/bot/ledger"
)

// How much is read of each list. An app that was only configured a hundred times since its last deploy has its code release
// beyond them, and the answer says so.
const (
	firstReleases = 100
	laterReleases = 20
	buildsRead    = 5
)

// app asks Heroku about one app.
func (r *Reader) app(app string, what ledger.List, ask func(context.Context, time.Time) ([]ledger.Fact, error)) question {
	return question{at: r.heroKu, scope: ledger.AppScope(app), what: what, ask: ask}
}

func (r *Reader) state(app string) question {
	return r.app(app, ledger.Apps, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		a, err := r.heroku.App(ctx, app)
		return []ledger.Fact{ledger.App{App: app, State: a, At: began, Read: began}}, err
	})
}

// releases asks for the newest ones and, where they leave a gap to the newest that was known, for more. Newest is 0 when
// none was known.
func (r *Reader) releases(app string, newest int) question {
	return r.app(app, ledger.Releases, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		n := laterReleases
		if newest == 0 {
			n = firstReleases
		}
		list, err := r.heroku.Releases(ctx, app, n)
		if err == nil && len(list) == laterReleases && list[laterReleases-1].Version > newest+1 {
			list, err = r.heroku.Releases(ctx, app, firstReleases)
		}
		facts := make([]ledger.Fact, len(list))
		for i, release := range list {
			facts[i] = ledger.Release{App: app, Release: release, WasCurrent: release.Current, Read: began}
		}
		return facts, err
	})
}

func (r *Reader) builds(app string) question {
	return r.app(app, ledger.Builds, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.heroku.Builds(ctx, app, buildsRead)
		facts := make([]ledger.Fact, len(list))
		for i, b := range list {
			facts[i] = ledger.Build{App: app, Build: b, Read: began}
		}
		return facts, err
	})
}

func (r *Reader) dynos(app string) question {
	return r.app(app, ledger.Dynos, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.heroku.Dynos(ctx, app)
		whole := ledger.Listed{App: app, What: ledger.Dynos, Read: began}
		var facts []ledger.Fact
		for _, d := range list {
			facts = append(facts, ledger.Dyno{App: app, Dyno: d, At: began, Read: began})
			whole.Names = append(whole.Names, ledger.DynoKey(d))
		}
		return append(facts, whole), err
	})
}

func (r *Reader) formation(app string) question {
	return r.app(app, ledger.Formation, func(ctx context.Context, began time.Time) ([]ledger.Fact, error) {
		list, err := r.heroku.Formation(ctx, app)
		whole := ledger.Listed{App: app, What: ledger.Formation, Read: began}
		var facts []ledger.Fact
		for _, p := range list {
			facts = append(facts, ledger.Process{App: app, Process: p, At: began, Read: began})
			whole.Names = append(whole.Names, p.Type)
		}
		return append(facts, whole), err
	})
}
