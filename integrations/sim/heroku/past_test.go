package herokusim

import (
	"strings"
	"testing"
	"time"
)

func TestThePastIsAsItWasTold(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		at := time.Now().Add(-time.Hour)
		failed := s.app.PastRelease(PastRelease{
			Kind: "code", Commit: sha2, By: bob, At: at, Failed: true, Output: "no such table\n",
		})
		if failed.Version != 123 || failed.Status != "failed" || failed.Current || !failed.CreatedAt.Equal(at) {
			t.Errorf("got %+v", failed)
		}
		r := s.get(t, "/apps/penny-university/releases/123").object(t)
		if out := s.get(t, r["output_stream_url"].(string), "Authorization: ").body; out != "no such table\n" {
			t.Errorf("its command printed %q", out)
		}
		if r["created_at"] != at.UTC().Format("2006-01-02T15:04:05Z") {
			t.Errorf("created at %v", r["created_at"])
		}
		named := s.app.PastRelease(PastRelease{Kind: "config", Description: "Attach DATABASE (@ref:postgresql-flat-1)"})
		if named.Description != "Attach DATABASE (@ref:postgresql-flat-1)" || !named.Current {
			t.Errorf("got %+v", named)
		}
	})
}

func TestAPastThatCouldNotHaveBeenPanics(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for want, f := range map[string]func(){
			"release v150 cannot follow v122": func() { s.app.PastRelease(PastRelease{Version: 150, Kind: "config"}) },
			"no release v5 to have rolled back to": func() {
				s.app.PastRelease(PastRelease{Kind: "rollback", To: 5})
			},
			"is code, config or rollback":          func() { s.app.PastRelease(PastRelease{Kind: "deploy"}) },
			"sets something, or has a description": func() { s.app.PastRelease(PastRelease{Kind: "config"}) },
			"is an app penny-university already": func() {
				s.AddApp(AppSpec{Name: "penny-university"})
			},
		} {
			func() {
				defer func() {
					if got, _ := recover().(string); !strings.Contains(got, want) {
						t.Errorf("got %q, want %q", got, want)
					}
				}()
				f()
			}()
		}
		if got := s.app.Current().Version; got != 122 {
			t.Errorf("v%d runs", got)
		}
	})
}

func TestAnAppBeforeItsFirstReleaseIsEmpty(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		a := s.AddApp(AppSpec{Name: "new", Owner: alice, Formation: []Process{{Type: "web", Quantity: 1}}})
		for _, path := range []string{"/releases", "/dynos", "/formation", "/builds"} {
			if got := s.get(t, "/apps/new"+path).body; got != "[]" {
				t.Errorf("%s: %s", path, got)
			}
		}
		if got := s.get(t, "/apps/new").object(t)["released_at"]; got != nil || a.Current().Version != 0 {
			t.Errorf("released at %v as %+v", got, a.Current())
		}
		// Config before code: a release without a slug.
		if _, err := a.SetConfig(t.Context(), "A", "1", ""); err != nil {
			t.Fatal(err)
		}
		r := s.get(t, "/apps/new/releases/1", "Accept: "+sdk).object(t)
		if r["slug"] != nil || len(r["artifacts"].([]any)) != 0 || r["status"] != "succeeded" {
			t.Errorf("got %v", r)
		}
	})
}
