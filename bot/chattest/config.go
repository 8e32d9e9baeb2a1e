package chattest

import (
	"errors"
	"strings"

	"slipway/bot/config"
	"slipway/integrations/sim/world"
)

// Config is the configuration of a bot that lives in a world. The process's own environment has no part in it.
func Config(w *world.World) (config.Config, error) {
	env := map[string]string{}
	for _, line := range w.Env() {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	cfg := config.Config{
		SlackAppToken:    config.NewSecret(env["SLACK_APP_TOKEN"]),
		SlackBotToken:    config.NewSecret(env["SLACK_BOT_TOKEN"]),
		GitHubToken:      config.NewSecret(env["GITHUB_TOKEN"]),
		GitHubWriteToken: config.NewSecret(env["GITHUB_WRITE_TOKEN"]),
		HerokuAPIKey:     config.NewSecret(env["HEROKU_API_KEY"]),
		HerokuWriteKey:   config.NewSecret(env["HEROKU_WRITE_API_KEY"]),
	}
	return cfg, errors.Join(
		cfg.Apps.Decode(env["APPS"]),
		cfg.Mode.Decode(env["SLIPWAY_MODE"]),
		cfg.Operators.Decode(env["OPERATORS"]),
		cfg.FallbackUser.Decode(env["FALLBACK_USER"]),
		cfg.SlackAPIURL.Decode(env["SLACK_API_URL"]),
		cfg.GitHubAPIURL.Decode(env["GITHUB_API_URL"]),
		cfg.HerokuAPIURL.Decode(env["HEROKU_API_URL"]),
		cfg.GitHubSecrets.Decode(env["GITHUB_WEBHOOK_SECRET"]),
		cfg.HerokuSecrets.Decode(env["HEROKU_WEBHOOK_SECRET"]),
	)
}
