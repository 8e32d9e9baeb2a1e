package github_test

import (
	"testing"
	"time"

	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
)

func TestARepositoryTellsOfTheToken(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		told := func() github.Permit {
			t.Helper()
			p, err := w.client.Permit(t.Context(), penny)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		base := github.Repository{FullName: penny.String(), DefaultBranch: "master", URL: page(""), Private: true}
		now := time.Now().UTC()
		equal(t, github.Permit{Repository: base, Push: true, Admin: true, Classic: true, Scopes: []string{"repo"}, Date: now}, told(), nil)
		if !told().Writes() {
			t.Error("a classic token with repo writes")
		}
		ends := now.AddDate(0, 0, 5)
		w.ScopeToken(token, "public_repo", "read:org")
		w.ExpireToken(token, ends)
		equal(t, github.Permit{Repository: base, Push: true, Admin: true, Classic: true, Scopes: []string{"public_repo", "read:org"}, Expires: ends, Date: now}, told(), nil)
		if told().Writes() {
			t.Error("public_repo does not write to a private repository")
		}
		w.AddFineToken(token, "slipway-bot", githubsim.Permissions{"contents": "read"}, penny.String())
		time.Sleep(time.Hour)
		w.Weather().SetSkew(-time.Minute)
		equal(t, github.Permit{Repository: base, Date: now.Add(time.Hour - time.Minute)}, told(), nil)

		w.RequireSSO(token)
		if e := fails(t, second(w.client.Permit(t.Context(), penny))); e.Kind != github.Forbidden {
			t.Errorf("single sign-on: %v", e)
		}
		w.RevokeToken(token)
		if e := fails(t, second(w.client.Permit(t.Context(), penny))); e.Kind != github.Unauthorized {
			t.Errorf("revoked: %v", e)
		}
	})
}

func TestRequiredChecksComeFromProtectionAndFromRules(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		got, err := w.client.Required(t.Context(), penny, "master")
		equal(t, []string(nil), got, err)
		w.repo.RequireChecks("master", "ci", "both")
		w.repo.RequireByRule("master", "both", "slipway/hold")
		w.repo.RequireChecks("feature/45", "other")
		got, err = w.client.Required(t.Context(), penny, "master")
		equal(t, []string{"both", "ci", "slipway/hold"}, got, err)
		got, err = w.client.Required(t.Context(), penny, "feature/45")
		equal(t, []string{"other"}, got, err)
		if e := fails(t, second(w.client.Required(t.Context(), penny, "nope"))); e.Kind != github.NotFound {
			t.Errorf("a branch that is not there: %v", e)
		}
	})
}

func second[T any](_ T, err error) error { return err }
