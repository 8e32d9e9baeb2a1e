package slack_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestARefusedTokenEndsRunAndSaysWhatToDo(t *testing.T) {
	codes := []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"no_permission", "missing_scope", "team_disabled", "forbidden_team",
	}
	for _, code := range codes {
		t.Run(code, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				s.RefuseTokens(code)
				start := time.Now()
				r := s.start(ackAll)
				err := <-r.ended
				refused, ok := errors.AsType[*slack.RefusedError](err)
				if !ok || refused.Code != code || refused.Variable != "SLACK_APP_TOKEN" {
					t.Fatalf("Run: %v", err)
				}
				for _, want := range []string{"SLACK_APP_TOKEN", code, "connections:write", "https://api.slack.com/apps"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%q does not say %q", err, want)
					}
				}
				if d := time.Since(start); d > time.Second || len(s.opens()) != 1 {
					t.Errorf("it took %v and %d opens", d, len(s.opens()))
				}
			})
		})
	}
}

func TestATokenRevokedLaterEndsRunToo(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.startBoth(ackAll)
		s.RefuseTokens("token_revoked")
		s.CutSockets()
		err := <-r.ended
		if refused, ok := errors.AsType[*slack.RefusedError](err); !ok || refused.Code != "token_revoked" {
			t.Errorf("Run: %v", err)
		}
		r.http.CloseIdleConnections()
	})
}

func TestAWrongAddressEndsRun(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		r := s.start(ackAll, func(o *slack.SessionOptions) { o.HTTP = &http.Client{Transport: missing{}} })
		err := <-r.ended
		if _, ok := errors.AsType[*slack.RefusedError](err); !ok || !strings.Contains(err.Error(), "SLACK_API_URL") {
			t.Errorf("Run: %v", err)
		}
	})
}

// missing is a server without a Slack API.
type missing struct{}

func (missing) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: r}, nil
}
