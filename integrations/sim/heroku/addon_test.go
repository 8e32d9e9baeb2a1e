package herokusim

import (
	"fmt"
	"strings"
	"testing"

	heroku "github.com/heroku/heroku-go/v5"
)

const withPlan = "Accept-Inclusion: addon:plan,config_vars"

// "Resolving DATABASE_URL to an add-on": the request and the answer of the facts; "`addon.plan` and `config_vars` come only
// with that Accept-Inclusion"
func TestDatabaseURLResolvesToItsAddon(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		const path = "/actions/addon-attachments/resolve"
		for _, name := range []string{`"DATABASE_URL","app":"penny-university"`, `"DATABASE","app":"penny-university"`, `"penny-university::DATABASE"`} {
			a := s.send(t, "POST", path, `{"addon_attachment":`+name+`}`, "Accept: "+sdk, withPlan)
			all := a.list(t)
			if a.StatusCode != 200 || len(all) != 1 {
				t.Fatalf("%s: %d %s", name, a.StatusCode, a.body)
			}
			addon := all[0]["addon"].(map[string]any)
			got := fmt.Sprint(all[0]["name"], " ", all[0]["namespace"], " ", all[0]["config_vars"], " ", addon["plan"].(map[string]any)["name"], " ", addon["app"].(map[string]any)["name"])
			if got != "DATABASE <nil> [DATABASE_URL] heroku-postgresql:standard-0 penny-university" || !strings.HasPrefix(addon["name"].(string), "postgresql-flat-") {
				t.Errorf("%s: %s %v", name, got, addon)
			}
		}
		a := s.send(t, "POST", path, `{"addon_attachment":"DATABASE_URL","app":"penny-university"}`, "Accept: "+sdk)
		if strings.Contains(a.body, "config_vars") || strings.Contains(a.body, "plan") {
			t.Errorf("without the inclusion: %s", a.body)
		}
		// "No match -> 404 `{"id":"not_found"}`"
		s.send(t, "POST", path, `{"addon_attachment":"NOSUCH_URL","app":"penny-university"}`).fault(t, 404, "not_found")
		s.send(t, "POST", path, `{"addon_attachment":"DATABASE_URL"}`).fault(t, 404, "not_found")
	})
}

// "Several -> keep those with `namespace == null` (default credential)"; "Transfers live under the BILLING app
// (`attachment.addon.app`), not under the app you named, when the attachment is from another app"
func TestAnAddonIsAttachedAgainAndElsewhere(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		qa := s.AddApp(AppSpec{Name: "penny-qa", Owner: alice})
		extra := s.app.AddAddon(AddonSpec{Plan: "heroku-postgresql:essential-0", Name: "postgresql-round-7", As: "REPORTS"})
		for _, err := range []error{s.app.Attach(extra.Name, "READER", "reader"), qa.Attach(extra.Name, "DATABASE", "")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := qa.Attach(extra.Name, "DATABASE", ""); err == nil {
			t.Error("a name was taken twice")
		}
		if err := qa.Attach("nosuch", "X", ""); err == nil {
			t.Error("an add-on that is not there was attached")
		}
		var got []string
		for _, app := range []string{"penny-university", "penny-qa"} {
			for _, v := range s.get(t, "/apps/"+app+"/addon-attachments", withPlan).list(t) {
				got = append(got, fmt.Sprint(v["name"], " ", v["namespace"], " ", v["config_vars"], " ", v["addon"].(map[string]any)["app"].(map[string]any)["name"]))
			}
		}
		want := "DATABASE <nil> [DATABASE_URL] penny-university, SCHEDULER <nil> [] penny-university, REPORTS <nil> [REPORTS_URL] penny-university, " +
			"READER reader [READER_URL] penny-university, DATABASE <nil> [DATABASE_URL] penny-university"
		if strings.Join(got, ", ") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
		}
		if n := len(s.send(t, "POST", "/actions/addon-attachments/resolve", `{"addon_attachment":"postgresql-round-7","app":"penny-university"}`).list(t)); n != 2 {
			t.Errorf("an add-on's own name means %d attachments", n)
		}
		if r := s.get(t, "/apps/penny-university/releases/122").object(t); fmt.Sprint(r["addon_plan_names"]) != "[heroku-postgresql:standard-0 scheduler:standard heroku-postgresql:essential-0]" {
			t.Errorf("the release has %v", r["addon_plan_names"])
		}
		s.get(t, "/addons/nosuch").fault(t, 404, "not_found")
	})
}

func TestTheOfficialGoClientReadsAddons(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		c, ctx, app := s.official(), t.Context(), "penny-university"
		all, err := c.AddOnListByApp(ctx, app, nil)
		if err != nil || len(all) != 2 || all[0].Plan.Name != "heroku-postgresql:standard-0" || all[0].ConfigVars[0] != "DATABASE_URL" {
			t.Fatalf("%+v, %v", all, err)
		}
		one, err := c.AddOnInfo(ctx, all[0].ID)
		if err != nil || one.Name != all[0].Name {
			t.Errorf("%+v, %v", one, err)
		}
		as, err := c.AddOnAttachmentListByApp(ctx, app, &heroku.ListRange{Field: "name", Max: 1})
		if err != nil || len(as) != 1 || as[0].Name != "DATABASE" || as[0].Addon.App.Name != app {
			t.Errorf("%+v, %v", as, err)
		}
	})
}
