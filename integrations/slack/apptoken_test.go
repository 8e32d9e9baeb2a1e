package slack_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestAnAppTokenIsTriedWithoutASocket(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, _ *slack.Client) {
		hc := s.http()
		defer hc.CloseIdleConnections()
		o := slack.ClientOptions{APIURL: "http://" + simAddr + "/api/", HTTP: hc}
		if err := slack.TryAppToken(ctx, s.AppToken(), o); err != nil {
			t.Errorf("it is refused: %v", err)
		}
		if stats := s.Stats(); len(stats.Opens) != 1 || len(stats.Connects) != 0 {
			t.Errorf("%+v", stats)
		}
		s.RefuseAppToken("token_revoked")
		err := slack.TryAppToken(ctx, s.AppToken(), o)
		refused, ok := errors.AsType[*slack.RefusedError](err)
		if !ok || refused.Variable != "SLACK_APP_TOKEN" || refused.Why() != "it was revoked (token_revoked)" || !strings.HasSuffix(refused.Fix(), "set SLACK_APP_TOKEN.") {
			t.Errorf("revoked: %v", err)
		}
		s.SetDown(true)
		e, ok := errors.AsType[*slack.Error](slack.TryAppToken(ctx, s.AppToken(), o))
		if !ok || e.Method != "apps.connections.open" {
			t.Errorf("down: %v", e)
		}
	})
}

func TestSlackTellsItsTime(t *testing.T) {
	withClient(t, slacksim.Options{}, func(ctx context.Context, t *testing.T, s *stage, c *slack.Client) {
		s.Weather().SetSkew(-time.Hour)
		if got, err := c.Date(ctx); err != nil || !got.Equal(time.Now().Add(-time.Hour).Truncate(time.Second)) {
			t.Errorf("%v, %v", got, err)
		}
		s.RefuseTokens("invalid_auth")
		_, err := c.Date(ctx)
		wantError(t, err, "auth.test", "invalid_auth")
	})
}
