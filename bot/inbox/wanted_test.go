package inbox_test

import (
	"strings"
	"testing"

	"slipway/bot/inbox"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestWhatAHookLacksIsNamed(t *testing.T) {
	t.Parallel()
	all := inbox.GitHubEvents()
	for _, tc := range []struct {
		hook  github.Hook
		words string
	}{
		{github.Hook{Events: all, Active: true, ContentType: "json"}, ""},
		{github.Hook{Events: all[1:], Active: true, ContentType: "json"}, "events (without check_run)"},
		{github.Hook{Events: all[2:], Active: true, ContentType: "json"}, "events (without check_run, check_suite)"},
		{github.Hook{Events: append(all, "fork"), Active: true, ContentType: "json"}, "events (more than are needed)"},
		{github.Hook{Events: []string{"*"}, Active: true, ContentType: "json"}, "events (all, where some are needed)"},
		{github.Hook{Events: all, ContentType: "form", Insecure: true}, "not active; content type form; certificates not checked"},
	} {
		if got := strings.Join(inbox.WrongWithHook(tc.hook), "; "); got != tc.words {
			t.Errorf("%+v: %q, want %q", tc.hook, got, tc.words)
		}
	}
	webhook := heroku.Webhook{Level: heroku.Notify, Include: inbox.HerokuEntities()[1:]}
	if got := strings.Join(inbox.WrongWithWebhook(webhook), "; "); got != "entities (without api:app); level notify" {
		t.Errorf("Heroku's: %q", got)
	}
}

func TestOnlyReceiversOfABotAreShown(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://bot.example.com/webhooks/github":        true,
		"https://bot.example.com/a/webhooks/github":      true,
		"https://bot.example.com/webhooks/github?key=1":  false,
		"https://u:p@bot.example.com/webhooks/github":    false,
		"https://bot.example.com/webhooks/github/secret": false,
		"https://bot.example.com/webhooks/heroku":        false,
		"::": false,
	} {
		if got := inbox.Receives(address, inbox.GitHubPath); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
