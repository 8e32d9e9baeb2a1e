package herokusim

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// "Build succeeded does not mean released: with a release phase the release may be `pending`", and "`build.release.id`
// appears once a release is made"
func TestABuildSucceedsBeforeItsReleaseDoes(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		done := goDo(func() { _, _ = s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, By: bob}) })
		newest := func() map[string]any {
			return s.get(t, "/apps/penny-university/builds", "Range: started_at ..; max=1, order=desc").list(t)[0]
		}
		sleepUntil(39 * time.Second)
		if b := newest(); b["status"] != "pending" || b["release"] != nil || b["slug"] != nil {
			t.Errorf("while building: %v", b)
		}
		if got := s.Open(); len(got) != 1 || got[0] != "build of penny-university" {
			t.Errorf("open: %q", got)
		}
		sleepUntil(41 * time.Second)
		b := newest()
		r := s.get(t, "/apps/penny-university/releases/123").object(t)
		if b["status"] != "succeeded" || b["release"].(map[string]any)["id"] != r["id"] || r["status"] != "pending" {
			t.Errorf("build %v, release %v", b, r)
		}
		// "For builds made through the API, `slug.commit` = `source_blob.version`"
		if b["source_blob"].(map[string]any)["version"] != sha2 {
			t.Errorf("built %v", b["source_blob"])
		}
		one := s.get(t, "/apps/penny-university/builds/"+b["id"].(string)).object(t)
		if one["status"] != "succeeded" {
			t.Errorf("by id: %v", one)
		}
		<-done
		if r := s.app.Current(); r.Version != 123 || r.Commit != sha2 {
			t.Errorf("runs %+v", r)
		}
	})
}

// "One build at a time per app"; "A queued build could outlive those 5 minutes": so a second one waits.
func TestASecondBuildWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		began := time.Now()
		ends := make(chan time.Duration, 2)
		for _, commit := range []string{sha2, sha} {
			go func() {
				_, err := s.app.Deploy(t.Context(), DeploySpec{Commit: commit})
				if err != nil {
					t.Error(err)
				}
				ends <- time.Since(began)
			}()
			synctest.Wait()
		}
		if got := s.Open(); len(got) != 2 {
			t.Errorf("open: %q", got)
		}
		first, second := <-ends, <-ends
		if first != 55*time.Second || second != 95*time.Second {
			t.Errorf("over after %v and %v, want 55 s (build, release phase, dynos) and 40 s more", first, second)
		}
		if r := s.app.Current(); r.Version != 124 || r.Commit != sha {
			t.Errorf("runs %+v", r)
		}
	})
}

func TestAFailedBuildMakesNoRelease(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.NextBuild(true)
		var lines []string
		r, err := s.app.Deploy(t.Context(), DeploySpec{
			Commit: sha2, Output: func(line string) { lines = append(lines, line) },
		})
		var failed *BuildError
		if !errors.As(err, &failed) || r.Version != 0 {
			t.Fatalf("got %+v, %v", r, err)
		}
		b := s.get(t, "/apps/penny-university/builds/"+failed.BuildID).object(t)
		if b["status"] != "failed" || b["release"] != nil || s.app.Current().Version != 122 {
			t.Errorf("build %v, runs %+v", b, s.app.Current())
		}
		if last := lines[len(lines)-1]; !strings.Contains(last, "failed to compile") {
			t.Errorf("its last line is %q", last)
		}
		if _, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2}); err != nil {
			t.Errorf("the build after it: %v", err)
		}
	})
}

func TestADeployGivesOutItsLinesAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.NextReleasePhase(false, "Applying chats.0008... OK\nApplying users.0003... OK")
		began := time.Now()
		var lines []string
		at := map[string]time.Duration{}
		_, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, Output: func(line string) {
			lines = append(lines, line)
			at[line] = time.Since(began)
		}})
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(lines, "\n")
		if !strings.HasPrefix(all, "-----> Building on the heroku-24 stack\n") ||
			!strings.HasSuffix(all, "Released v123\nApplying chats.0008... OK\nApplying users.0003... OK") {
			t.Errorf("printed\n%s", all)
		}
		if got := at["Applying chats.0008... OK"]; got != 46*time.Second {
			t.Errorf("the first migration was printed after %v", got)
		}
	})
}

// A client that goes away stops neither a build nor a release; design: "a POST that timed out may have been done".
func TestADeployGoesOnWithoutItsCaller(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := s.app.Deploy(ctx, DeploySpec{Commit: sha2})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		time.Sleep(time.Minute)
		if r := s.app.Current(); r.Version != 123 || len(s.Open()) != 0 {
			t.Errorf("runs %+v, open %v", r, s.Open())
		}
	})
}

func TestCloseEndsWhatGoesOn(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := s.app.Deploy(context.Background(), DeploySpec{Commit: sha2, Output: func(string) {}})
				errs <- err
			}()
			synctest.Wait()
		}
		s.Close()
		for range 2 {
			if err := <-errs; !errors.Is(err, ErrClosed) {
				t.Errorf("got %v, want ErrClosed", err)
			}
		}
		if _, err := s.app.SetConfig(t.Context(), "A", "1", ""); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: got %v", err)
		}
	})
}

func TestSpeedShortensLife(t *testing.T) {
	t.Parallel()
	play(t, Options{Speed: 10}, func(t *testing.T, s *site) {
		began := time.Now()
		if _, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began).Round(time.Millisecond); took != 5500*time.Millisecond {
			t.Errorf("a deploy took %v, want a tenth of 55 s", took)
		}
	})
}
