package herokusim

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	heroku "github.com/heroku/heroku-go/v5"
)

const releases = "/apps/penny-university/releases"

// "`{"release": id}` rolls back"; "A rollback makes a NEW release … with old code AND old config vars"; "The release phase
// runs on a rollback too"; "With a release phase the rollback is done only when the new release is `succeeded` and `current`"
func TestARollbackOverTheAPI(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		to := s.get(t, releases+"/120", "Accept: "+sdk).object(t)["id"].(string)
		a := s.send(t, "POST", releases, `{"release":"`+to+`"}`, "Accept: "+sdk)
		r := a.object(t)
		if a.StatusCode != 201 || r["version"] != 123.0 || r["status"] != "pending" || r["current"] != false || r["description"] != "Rollback to v120" || r["eligible_for_rollback"] != false {
			t.Errorf("got %d %s", a.StatusCode, a.body)
		}
		time.Sleep(20 * time.Second)
		now := s.app.Current()
		if now.Version != 123 || now.Commit != sha2 || now.By != alice || s.get(t, "/apps/penny-university/config-vars").body != `{"DEBUG":"0"}` {
			t.Errorf("runs %+v with %s", now, s.get(t, "/apps/penny-university/config-vars").body)
		}
	})
}

// "Failed releases are not eligible"; "Body and status of: … a rollback to a non-eligible or expired release" are not
// known. "`release` is documented as the release UUID"
func TestARollbackThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		failed := s.app.PastRelease(PastRelease{Kind: "code", Commit: sha2, Failed: true})
		expired := s.app.PastRelease(PastRelease{Kind: "code", Commit: sha2, Expired: true})
		for _, c := range []struct {
			body   string
			status int
			id     string
		}{
			{`{"release":"` + failed.ID + `"}`, 422, "invalid_params"},
			{`{"release":"` + expired.ID + `"}`, 422, "invalid_params"},
			{`{"release":"120"}`, 404, "not_found"},
			{`{"slug":"nosuch"}`, 404, "not_found"},
			{`{"slug":"` + failed.SlugID + `","release":"` + failed.ID + `"}`, 422, "invalid_params"},
			{`{}`, 422, "invalid_params"},
		} {
			s.send(t, "POST", releases, c.body).fault(t, c.status, c.id)
		}
		if n := len(s.app.Releases()); n != 5 {
			t.Errorf("%d releases", n)
		}
	})
}

// "`{"slug": id}` … creates"; "`releases:retry` | `POST .../releases` `{"slug":"<id>","description":"Retry of v5: ..."}`"
func TestAReleaseIsMadeOfASlug(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		old := s.app.Releases()[2]
		r := s.send(t, "POST", releases, `{"slug":"`+old.SlugID+`","description":"Retry of v120: Deploy 0f3c2b1a"}`).object(t)
		if r["description"] != "Retry of v120: Deploy 0f3c2b1a" || r["slug"].(map[string]any)["id"] != old.SlugID {
			t.Errorf("got %v", r)
		}
		time.Sleep(20 * time.Second)
		if now := s.app.Current(); now.Version != 123 || now.Commit != sha2 {
			t.Errorf("runs %+v", now)
		}
		if got := s.get(t, releases+"/123/config-vars").body; got != `{"DEBUG":"0","FEATURE_X":"1"}` {
			t.Errorf("its config is that of now: %s", got)
		}
	})
}

// Two releases at once are both there at once; their release phases come one after the other, and the newer one stays.
func TestReleasesOverTheAPIRunTheirPhasesInTurn(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, key := range []string{"A", "B"} {
			s.send(t, "PATCH", "/apps/penny-university/config-vars", `{"`+key+`":"1"}`)
		}
		if got := strings.Join(s.Open(), "; "); got != "release v123 (release phase); release v124 (release phase)" {
			t.Errorf("open: %s", got)
		}
		sleepUntil(11 * time.Second)
		if v := s.app.Current().Version; v != 123 {
			t.Errorf("after 11 s v%d runs", v)
		}
		sleepUntil(26 * time.Second)
		if v := s.app.Current().Version; v != 124 || len(s.Open()) != 0 {
			t.Errorf("after 26 s v%d runs, open %q", v, s.Open())
		}
	})
}

// "`PATCH /apps/{app}/config-vars` makes one release (and release phase, and restart) per call"; "`Set A, B config vars`"
func TestConfigVarsAreChangedInOneRelease(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		const path = "/apps/penny-university/config-vars"
		for _, c := range []struct{ body, config, description string }{
			{`{"B":"2","A":"1","FEATURE_X":null}`, `{"A":"1","B":"2","DEBUG":"0"}`, "Set A, B config vars"},
			{`{"A":null,"B":null}`, `{"DEBUG":"0"}`, "Remove A, B config vars"},
		} {
			before := len(s.app.Releases())
			if a := s.send(t, "PATCH", path, c.body); a.StatusCode != 200 || a.body != c.config {
				t.Errorf("%s: %d %s", c.body, a.StatusCode, a.body)
			}
			time.Sleep(20 * time.Second)
			r := s.app.Current()
			if r.Description != c.description || len(s.app.Releases()) != before+1 || s.get(t, path).body != c.config {
				t.Errorf("%s: %+v, %d more releases", c.body, r, len(s.app.Releases())-before)
			}
		}
		s.send(t, "PATCH", path, `{"A":1}`).fault(t, 400, "bad_request")
	})
}

// "The CLI sends quantity as a STRING, and `"+1"` / `"-1"` for relative"; "3.sdk spells size as `dyno_size:{name}`";
// "formation `quantity` must be a NUMBER in replies"; "update, destroy: `api:formation` (scaling)"
func TestTheFormationIsScaled(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t)
		s.hook(t, rc, "sync", "api:formation")
		const path = "/apps/penny-university/formation"
		for _, c := range []struct{ path, body, says, dynos string }{
			{path, `{"updates":[{"type":"web","quantity":"3"},{"type":"worker","quantity":"+1"}]}`, "web 3 Standard-1X, worker 2 Basic", "web.1 up, web.2 up, worker.1 up, web.3 starting, worker.2 starting"},
			{path, `{"updates":[{"type":"web","quantity":"-2"}]}`, "web 1 Standard-1X", "web.1 up, worker.1 up, worker.2 up"},
			{path, `{"updates":[{"type":"worker","quantity":0}]}`, "worker 0 Basic", "web.1 up"},
			{path, `{"updates":[{"type":"web","size":"standard-2x"}]}`, "web 1 Standard-2X", "web.1 starting"},
			{path + "/worker", `{"quantity":1,"dyno_size":{"name":"Standard-1X"}}`, "worker 1 Standard-1X", "web.1 up, worker.1 starting"},
		} {
			a := s.send(t, "PATCH", c.path, c.body)
			if !strings.HasPrefix(a.body, "[") {
				a.body = "[" + a.body + "]"
			}
			var says []string
			for _, p := range a.list(t) {
				says = append(says, fmt.Sprint(p["type"], " ", p["quantity"], " ", p["size"]))
			}
			if a.StatusCode != 200 || strings.Join(says, ", ") != c.says || s.states(t) != c.dynos {
				t.Errorf("%s: %d %s; dynos %s", c.body, a.StatusCode, strings.Join(says, ", "), s.states(t))
			}
			time.Sleep(10 * time.Second)
		}
		var was []string
		for _, one := range rc.all() {
			was = append(was, fmt.Sprint(one.event["previous_data"]))
		}
		want := "map[quantity:2], map[quantity:1], map[quantity:3], map[quantity:2], map[size:Standard-1X], map[quantity:0 size:Basic]"
		if got := strings.Join(was, ", "); got != want || len(s.app.Releases()) != 3 {
			t.Errorf("previous_data %s, want %s; %d releases", got, want, len(s.app.Releases()))
		}
		if got := s.get(t, path+"/web", "Accept: "+sdk).object(t)["dyno_size"].(map[string]any)["name"]; got != "Standard-2X" {
			t.Errorf("read again: %v", got)
		}
	})
}

// A batch with a fault in it changes nothing.
func TestAFaultyScaleChangesNothing(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		const path = "/apps/penny-university/formation"
		for body, want := range map[string]int{
			`{"updates":[{"type":"web","quantity":5},{"type":"nosuch","quantity":1}]}`:  404,
			`{"updates":[{"type":"web","quantity":5},{"type":"worker","quantity":-2}]}`: 422,
			`{"updates":[{"type":"web","quantity":"many"}]}`:                            422,
		} {
			s.send(t, "PATCH", path, body).fault(t, want, map[int]string{404: "not_found", 422: "invalid_params"}[want])
		}
		s.get(t, path+"/nosuch").fault(t, 404, "not_found")
		if got := s.states(t); got != "web.1 up, web.2 up, worker.1 up" {
			t.Errorf("dynos %s", got)
		}
	})
}

// "Restart: `DELETE /apps/{app}/dynos`, `/dynos/{name}`, `/formations/{type}`. Stop: `POST
// /apps/{app}/dynos/{name}/actions/stop` (2xx, body `{}`); by type `POST /apps/{app}/formations/{type}/actions/stop`"
func TestDynosAreRestartedAndStopped(t *testing.T) {
	t.Parallel()
	const at = "/apps/penny-university"
	for _, c := range []struct{ method, path, dynos string }{
		{"DELETE", at + "/dynos", "web.1 starting, web.2 starting, worker.1 starting"},
		{"DELETE", at + "/dynos/web.2", "web.1 up, web.2 starting, worker.1 up"},
		{"DELETE", at + "/formations/web", "web.1 starting, web.2 starting, worker.1 up"},
		{"POST", at + "/dynos/web.1/actions/stop", "web.1 down, web.2 up, worker.1 up"},
		{"POST", at + "/formations/web/actions/stop", "web.1 down, web.2 down, worker.1 up"},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			t.Parallel()
			play(t, Options{}, func(t *testing.T, s *site) {
				before := s.get(t, at+"/dynos/web.1").object(t)["id"]
				if a := s.do(t, c.method, c.path, "Accept: "+sdk); a.StatusCode/100 != 2 || a.body != "{}" {
					t.Errorf("got %d %q", a.StatusCode, a.body)
				}
				if got := s.states(t); got != c.dynos {
					t.Errorf("dynos %s, want %s", got, c.dynos)
				}
				time.Sleep(10 * time.Second)
				if got, want := s.states(t), strings.ReplaceAll(c.dynos, "starting", "up"); got != want || len(s.app.Releases()) != 3 {
					t.Errorf("later %s, want %s; %d releases", got, want, len(s.app.Releases()))
				}
				if after := s.get(t, at+"/dynos/web.1").object(t)["id"]; (after != before) != strings.HasPrefix(c.dynos, "web.1 starting") {
					t.Errorf("web.1 was %v and is %v", before, after)
				}
			})
		})
	}
	play(t, Options{}, func(t *testing.T, s *site) {
		s.do(t, "DELETE", at+"/dynos/web.9").fault(t, 404, "not_found")
		s.do(t, "POST", at+"/formations/nosuch/actions/stop").fault(t, 404, "not_found")
	})
}

// "Maintenance: `PATCH /apps/{app}` `{"maintenance":true}`; read `.maintenance` [seen]"; "api:app (maintenance flips show
// here)"
func TestMaintenanceOverTheAPI(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, on := range []bool{true, true, false} {
			a := s.send(t, "PATCH", "/apps/penny-university", fmt.Sprintf(`{"maintenance":%v}`, on), "Accept: "+sdk)
			if a.StatusCode != 200 || a.object(t)["maintenance"] != on || a.object(t)["generation"] != "cedar" {
				t.Errorf("got %d %s", a.StatusCode, a.body)
			}
		}
		events, _ := s.Events(0)
		if got := told(events); got != "api:app update\napi:app update" || events[0].Actor != alice {
			t.Errorf("told\n%s", got)
		}
		s.send(t, "PATCH", "/apps/penny-university", `{"maintenance":"on"}`).fault(t, 422, "invalid_params")
		s.send(t, "PATCH", "/apps/penny-university", `{"name":"other"}`).fault(t, 501, "not_simulated")
	})
}

// Who is no collaborator any more sees the app no more: "404 `not_found` (also no permission)"; "create, update, destroy:
// … `api:collaborator`"
func TestCollaboratorsComeAndGo(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		const path, eve = "/apps/penny-university/collaborators", "eve@example.com"
		s.AddAccount(eve, "HRKU-eve")
		rc := s.receive(t)
		s.hook(t, rc, "sync", "api:collaborator")
		sees := func() bool {
			return s.get(t, "/apps/penny-university", "Authorization: Bearer HRKU-eve").StatusCode == 200
		}
		if a := s.send(t, "POST", path, `{"user":"`+eve+`"}`); a.StatusCode != 201 || !sees() {
			t.Errorf("added: %d, sees it: %v", a.StatusCode, sees())
		}
		if a := s.do(t, "DELETE", path+"/"+eve); a.StatusCode != 200 || sees() {
			t.Errorf("removed: %d, sees it: %v", a.StatusCode, sees())
		}
		s.do(t, "DELETE", path+"/"+eve).fault(t, 404, "not_found")
		s.send(t, "POST", path, `{"user":"nobody@example.com"}`).fault(t, 404, "not_found")
		s.app.AddCollaborator(eve)
		s.app.AddCollaborator(eve)
		s.app.RemoveCollaborator(eve)
		s.app.RemoveCollaborator(alice)
		time.Sleep(time.Second)
		if got, want := rc.told(false), strings.TrimSpace(strings.Repeat("collaborator create\ncollaborator destroy\n", 2)); got != want {
			t.Errorf("told\n%s", got)
		}
	})
}

// "Accept app by name AND by UUID": whatever changes is found by both.
func TestChangesFindTheAppByItsUUID(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if a := s.send(t, "PATCH", "/apps/"+s.app.ID(), `{"maintenance":true}`); a.StatusCode != 200 {
			t.Errorf("got %d", a.StatusCode)
		}
		s.AddAccount("eve@example.com", "HRKU-eve")
		s.send(t, "PATCH", "/apps/penny-university", `{"maintenance":false}`, "Authorization: Bearer HRKU-eve").fault(t, 404, "not_found")
	})
}

func TestTheOfficialGoClientChangesThings(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		c, ctx, app := s.official(), t.Context(), "penny-university"
		check := func(what string, ok bool, err error) {
			t.Helper()
			if err != nil || !ok {
				t.Errorf("%s: %v (%v)", what, ok, err)
			}
		}
		r, err := c.ReleaseRollback(ctx, app, heroku.ReleaseRollbackOpts{Release: s.app.Releases()[2].ID})
		check("rollback", r.Version == 123 && r.Status == "pending", err)
		one, err := c.AppUpdate(ctx, app, heroku.AppUpdateOpts{Maintenance: new(true)})
		check("maintenance", one.Maintenance, err)
		o := heroku.FormationBatchUpdateOpts{}
		o.Updates = append(o.Updates, struct {
			Quantity *int    `json:"quantity,omitempty" url:"quantity,omitempty,key"`
			Size     *string `json:"size,omitempty" url:"size,omitempty,key"`
			Type     string  `json:"type" url:"type,key"`
		}{Quantity: new(1), Type: "web"})
		ps, err := c.FormationBatchUpdate(ctx, app, o)
		check("scale", len(ps) == 1 && ps[0].Quantity == 1, err)
		_, err = c.DynoRestartAll(ctx, app)
		check("restart", true, err)
		vars, err := c.ConfigVarUpdate(ctx, app, map[string]*string{"A": new("1")})
		check("config", *vars["A"] == "1", err)
		synctest.Wait()
	})
}
