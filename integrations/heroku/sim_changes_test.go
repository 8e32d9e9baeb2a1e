package heroku_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/memnet"
)

// acting is a simulated Heroku whose webhooks and source fetches stay in memory.
type acting struct {
	*herokusim.Server
	app    *herokusim.App
	client *heroku.Client
	net    *memnet.Network
}

// act runs a test against the app shop: v1 and v3 are code releases, v2 is a config release, v3 runs.
func act(t *testing.T, o herokusim.Options, run func(*testing.T, *acting)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &acting{net: &memnet.Network{}}
		transport := &http.Transport{DialContext: a.net.DialContext, DisableKeepAlives: true}
		o.URL, o.Client = "http://"+address, &http.Client{Transport: transport}
		a.Server = herokusim.New(o)
		t.Cleanup(a.Close)
		a.AddAccount("ann@example.com", token)
		a.app = a.AddApp(herokusim.AppSpec{
			Name: "shop", Owner: "ann@example.com", ReleasePhase: "python manage.py migrate", CreatedAt: time.Now().Add(-time.Hour),
			Formation: []herokusim.Process{{Type: "web", Command: "gunicorn shop", Size: "Basic", Quantity: 2}, {Type: "worker", Command: "python work.py"}},
		})
		for i, commit := range []string{shaA, "", shaB} {
			past := herokusim.PastRelease{Kind: "code", Commit: commit, At: time.Now().Add(time.Duration(i-30) * time.Minute)}
			if commit == "" {
				past.Kind, past.Set = "config", map[string]string{"SECRET": "hunter2"}
			}
			a.app.PastRelease(past)
		}
		serve(t, a.net, a.ServeHTTP)
		c, err := heroku.New(heroku.Options{URL: "http://" + address, Token: token, HTTP: transport})
		must(t, err)
		a.client = c
		run(t, a)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSimARollbackIsANewRelease(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		old, err := c.Release(ctx, "shop", 1)
		must(t, err)
		made, err := c.Rollback(ctx, "shop", old.ID)
		if err != nil || made.Version != 4 || made.Cause().Kind != heroku.Rollback || made.Cause().Version != 1 || made.Status != heroku.Pending {
			t.Fatalf("%+v, %v", made, err)
		}
		time.Sleep(time.Hour)
		live, err := c.Release(ctx, "shop", 4)
		if err != nil || live.Status != heroku.Succeeded || !live.Current || !live.SameCode(old) {
			t.Errorf("%+v, %v", live, err)
		}
		if names, err := c.ConfigNames(ctx, "shop"); err != nil || len(names) != 0 {
			t.Errorf("the old config has %v, %v", names, err)
		}
		if _, err := c.Rollback(ctx, "shop", "00000000-0000-4000-8000-000000000000"); heroku.KindOf(err) != heroku.NotFound || failure(t, err).Ambiguous {
			t.Error(err)
		}
		a.app.NextReleasePhase(true, "no\n")
		failing, err := c.Rollback(ctx, "shop", old.ID)
		must(t, err)
		time.Sleep(time.Hour)
		_, err = c.Rollback(ctx, "shop", failing.ID)
		if e := failure(t, err); e.Kind != heroku.Invalid || e.Ambiguous {
			t.Errorf("a failed release: %v", e)
		}
		again, err := c.MakeRelease(ctx, "shop", heroku.ReleaseSpec{SlugID: old.SlugID, Description: "Retry of v5: Rollback to v1"})
		if err != nil || again.Version != 6 || again.Cause().Kind != heroku.Retry {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestSimABuildIsMadeOfAnUploadedSource(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		source, err := c.NewSource(ctx)
		must(t, err)
		code := packed(t)
		must(t, c.Upload(ctx, source, bytes.NewReader(code), int64(len(code))))
		built, err := c.StartBuild(ctx, "shop", heroku.BuildSpec{URL: source.Get, Version: shaC, Description: "Third"})
		if err != nil || built.Status != heroku.Pending || built.Commit != shaC || built.OutputURL == "" || built.ReleaseID != "" {
			t.Fatalf("%+v, %v", built, err)
		}
		time.Sleep(time.Hour)
		built, err = c.Build(ctx, "shop", built.ID)
		if err != nil || built.Status != heroku.Succeeded || built.ReleaseID == "" {
			t.Errorf("%+v, %v", built, err)
		}
		if out, err := c.Output(ctx, built.OutputURL); err != nil || out == "" {
			t.Errorf("%q, %v", out, err)
		}
		release, err := c.Release(ctx, "shop", 4)
		if err != nil || release.ID != built.ReleaseID || !release.Current {
			t.Errorf("%+v, %v", release, err)
		}
		slug, err := c.Slug(ctx, "shop", release.SlugID)
		if err != nil || slug.Commit != shaC || slug.CommitDescription != "Third" {
			t.Errorf("%+v, %v", slug, err)
		}
		second, err := c.StartBuild(ctx, "shop", heroku.BuildSpec{URL: source.Get, Version: shaC})
		must(t, err)
		must(t, c.CancelBuild(ctx, "shop", second.ID))
		time.Sleep(time.Hour)
		if second, err = c.Build(ctx, "shop", second.ID); err != nil || second.Status != heroku.Failed {
			t.Errorf("%+v, %v", second, err)
		}
	})
}

func packed(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	files := tar.NewWriter(zipped)
	const procfile = "web: gunicorn shop\nrelease: python manage.py migrate\n"
	must(t, files.WriteHeader(&tar.Header{Name: "penny-abc/Procfile", Mode: 0o644, Size: int64(len(procfile)), Typeflag: tar.TypeReg}))
	_, err := io.WriteString(files, procfile)
	must(t, err)
	must(t, files.Close())
	must(t, zipped.Close())
	return out.Bytes()
}

func TestSimAOneOffDynoRunsAndTellsHowItEnded(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c, in := t.Context(), a.client, &inbox{}
		a.app.OnRun(func(ctx context.Context, r herokusim.Run) int {
			r.Print("Applying users.0007... OK")
			if r.Pass(ctx, time.Minute) != nil {
				return 143
			}
			return 3
		})
		serveAt(t, a.net, "bot.test:80", in.ServeHTTP)
		_, err := c.CreateWebhook(ctx, "shop", heroku.WebhookSpec{URL: "http://bot.test:80/webhooks/heroku", Secret: "s3cret", Level: heroku.Sync, Include: []string{"dyno"}})
		must(t, err)
		command, err := marker.Wrap("python manage.py migrate users 0006")
		must(t, err)
		dyno, err := c.Run(ctx, "shop", heroku.RunSpec{Command: command, TimeToLive: time.Hour, Size: "basic"})
		if err != nil || !strings.HasPrefix(dyno.Name, "run.") || dyno.State != "starting" || dyno.Release != 3 {
			t.Fatalf("%+v, %v", dyno, err)
		}
		session, err := c.LogSession(ctx, "shop", heroku.LogQuery{Dyno: dyno.Name, Lines: 1500})
		must(t, err)
		time.Sleep(30 * time.Second)
		if up, err := c.Dyno(ctx, "shop", dyno.ID); err != nil || up.State != "up" {
			t.Errorf("%+v, %v", up, err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := c.Dyno(ctx, "shop", dyno.Name); heroku.KindOf(err) != heroku.NotFound {
			t.Errorf("it ended: %v", err)
		}
		var exits, marks []int
		var text []string
		_, err = c.ReadLogs(ctx, session, "", func(l heroku.LogLine) {
			text = append(text, l.Text)
			if status, ok := l.ExitLine(); ok {
				exits = append(exits, status)
			}
			if status, ok := marker.Find(l.Text); ok {
				marks = append(marks, status)
			}
		})
		if err != nil || !cmp.Equal(exits, []int{3}) || !cmp.Equal(marks, []int{3}) || !strings.Contains(strings.Join(text, "\n"), "0007... OK") {
			t.Errorf("exit lines %v, markers %v, %v, in\n%s", exits, marks, err, strings.Join(text, "\n"))
		}
		exits = nil
		for _, e := range in.all(t) {
			if status, ok := e.Payload.(*heroku.DynoEvent).Exit(); ok {
				exits = append(exits, status)
			}
		}
		if !cmp.Equal(exits, []int{3}) {
			t.Errorf("events tell %v", exits)
		}
		time.Sleep(10 * time.Minute)
		if _, err := c.ReadLogs(ctx, session, "", func(heroku.LogLine) {}); heroku.KindOf(err) != heroku.NotFound && heroku.KindOf(err) != heroku.Forbidden {
			t.Errorf("an old session: %v", err)
		}
	})
}

func TestSimAOneOffDynoIsStopped(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		a.app.OnRun(func(ctx context.Context, r herokusim.Run) int { _ = r.Pass(ctx, 10*time.Hour); return 0 })
		dyno, err := a.client.Run(t.Context(), "shop", heroku.RunSpec{Command: "python sleep.py", TimeToLive: time.Hour})
		must(t, err)
		time.Sleep(time.Minute)
		must(t, a.client.StopDyno(t.Context(), "shop", dyno.Name))
		time.Sleep(time.Minute)
		_, err = a.client.Dyno(t.Context(), "shop", dyno.Name)
		if heroku.KindOf(err) != heroku.NotFound {
			t.Error(err)
		}
		if err := a.client.StopDyno(t.Context(), "shop", dyno.Name); heroku.KindOf(err) != heroku.NotFound || failure(t, err).Ambiguous {
			t.Error(err)
		}
	})
}

func TestSimAnAppIsScaledRestartedAndPutIntoMaintenance(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		app, err := c.SetMaintenance(ctx, "shop", true)
		if err != nil || !app.Maintenance || app.ID != a.app.ID() {
			t.Errorf("%+v, %v", app, err)
		}
		if app, err = c.SetMaintenance(ctx, "shop", false); err != nil || app.Maintenance {
			t.Errorf("%+v, %v", app, err)
		}
		scaled, err := c.Scale(ctx, "shop", heroku.Scale{Type: "web", Quantity: 1}, heroku.Scale{Type: "worker", Quantity: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range scaled {
			if want, ok := map[string]int{"web": 1, "worker": 2}[p.Type]; ok && p.Quantity != want {
				t.Errorf("%+v", p)
			}
		}
		if _, err := c.Scale(ctx, "shop", heroku.Scale{Type: "nope", Quantity: 1}); err == nil || failure(t, err).Ambiguous {
			t.Errorf("no such type: %v", err)
		}
		time.Sleep(time.Minute)
		must(t, c.RestartDyno(ctx, "shop", "web.1"))
		must(t, c.Restart(ctx, "shop"))
		if names, err := c.ConfigNames(ctx, "shop"); err != nil || !cmp.Equal(names, []string{"SECRET"}) {
			t.Errorf("%v, %v", names, err)
		}
	})
}

func TestSimAnAttachmentIsResolved(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		made := a.app.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:standard-0", As: "DATABASE"})
		for _, name := range []string{"DATABASE_URL", "DATABASE", made.Name} {
			found, err := a.client.ResolveAttachment(t.Context(), "shop", name)
			if err != nil || len(found) != 1 || found[0].Name != "DATABASE" || found[0].App != "shop" || found[0].Addon.ID != made.ID ||
				found[0].Addon.Plan != "heroku-postgresql:standard-0" || !cmp.Equal(found[0].ConfigVars, []string{"DATABASE_URL"}) {
				t.Errorf("%s: %+v, %v", name, found, err)
			}
		}
		if _, err := a.client.ResolveAttachment(t.Context(), "shop", "NOPE"); heroku.KindOf(err) != heroku.NotFound {
			t.Error(err)
		}
	})
}
