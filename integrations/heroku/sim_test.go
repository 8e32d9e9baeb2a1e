package heroku_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/weather"
)

const (
	shaA = "0b5ddc310f2e0c0b5ddc310f2e0c0b5ddc310f2e"
	shaB = "69eec518968cc409e116940aa5304ab6ab237a4d"
	shaC = "c0ffee00968cc409e116940aa5304ab6ab237a4d"
)

// simulate gives a client of a simulated Heroku with the app shop: v1 a code release, v2 a config release, v3 a
// code release that runs. To be called in a bubble.
func simulate(t *testing.T) (*herokusim.Server, *herokusim.App, *heroku.Client) {
	t.Helper()
	s := herokusim.New(herokusim.Options{URL: "http://" + address})
	t.Cleanup(s.Close)
	s.AddAccount("ann@example.com", token)
	app := s.AddApp(herokusim.AppSpec{
		Name: "shop", Owner: "ann@example.com", Collaborators: []string{"bob@example.com"},
		Formation:    []herokusim.Process{{Type: "web", Command: "gunicorn shop", Size: "Basic", Quantity: 2}, {Type: "worker", Command: "python work.py"}},
		ReleasePhase: "python manage.py migrate", CreatedAt: time.Now().Add(-time.Hour),
	})
	past := func(minutes int) time.Time { return time.Now().Add(time.Duration(-minutes) * time.Minute) }
	app.PastRelease(herokusim.PastRelease{Kind: "code", Commit: shaA, CommitDescription: "First", At: past(30)})
	app.PastRelease(herokusim.PastRelease{Kind: "config", Set: map[string]string{"SECRET": "hunter2"}, By: "bob@example.com", At: past(20)})
	app.PastRelease(herokusim.PastRelease{Kind: "code", Commit: shaB, CommitDescription: "Second", At: past(10)})
	c, err := heroku.New(heroku.Options{URL: "http://" + address, Token: token, HTTP: carry(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	return s, app, c
}

func TestASimulatedHerokuIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, sim, c := simulate(t)
		ctx := t.Context()

		app, err := c.App(ctx, "shop")
		if err != nil || app.Name != "shop" || app.Generation != "cedar" || app.Stack != "heroku-24" || app.Owner != "ann@example.com" || app.ID != sim.ID() || app.Maintenance {
			t.Errorf("app %+v, %v", app, err)
		}
		sim.SetMaintenance(true)
		if byID, err := c.App(ctx, app.ID); err != nil || !byID.Maintenance || !byID.ReleasedAt.Equal(time.Now().Add(-10*time.Minute)) {
			t.Errorf("app by id %+v, %v", byID, err)
		}

		releases, err := c.Releases(ctx, "shop", 15)
		if err != nil {
			t.Fatal(err)
		}
		var got []herokusim.Release
		for _, r := range releases {
			slug, err := c.Slug(ctx, "shop", r.SlugID)
			if err != nil || slug.ProcessTypes["web"] != "gunicorn shop" {
				t.Errorf("slug of %v: %+v, %v", r, slug, err)
			}
			got = append(got, herokusim.Release{
				ID: r.ID, Version: r.Version, Status: r.Status, Description: r.Description, Commit: slug.Commit, SlugID: r.SlugID,
				By: r.By, Current: r.Current, Eligible: r.Eligible, CreatedAt: r.CreatedAt.Local(), UpdatedAt: r.UpdatedAt.Local(),
			})
			one, err := c.Release(ctx, "shop", r.Version)
			if diff := cmp.Diff(r, one); diff != "" || err != nil {
				t.Error(diff, err)
			}
		}
		if diff := cmp.Diff(sim.Releases(), got); diff != "" {
			t.Error(diff)
		}
		if code := fmt.Sprint(heroku.CodeReleases(releases)); code != "[v3 v1]" {
			t.Errorf("code releases %s", code)
		}
		if live, _ := heroku.Current(releases); live.Cause().Commit != shaB[:8] {
			t.Errorf("%v by %+v is live", live, live.Cause())
		}
		if names := releases[1].Cause().Names; !cmp.Equal(names, []string{"SECRET"}) {
			t.Errorf("v2 set %v", names)
		}

		processes, err := c.Formation(ctx, "shop")
		if err != nil || len(processes) < 2 {
			t.Errorf("formation %+v, %v", processes, err)
		}
		if err := sim.Crash("web"); err != nil {
			t.Fatal(err)
		}
		dynos, err := c.Dynos(ctx, "shop")
		if err != nil || len(dynos) != 2 || dynos[0].Name != "web.1" || dynos[0].State != "crashed" || dynos[1].State != "up" || dynos[1].Release != 3 {
			t.Errorf("dynos %+v, %v", dynos, err)
		}
		builds, err := c.Builds(ctx, "shop", 10)
		if err != nil || len(builds) != 2 || builds[0].Commit != shaB || builds[0].ReleaseID != releases[0].ID || builds[0].Status != heroku.Succeeded {
			t.Errorf("builds %+v, %v", builds, err)
		}
		people, err := c.Collaborators(ctx, "shop")
		if diff := cmp.Diff([]heroku.Collaborator{{Email: "ann@example.com", Role: "owner"}, {Email: "bob@example.com", Role: "collaborator"}}, people); diff != "" || err != nil {
			t.Error(diff, err)
		}
		account, err := c.Account(ctx)
		if err != nil || account.Email != "ann@example.com" || account.ID == "" {
			t.Errorf("account %+v, %v", account, err)
		}
		if c.Tokens() < 4400 || c.Tokens() >= 4500 {
			t.Errorf("%d tokens left", c.Tokens())
		}
	})
}

// simReads are the methods that the simulator knows; it has no images.
func simReads(t *testing.T, sim *herokusim.App) []read {
	t.Helper()
	slug := sim.Current().SlugID
	var known []read
	for _, r := range reads {
		switch r.name {
		case "Image":
			continue
		case "Slug":
			r.call = func(ctx context.Context, c *heroku.Client) error { _, err := c.Slug(ctx, "shop", slug); return err }
		case "Release":
			r.call = func(ctx context.Context, c *heroku.Client) error { _, err := c.Release(ctx, "shop", 2); return err }
		}
		known = append(known, r)
	}
	for _, r := range moreReads {
		switch r.name {
		case "ReleaseConfig":
			r.call = func(ctx context.Context, c *heroku.Client) error {
				_, err := c.ReleaseConfig(ctx, "shop", 2)
				return err
			}
		case "Dyno":
			r.call = func(ctx context.Context, c *heroku.Client) error { _, err := c.Dyno(ctx, "shop", "web.1"); return err }
		case "Build", "ResolveAttachment":
			continue // the one's id must be read first, and the app has no add-on; other tests have them
		}
		known = append(known, r)
	}
	return append(known, read{name: "Output", call: func(ctx context.Context, c *heroku.Client) error {
		r, err := c.Release(ctx, "shop", 3)
		if err != nil {
			return err
		}
		_, err = c.Output(ctx, r.OutputURL)
		return err
	}})
}

func TestTheSimulatedHerokuRefusesAsTheErrorsSay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, sim, c := simulate(t)
		for why, kind := range map[string]heroku.Kind{"delinquent": heroku.PaymentRequired, "suspended": heroku.Suspended, "two_factor": heroku.TwoFactor} {
			if err := s.RefuseAccount("ann@example.com", why); err != nil {
				t.Fatal(err)
			}
			for _, r := range simReads(t, sim) {
				if err := r.call(t.Context(), c); heroku.KindOf(err) != kind {
					t.Errorf("%s, %s: %v", why, r.name, err)
				}
			}
		}
		if err := s.RefuseAccount("ann@example.com", ""); err != nil {
			t.Fatal(err)
		}
		s.SetTokens(0)
		for _, r := range simReads(t, sim) {
			err := r.call(t.Context(), c)
			if e := failure(t, err); e.Kind != heroku.OutOfQuota || e.RetryAfter != 0 || e.RequestID == "" || c.Tokens() != 0 {
				t.Errorf("%s, %d tokens: %v", r.name, c.Tokens(), err)
			}
		}
		s.SetTokens(1000)
		for name, call := range map[string]func(context.Context) error{
			"app":     func(ctx context.Context) error { _, err := c.App(ctx, "shp"); return err },
			"release": func(ctx context.Context) error { _, err := c.Release(ctx, "shop", 4); return err },
			"slug":    func(ctx context.Context) error { _, err := c.Slug(ctx, "shop", "x"); return err },
			"dynos":   func(ctx context.Context) error { _, err := c.Dynos(ctx, "shp"); return err },
		} {
			if err := call(t.Context()); heroku.KindOf(err) != heroku.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheSimulatedHerokuRefusesAnUnknownToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := herokusim.New(herokusim.Options{URL: "http://" + address})
		t.Cleanup(s.Close)
		c, err := heroku.New(heroku.Options{URL: "http://" + address, Token: "HRKU-revoked", HTTP: carry(t, s)})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Account(t.Context())
		if e := failure(t, err); e.Kind != heroku.Unauthorized || e.ID != "unauthorized" || strings.Contains(e.Error(), "revoked") {
			t.Error(e)
		}
	})
}

func TestEachKindOfWeatherIsTold(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]struct {
		fault weather.Fault
		down  bool
		kind  heroku.Kind // "" for success
		after time.Duration
		retry time.Duration
	}{
		"delay":              {fault: weather.Fault{Kind: weather.Delay, D: 5 * time.Second}, after: 5 * time.Second},
		"delay for too long": {fault: weather.Fault{Kind: weather.Delay, D: 15 * time.Second}, kind: heroku.Unreachable, after: 10 * time.Second},
		"drop":               {fault: weather.Fault{Kind: weather.Drop, Always: true}, kind: heroku.Unreachable, after: pauses},
		"drop once":          {fault: weather.Fault{Kind: weather.Drop}, after: 100 * time.Millisecond},
		"cut":                {fault: weather.Fault{Kind: weather.Cut, Always: true}, kind: heroku.Unreachable, after: pauses},
		"cut once":           {fault: weather.Fault{Kind: weather.Cut}, after: 100 * time.Millisecond},
		"late":               {fault: weather.Fault{Kind: weather.Late, D: 5 * time.Second, Always: true}, kind: heroku.Unreachable, after: pauses},
		"duplicate":          {fault: weather.Fault{Kind: weather.Duplicate}},
		"429":                {fault: weather.Fault{Kind: weather.TooMany, D: 7 * time.Second}, kind: heroku.OutOfQuota, retry: 7 * time.Second},
		"429-bare":           {fault: weather.Fault{Kind: weather.TooManyBare}, kind: heroku.OutOfQuota},
		"html-503":           {fault: weather.Fault{Kind: weather.HTML503, Always: true}, kind: heroku.Unavailable, after: pauses},
		"html-503 once":      {fault: weather.Fault{Kind: weather.HTML503}, after: 100 * time.Millisecond},
		"down":               {down: true, kind: heroku.Unreachable, after: pauses},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, sim, c := simulate(t)
				for _, r := range simReads(t, sim) {
					w.fault.Method, w.fault.Path = "*", "*"
					if w.down {
						s.Weather().SetDown(true)
					} else {
						s.Weather().Add(w.fault)
					}
					start := time.Now()
					err := r.call(t.Context(), c)
					took := time.Since(start)
					s.Weather().SetDown(false)
					s.Weather().Clear()
					if w.kind == "" && err != nil || w.kind != "" && heroku.KindOf(err) != w.kind {
						t.Errorf("%s: %v", r.name, err)
					}
					// A connection kept open from before lets net/http itself repeat the first try at once.
					if took > w.after || took < w.after && w.after != 100*time.Millisecond {
						t.Errorf("%s took %v, want %v", r.name, took, w.after)
					}
					if err != nil && failure(t, err).RetryAfter != w.retry {
						t.Errorf("%s: retry after %v", r.name, failure(t, err).RetryAfter)
					}
				}
			})
		})
	}
}

func TestALongHistoryOfTheSimulatedHerokuIsReadWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, sim, c := simulate(t)
		for range 447 {
			sim.PastRelease(herokusim.PastRelease{Kind: "config", Set: map[string]string{"A": "b"}})
		}
		for i := range 250 { // a moment apart: builds have no other order than their time
			sim.PastBuild(herokusim.PastBuild{Commit: shaC, At: time.Now().Add(time.Duration(i) * time.Second)})
		}
		for _, most := range []int{0, 1, 199, 200, 201, 450, 1000} {
			releases, err := c.Releases(t.Context(), "shop", most)
			want := 450
			if most > 0 {
				want = min(want, most)
			}
			if err != nil || len(releases) != want {
				t.Fatalf("%d releases of at most %d, %v; want %d", len(releases), most, err, want)
			}
			for i, r := range releases {
				if r.Version != 450-i {
					t.Fatalf("release %d is %v", i, r)
				}
			}
		}
		builds, err := c.Builds(t.Context(), "shop", 0)
		ids := map[string]bool{}
		for _, b := range builds {
			ids[b.ID] = true
		}
		if err != nil || len(ids) != 252 || builds[0].Commit != shaC || builds[251].Commit != shaA {
			t.Errorf("%d builds, %d different, %v", len(builds), len(ids), err)
		}
	})
}

func TestAReleasePhaseIsFollowedFromNotStartedToFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, sim, c := simulate(t)
		sim.NextReleasePhase(true, "Running migrations:\n  relation \"x\" does not exist\n")
		deployed := make(chan error, 1)
		go func() {
			_, err := sim.Deploy(t.Context(), herokusim.DeploySpec{Commit: shaC, By: "bob@example.com"})
			deployed <- err
		}()
		newest := func() heroku.Release {
			releases, err := c.Releases(t.Context(), "shop", 2)
			if err != nil {
				t.Fatal(err)
			}
			return releases[0]
		}
		for newest().Version == 3 {
			time.Sleep(time.Second)
		}
		r := newest()
		if r.Status != heroku.Pending || r.Current || r.OutputURL == "" {
			t.Fatalf("%+v", r)
		}
		if text, err := c.Output(t.Context(), r.OutputURL); heroku.KindOf(err) != heroku.NotStarted || text != "" {
			t.Errorf("%q, %v", text, err)
		}
		time.Sleep(6 * time.Second)
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if text, err := c.Output(short, r.OutputURL); text != "Running migrations:\n" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q, %v", text, err)
		}
		if err := <-deployed; err == nil {
			t.Error("the deploy succeeded")
		}
		if r = newest(); r.Status != heroku.Failed || r.Current || r.Eligible {
			t.Errorf("%+v", r)
		}
		text, err := c.Output(t.Context(), r.OutputURL)
		if err != nil || text != "Running migrations:\n  relation \"x\" does not exist\n" {
			t.Errorf("%q, %v", text, err)
		}
		releases, _ := c.Releases(t.Context(), "shop", 0)
		if live, ok := heroku.Current(releases); !ok || live.Version != 3 {
			t.Errorf("%v runs", live)
		}
	})
}

func TestAnExpiredReleaseKeepsItsStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, sim, c := simulate(t)
		sim.PastRelease(herokusim.PastRelease{Kind: "code", Commit: shaC, Expired: true})
		r, err := c.Release(t.Context(), "shop", 4)
		if err != nil || r.Status != heroku.Expired || r.Eligible {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
