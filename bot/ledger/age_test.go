package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestTroublesAreGapsUntilTheListIsRead(t *testing.T) {
	t.Parallel()
	scope, appScope := ledger.RepoScope(repo), ledger.AppScope(app)
	quota := ledger.TroubleOf(at(10), at(11), &github.Error{Kind: github.OutOfQuota, Status: 403, Until: at(600)})
	slow := ledger.TroubleOf(at(10), at(11), &heroku.Error{Kind: heroku.OutOfQuota, Status: 429, RetryAfter: time.Minute})
	cut := ledger.TroubleOf(at(10), at(11), errors.New("cut"))
	k := known(
		ledger.Release{App: app, Release: heroku.Release{ID: "r7", Version: 7, SlugID: "s", Current: true}},
		ledger.Reading{Scope: scope, What: ledger.Runs, Trouble: quota},
		ledger.Reading{Scope: appScope, What: ledger.Releases, At: at(20)},
		ledger.Reading{Scope: appScope, What: ledger.Releases, Trouble: slow},
		ledger.Reading{Scope: appScope, What: ledger.Dynos, At: at(5)},
		ledger.Reading{Scope: appScope, What: ledger.Dynos, Trouble: cut},
		ledger.Reading{Scope: appScope, What: ledger.Slugs, Of: "v7", Trouble: slow},
		ledger.Reading{Scope: appScope, What: ledger.Slugs, Of: "v6", Trouble: slow}, // nobody wants it any more
	)
	want := []ledger.Gap{
		{Sender: ledger.GitHub, What: "runs", Trouble: ledger.Trouble{At: at(10), Kind: string(github.OutOfQuota), Status: 403, Until: at(600)}},
		{Sender: ledger.Heroku, What: "dynos", Trouble: ledger.Trouble{At: at(10)}},
		{Sender: ledger.Heroku, What: "the commit of v7", Trouble: ledger.Trouble{At: at(10), Kind: string(heroku.OutOfQuota), Status: 429, Until: at(71)}},
	}
	if diff := cmp.Diff(want, k.Gaps()); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if !k.Lost(ledger.Dynos) || k.Lost(ledger.Releases) || k.Lost(ledger.Builds) {
		t.Error("the dynos alone were lost")
	}
	k.Add(ledger.Reading{Scope: appScope, What: ledger.Dynos, At: at(10)}, ledger.Slug{App: app, Slug: heroku.Slug{ID: "s", Commit: "x"}})
	if diff := cmp.Diff(want[:1], k.Gaps()); diff != "" {
		t.Errorf("gaps after reading (-want +got):\n%s", diff)
	}
}

func TestWhatIsKnownIsAsOldAsTheLastLook(t *testing.T) {
	t.Parallel()
	k := known(ledger.Reading{Scope: ledger.AppScope(app), What: ledger.Releases, At: at(13)})
	if got := k.AsOf(ledger.Heroku); !got.IsZero() {
		t.Errorf("without the dynos it is known as of %v", got)
	}
	for _, what := range []ledger.List{ledger.Formation, ledger.Apps} {
		k.Add(ledger.Reading{Scope: ledger.AppScope(app), What: what, At: at(14)})
	}
	k.Add(ledger.Reading{Scope: ledger.AppScope(app), What: ledger.Dynos, At: at(10)})
	if got := k.AsOf(ledger.Heroku); !got.Equal(at(10)) || !k.ReadAt(ledger.Releases).Equal(at(13)) {
		t.Errorf("as of %v, want %v", got, at(10))
	}
	k.Add(ledger.Heard{Scope: ledger.AppScope(app), Sender: ledger.Heroku, At: at(15)}) // it may not be all that there was to hear
	if got := k.AsOf(ledger.Heroku); !got.Equal(at(10)) || !k.AsOf(ledger.GitHub).IsZero() {
		t.Errorf("as of %v, want %v", got, at(10))
	}
}

func TestOnlyWhatIsNotOverGoesOn(t *testing.T) {
	t.Parallel()
	going := run(2, 0, 0)[0].(ledger.Run)
	going.Run.Status, going.Run.Conclusion = "in_progress", ""
	forgotten := run(1, -40*24*3600, 0)[0].(ledger.Run)
	forgotten.Run.Status, forgotten.Run.Conclusion = "in_progress", ""
	other := run(3, 0, 0)[0].(ledger.Run)
	other.Run.Status, other.Run.Event = "in_progress", "pull_request"
	k := known(
		going, forgotten, other, run(4, 0, 9)[0],
		ledger.Build{App: app, Build: heroku.Build{ID: "b1", Status: heroku.Pending}}, ledger.Build{App: app, Build: heroku.Build{ID: "b2", Status: heroku.Succeeded}},
		ledger.Release{App: app, Release: heroku.Release{ID: "r1", Status: heroku.Pending}}, ledger.Release{App: app, Release: heroku.Release{ID: "r2", Status: heroku.Failed}},
		ledger.Dyno{App: app, Dyno: heroku.Dyno{ID: "d1", Name: "run.1", Type: "run"}}, ledger.Dyno{App: app, Dyno: heroku.Dyno{ID: "d2", Name: "web.1", Type: "web"}},
	)
	got := k.Going(at(60))
	var names []string
	for _, r := range got.Runs {
		names = append(names, r.SHA[:1])
	}
	for _, b := range got.Builds {
		names = append(names, b.ID)
	}
	for _, r := range got.Releases {
		names = append(names, r.ID)
	}
	for _, d := range got.Dynos {
		names = append(names, d.ID)
	}
	if diff := cmp.Diff([]string{"2", "b1", "r1", "d1"}, names); diff != "" {
		t.Errorf("going on (-want +got):\n%s", diff)
	}
}
