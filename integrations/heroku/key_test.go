package heroku_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

func TestAKeyTellsWhetherItIsGlobalAndWhenItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim, _, c := simulate(t)
		wants := func(want heroku.Key) {
			t.Helper()
			got, err := c.Key(t.Context())
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Errorf("%v (-want +got)\n%s", err, d)
			}
		}
		wants(heroku.Key{}) // Heroku does not tell one that is narrower
		sim.AddAccount("ann@example.com", "HRKU-another")
		sim.GrantToken("HRKU-another", time.Time{}, "read")
		sim.GrantToken(token, time.Time{}, "global")
		wants(heroku.Key{Global: true, Scopes: []string{"global"}})
		ends := time.Now().Add(48 * time.Hour)
		sim.GrantToken(token, ends, "global")
		wants(heroku.Key{Global: true, Scopes: []string{"global"}, Expires: ends})
		sim.RevokeToken(token)
		if _, err := c.Key(t.Context()); heroku.KindOf(err) != heroku.Unauthorized {
			t.Errorf("revoked: %v", err)
		}
	})
}

func TestHerokuTellsItsTimeForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim, _, c := simulate(t)
		sim.SetTokens(0)
		sim.Weather().SetSkew(time.Minute)
		got, err := c.Date(t.Context())
		if err != nil || !got.Equal(time.Now().Add(time.Minute)) {
			t.Errorf("%v, %v", got, err)
		}
	})
}
