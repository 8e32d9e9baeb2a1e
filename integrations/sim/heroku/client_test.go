package herokusim

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	heroku "github.com/heroku/heroku-go/v5"
)

// client is the official Go client, as it comes. "Always set `Transport`": without it the client has a data race.
func (s *site) official() *heroku.Service {
	c := heroku.NewService(&http.Client{Transport: &heroku.Transport{
		BearerToken: token, Transport: s.client.Transport,
	}})
	c.URL = base
	return c
}

// Decoding fails where a field has another type than the schema's.
func TestTheOfficialGoClientReadsEverything(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		c, ctx, app := s.official(), t.Context(), "penny-university"
		check := func(what string, ok bool, err error) {
			t.Helper()
			if err != nil || !ok {
				t.Errorf("%s: %v (%v)", what, ok, err)
			}
		}
		account, err := c.AccountInfo(ctx)
		check("account", account.Email == alice, err)
		limit, err := c.RateLimitInfo(ctx)
		check("rate limit", limit.Remaining == 4499, err)
		apps, err := c.AppList(ctx, nil)
		check("apps", len(apps) == 1 && apps[0].Name == app, err)
		one, err := c.AppInfo(ctx, app)
		check("app", one.Owner.Email == alice && one.Stack.Name == "heroku-24" && one.ReleasedAt != nil, err)
		releases, err := c.ReleaseList(ctx, app, &heroku.ListRange{Field: "version", Max: 2, Descending: true})
		check("releases", len(releases) == 2 && releases[0].Version == 122 && releases[0].Current, err)
		release, err := c.ReleaseInfo(ctx, app, "121")
		check("release", release.Description == "Set FEATURE_X config vars" && release.User.Email == alice, err)
		slug, err := c.SlugInfo(ctx, app, releases[0].Slug.ID)
		check("slug", *slug.Commit == sha && slug.ProcessTypes["web"] == "gunicorn penny.wsgi", err)
		formation, err := c.FormationList(ctx, app, nil)
		check("formation", len(formation) == 3 && formation[0].Quantity == 2, err)
		dynos, err := c.DynoList(ctx, app, nil)
		check("dynos", len(dynos) == 3 && dynos[0].Name == "web.1" && dynos[0].Release.Version == 122, err)
		dyno, err := c.DynoInfo(ctx, app, "worker.1")
		check("dyno", dyno.State == "up" && dyno.AttachURL == nil, err)
		builds, err := c.BuildList(ctx, app, nil)
		check("builds", len(builds) == 2 && *builds[1].SourceBlob.Version == sha, err)
		build, err := c.BuildInfo(ctx, app, builds[1].ID)
		check("build", build.Release.ID == releases[0].ID, err)
		config, err := c.ConfigVarInfoForApp(ctx, app)
		check("config", *config["FEATURE_X"] == "1", err)
		old, err := c.ConfigVarInfoForAppRelease(ctx, app, "120")
		check("old config", len(old) == 1, err)
		people, err := c.CollaboratorList(ctx, app, nil)
		check("collaborators", len(people) == 2 && *people[0].Role == "owner" && people[1].User.Email == bob, err)
	})
}

// "Errors: non-2xx JSON -> `heroku.Error{error; ID, URL, StatusCode}`, a VALUE type inside `*url.Error`"
func TestTheOfficialGoClientReadsErrors(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		_, err := s.official().AppInfo(t.Context(), "nosuch")
		var he heroku.Error
		if !errors.As(err, &he) || he.ID != "not_found" || he.StatusCode != 404 || he.Error() != "Couldn't find that app." {
			t.Errorf("got %v", err)
		}
	})
}

// Outside a bubble, on real sockets and in real time, the same happens.
func TestRealSocketsWorkToo(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	s := New(Options{URL: "http://" + server.Listener.Addr().(*net.TCPAddr).String(), Speed: 1000})
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	s.AddAccount(alice, token)
	app := s.AddApp(pennySpec())
	app.NextReleasePhase(false, "one\n")
	began := time.Now()
	r, err := app.Deploy(t.Context(), DeploySpec{Commit: sha})
	if err != nil || time.Since(began) > 30*time.Second {
		t.Fatalf("%v after %v", err, time.Since(began))
	}
	c := heroku.NewService(&http.Client{Transport: &heroku.Transport{
		BearerToken: token, Transport: http.DefaultTransport.(*http.Transport).Clone(),
	}})
	c.URL = server.URL
	got, err := c.ReleaseInfo(t.Context(), "penny-university", "1")
	if err != nil || got.ID != r.ID || !got.Current {
		t.Errorf("got %+v, %v", got, err)
	}
}
