package config

import (
	"os"
	"reflect"
)

// Config is the environment. Its tags say what each variable is: envconfig, default and required as package envconfig takes
// them, what in words for people (README.md and app.json repeat them), alias other names that people try for it.
type Config struct {
	SlackAppToken Secret  `envconfig:"SLACK_APP_TOKEN" required:"true" what:"app-level token of the Slack app, scope connections:write (xapp-…)"`
	SlackBotToken Secret  `envconfig:"SLACK_BOT_TOKEN" required:"true" alias:"SLACK_TOKEN" what:"bot token of the Slack app, as installed in the workspace (xoxb-…)"`
	GitHubToken   Secret  `envconfig:"GITHUB_TOKEN" required:"true" alias:"GH_TOKEN" what:"GitHub token that may read the repositories (github_pat_…, ghp_… or ghs_…)"`
	HerokuAPIKey  Secret  `envconfig:"HEROKU_API_KEY" required:"true" alias:"HEROKU_API_TOKEN,HEROKU_TOKEN" what:"Heroku token of an account that may see the apps (HRKU-… or a UUID)"`
	Apps          Apps    `envconfig:"APPS" required:"true" what:"apps with their repository and channel, comma-separated: penny-university=penny-university/penny_university#deploys"`
	DatabaseURL   Secret  `envconfig:"DATABASE_URL" what:"Postgres database (postgres://…); without one it is slipway.db in the working folder; required on Heroku, that is with DYNO set"`
	Port          Port    `envconfig:"PORT" default:"8080" what:"port of the HTTP listener for webhooks, health and metrics"`
	GitHubSecrets Secrets `envconfig:"GITHUB_WEBHOOK_SECRET" what:"secret that GitHub signs its webhooks with; several, comma-separated, while it is changed. Without one GitHub is read every 45 s"`
	HerokuSecrets Secrets `envconfig:"HEROKU_WEBHOOK_SECRET" what:"secret that Heroku signs its webhooks with; several, comma-separated, while it is changed. Without one Heroku is read every 45 s"`
	FallbackUser  User    `envconfig:"FALLBACK_USER" what:"Slack user id of whom slipway tells when a channel takes no messages (U…)"`
	SlackAPIURL   APIURL  `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" what:"address of Slack's Web API"`
	GitHubAPIURL  APIURL  `envconfig:"GITHUB_API_URL" default:"https://api.github.com" what:"address of GitHub's REST API"`
	HerokuAPIURL  APIURL  `envconfig:"HEROKU_API_URL" default:"https://api.heroku.com" what:"address of Heroku's Platform API"`
}

// Load reads the environment of the process. The error is Faults, all there are, in the order of the struct. A variable that
// is set to nothing counts as not set.
func Load() (Config, error) {
	var c Config
	var faults Faults
	v := reflect.ValueOf(&c).Elem()
	for i, variable := range Variables() {
		faults = append(faults, variable.read(v.Type().Field(i), v.Field(i))...)
	}
	faults = append(faults, c.checkSlack()...)
	faults = append(faults, c.checkGitHub()...)
	faults = append(faults, c.checkHeroku()...)
	faults = append(faults, c.checkDatabase(os.Getenv("DYNO") != "")...)
	if len(faults) > 0 {
		return Config{}, faults.sorted()
	}
	return c, nil
}
