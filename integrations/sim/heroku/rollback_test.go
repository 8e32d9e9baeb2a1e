package herokusim

import (
	"errors"
	"testing"
)

// "A rollback makes a NEW release (v13 "Rollback to v10") with old code AND old config vars", and "The release phase
// runs on a rollback too": with the OLD code's command.
func TestARollbackIsANewReleaseWithOldCodeAndOldConfig(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.NextReleasePhase(false, "Operations to perform:\n")
		r, err := s.app.Rollback(t.Context(), 120, bob)
		if err != nil {
			t.Fatal(err)
		}
		if r.Version != 123 || r.Description != "Rollback to v120" || r.Commit != sha2 || !r.Current || r.By != bob {
			t.Errorf("got %+v", r)
		}
		if got := s.get(t, "/apps/penny-university/config-vars").body; got != `{"DEBUG":"0"}` {
			t.Errorf("config is %s", got)
		}
		url := s.get(t, "/apps/penny-university/releases/123").object(t)["output_stream_url"].(string)
		if got := s.get(t, url, "Authorization: ").body; got != "Operations to perform:\n" {
			t.Errorf("its release command printed %q", got)
		}
	})
}

// "Failed releases are not eligible"; `expired` ones, and those that do not exist, neither.
func TestARollbackToAnIneligibleReleaseIsRefused(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.PastRelease(PastRelease{Kind: "code", Commit: sha2, Failed: true})
		s.app.PastRelease(PastRelease{Kind: "code", Commit: sha2, Expired: true})
		s.app.PastRelease(PastRelease{Kind: "code", Commit: sha})
		for version, status := range map[int]string{123: "failed", 124: "expired", 77: ""} {
			_, err := s.app.Rollback(t.Context(), version, bob)
			var refused *IneligibleError
			if !errors.As(err, &refused) || refused.Status != status {
				t.Errorf("v%d: got %v", version, err)
			}
		}
		for _, r := range s.get(t, "/apps/penny-university/releases", "Accept: "+sdk).list(t) {
			if want := r["status"] == "succeeded"; r["eligible_for_rollback"] != want {
				t.Errorf("v%v, %v: eligible %v", r["version"], r["status"], r["eligible_for_rollback"])
			}
		}
		if got := len(s.app.Releases()); got != 6 {
			t.Errorf("a refused rollback made a release: there are %d", got)
		}
	})
}

// After a failed release phase of a rollback nothing was rolled back: "the rollback is done only when the new release
// is `succeeded` and `current`".
func TestARollbackWhoseReleasePhaseFailsChangesNothing(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.NextReleasePhase(true, "")
		r, err := s.app.Rollback(t.Context(), 120, bob)
		var failed *ReleasePhaseError
		if !errors.As(err, &failed) || r.Status != "failed" {
			t.Fatalf("got %+v, %v", r, err)
		}
		if got := s.app.Current(); got.Version != 122 || got.Commit != sha {
			t.Errorf("runs %+v", got)
		}
	})
}
