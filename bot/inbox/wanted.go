package inbox

import (
	"net/url"
	"slices"
	"strings"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// The paths of the receivers, below the address at which the bot is reached.
const (
	GitHubPath = "/webhooks/github"
	HerokuPath = "/webhooks/heroku"
)

// GitHubEvents are what GitHub is to tell: never all there is, as it advises. Nobody asks for ping, and everybody gets it.
func GitHubEvents() []string {
	return []string{
		"check_run", "check_suite", "deployment", "deployment_review", "deployment_status", "merge_group", "pull_request",
		"push", "release", "status", "workflow_job", "workflow_run",
	}
}

// HerokuEntities are what Heroku is to tell: builds, releases, dynos with their exit status, how they are scaled, and the app
// itself for its maintenance mode.
func HerokuEntities() []string {
	return []string{"api:app", "api:build", "api:formation", "api:release", "dyno"}
}

// Receives tells whether an address is that of a bot's receiver. Others are not shown: some are secrets themselves.
func Receives(address, path string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User == nil && u.RawQuery == "" && u.Fragment == "" && strings.HasSuffix(u.Path, path)
}

// WrongWithHook lists what is not as it is to be, but for the secret, which cannot be read.
func WrongWithHook(h github.Hook) []string {
	wrong := lacking("events", GitHubEvents(), h.Events)
	if slices.Contains(h.Events, "*") {
		wrong = []string{"events (all, where some are needed)"}
	}
	for _, w := range []struct {
		is   bool
		what string
	}{
		{!h.Active, "not active"},
		{h.ContentType != "json", "content type " + h.ContentType},
		{h.Insecure, "certificates not checked"},
	} {
		if w.is {
			wrong = append(wrong, w.what)
		}
	}
	return wrong
}

// WrongWithWebhook is the same for Heroku.
func WrongWithWebhook(w heroku.Webhook) []string {
	wrong := lacking("entities", HerokuEntities(), w.Include)
	if w.Level != heroku.Sync {
		wrong = append(wrong, "level "+w.Level)
	}
	return wrong
}

// lacking are the words for what one list has and another lacks, none for nothing.
func lacking(name string, want, have []string) []string {
	var lacks []string
	for _, w := range want {
		if !slices.Contains(have, w) {
			lacks = append(lacks, w)
		}
	}
	switch {
	case len(lacks) > 0:
		return []string{name + " (without " + strings.Join(lacks, ", ") + ")"}
	case len(have) > len(want):
		return []string{name + " (more than are needed)"}
	}
	return nil
}
