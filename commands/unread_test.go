package commands

import (
	"strings"
	"testing"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestARefusedCredentialIsNamedAsItWasSet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		cfg  config.Config
		want string
	}{
		{"a token", config.Config{}, "`GITHUB_TOKEN`"},
		{"an App", config.Config{GitHubAppID: 7}, "`GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY`"},
	} {
		variable, _ := tc.cfg.GitHubVariables()
		gap := ledger.Gap{Sender: ledger.GitHub, Trouble: ledger.Trouble{Kind: string(github.Unauthorized)}}
		if got := because(gap, variable); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %s named", tc.name, got, tc.want)
		}
	}
}

func TestWhatHerokuDoesNotLetUsChangeSaysWhatHelps(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind heroku.Kind
		want string
	}{
		{heroku.Forbidden, "`HEROKU_WRITE_API_KEY`"},
		{heroku.Unauthorized, "`HEROKU_WRITE_API_KEY`"},
		{heroku.TwoFactor, "https://dashboard.heroku.com/account"},
		{heroku.Suspended, "https://dashboard.heroku.com/account"},
		{heroku.PaymentRequired, "https://dashboard.heroku.com/account"},
	} {
		if got := denied(&heroku.Error{Kind: tc.kind}).Error(); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %s in it", tc.kind, got, tc.want)
		}
	}
}
