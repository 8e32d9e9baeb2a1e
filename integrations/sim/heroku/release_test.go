package herokusim

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// "`description` is the only cause field: `Deploy <sha8>`, `Rollback to vN`, `Set A, B config vars`"
func TestReleasesAreDescribedAsHerokuDoes(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.PastRelease(PastRelease{Kind: "config", Set: map[string]string{"B": "2", "A": "1"}})
		s.app.PastRelease(PastRelease{Kind: "rollback", To: 120})
		for _, f := range []func() (Release, error){
			func() (Release, error) { return s.app.Deploy(t.Context(), DeploySpec{Commit: sha}) },
			func() (Release, error) { return s.app.SetConfig(t.Context(), "FEATURE_X", "2", bob) },
			func() (Release, error) { return s.app.Rollback(t.Context(), 122, bob) },
		} {
			if _, err := f(); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, r := range s.get(t, "/apps/penny-university/releases").list(t) {
			got = append(got, r["description"].(string))
		}
		want := "Deploy 0f3c2b1a|Set FEATURE_X config vars|Deploy 69eec518|Set A, B config vars|Rollback to v120|" +
			"Deploy 69eec518|Set FEATURE_X config vars|Rollback to v122"
		if strings.Join(got, "|") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
		}
	})
}

// "`current` is true for the release that really runs. After a failed release phase the newest is `failed` and
// `current` is an OLDER one"
func TestAfterAFailedReleasePhaseAnOlderReleaseIsCurrent(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.NextReleasePhase(true, "django.db.utils.ProgrammingError: no\n")
		r, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, By: bob})
		var failed *ReleasePhaseError
		if !errors.As(err, &failed) || failed.Version != 123 {
			t.Fatalf("got %v, want a *ReleasePhaseError of v123", err)
		}
		if r.Version != 123 || r.Status != "failed" || r.Current || r.Eligible || r.By != bob {
			t.Errorf("the failed release reads %+v", r)
		}
		newest := s.get(t, "/apps/penny-university/releases/123").object(t)
		older := s.get(t, "/apps/penny-university/releases/122").object(t)
		if newest["status"] != "failed" || newest["current"] != false || older["current"] != true {
			t.Errorf("newest %v, older %v", newest, older)
		}
		if got := s.app.Current().Version; got != 122 {
			t.Errorf("v%d runs, want v122", got)
		}
		for _, d := range s.get(t, "/apps/penny-university/dynos").list(t) {
			if d["release"].(map[string]any)["version"] != 122.0 {
				t.Errorf("%v runs another release than the current one", d["name"])
			}
		}
	})
}

// "`status`: `pending` (release command running)"
func TestAReleaseIsPendingWhileItsCommandRuns(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		done := goDo(func() { _, _ = s.app.SetConfig(t.Context(), "A", "1", "") })
		for _, step := range []struct {
			at      time.Duration
			status  string
			current bool
			open    string
		}{
			{time.Second, "pending", false, "release v123 (release phase)"},
			{9 * time.Second, "pending", false, "release v123 (release phase)"},
			{11 * time.Second, "succeeded", true, "dyno web.1 of penny-university (starting)"},
			{16 * time.Second, "succeeded", true, ""},
		} {
			sleepUntil(step.at)
			r := s.get(t, "/apps/penny-university/releases/123").object(t)
			open := append(s.Open(), "")[0]
			if r["status"] != step.status || r["current"] != step.current || open != step.open {
				t.Errorf("after %v: status %v, current %v, open %q", step.at, r["status"], r["current"], open)
			}
		}
		<-done
	})
}

// "a formation of type `release` = there is a release phase": without one there is no command to wait for.
func TestWithoutAReleasePhaseAReleaseRunsAtOnce(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		a := s.AddApp(AppSpec{Name: "plain", Owner: alice, Formation: []Process{{Type: "web", Quantity: 1}}})
		a.PastRelease(PastRelease{Kind: "code", Commit: sha})
		began := time.Now()
		r, err := a.SetConfig(t.Context(), "A", "1", "")
		if err != nil || r.Version != 2 || !r.Current {
			t.Fatalf("got %+v, %v", r, err)
		}
		if took := time.Since(began); took != dynoStarts {
			t.Errorf("took %v, want only the dynos' start, %v", took, dynoStarts)
		}
		if url := s.get(t, "/apps/plain/releases/2").object(t)["output_stream_url"]; url != nil {
			t.Errorf("a release without a release phase has the output %v", url)
		}
	})
}

// "GET /apps/{app}/releases/{version or uuid}` (`10`, not `v10`)"
func TestAReleaseIsFoundByVersionAndByUUID(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		id := s.app.Current().ID
		for path, status := range map[string]int{
			"122": http.StatusOK, id: http.StatusOK, "v122": http.StatusNotFound, "999": http.StatusNotFound,
		} {
			a := s.get(t, "/apps/penny-university/releases/"+path)
			if a.StatusCode != status {
				t.Errorf("%s: got %d, want %d", path, a.StatusCode, status)
			}
			if status == http.StatusNotFound {
				a.fault(t, status, "not_found")
			}
		}
	})
}

// "The commit is NOT on the release, but on the slug": `commit`, `commit_description`, `process_types`, `stack`
func TestTheCommitIsOnTheSlug(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		r := s.get(t, "/apps/penny-university/releases/122").object(t)
		if _, there := r["commit"]; there {
			t.Error("a release has a commit")
		}
		id := r["slug"].(map[string]any)["id"].(string)
		slug := s.get(t, "/apps/penny-university/slugs/"+id).object(t)
		if slug["commit"] != sha || slug["commit_description"] != "Add chats" {
			t.Errorf("got %v", slug)
		}
		if got := slug["process_types"].(map[string]any)["release"]; got != "python manage.py migrate" {
			t.Errorf("the release command is %v", got)
		}
		s.get(t, "/apps/penny-university/slugs/"+s.app.ID()).fault(t, http.StatusNotFound, "not_found")
	})
}

// "config releases keep the slug", and each release keeps the config vars that it was made with: "config of an old
// release: `GET /apps/{app}/releases/{v}/config-vars`"
func TestConfigVarsAreVersionedByRelease(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		before := s.app.Current()
		after, err := s.app.SetConfig(t.Context(), "FEATURE_X", "2", bob)
		if err != nil {
			t.Fatal(err)
		}
		if after.SlugID != before.SlugID || after.Commit != sha {
			t.Errorf("a config release has other code: %+v", after)
		}
		for path, want := range map[string]string{
			"/releases/120/config-vars": `{"DEBUG":"0"}`,
			"/releases/122/config-vars": `{"DEBUG":"0","FEATURE_X":"1"}`,
			"/releases/123/config-vars": `{"DEBUG":"0","FEATURE_X":"2"}`,
			"/config-vars":              `{"DEBUG":"0","FEATURE_X":"2"}`,
		} {
			if got := s.get(t, "/apps/penny-university"+path).body; got != want {
				t.Errorf("%s: got %s, want %s", path, got, want)
			}
		}
	})
}

// Two changes at once are two releases, one after the other, and the second keeps what the first set.
func TestReleasesWaitForEachOther(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		first := goDo(func() { _, _ = s.app.SetConfig(t.Context(), "A", "1", "") })
		synctest.Wait()
		second := goDo(func() { _, _ = s.app.SetConfig(t.Context(), "B", "2", "") })
		synctest.Wait()
		if got := strings.Join(s.Open(), "; "); got != "release v123 (release phase); release of penny-university (waiting)" {
			t.Errorf("open: %s", got)
		}
		<-first
		<-second
		if got := s.get(t, "/apps/penny-university/config-vars").body; got != `{"A":"1","B":"2","DEBUG":"0","FEATURE_X":"1"}` {
			t.Errorf("config is %s", got)
		}
		if v := s.app.Current().Version; v != 124 || len(s.Open()) != 0 {
			t.Errorf("v%d runs, open: %v", v, s.Open())
		}
	})
}

// goDo runs f beside the test; the channel closes at its end.
func goDo(f func()) <-chan struct{} {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	return done
}

// sleepUntil lets a bubble's clock, which starts at midnight UTC 2000-01-01, reach d.
func sleepUntil(d time.Duration) {
	time.Sleep(time.Until(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d)))
	synctest.Wait()
}
