package config

import (
	"os"
	"reflect"
	"slices"
)

// Config is the environment. Its tags say what each variable is: envconfig, default and required as package envconfig takes
// them, what in words for people (README.md and app.json repeat them), alias other names that people try for it, or the
// variables that may be set in its place.
type Config struct {
	SlackAppToken    Secret     `envconfig:"SLACK_APP_TOKEN" required:"true" what:"app-level token of the Slack app, scope connections:write (xapp-…)"`
	SlackBotToken    Secret     `envconfig:"SLACK_BOT_TOKEN" required:"true" alias:"SLACK_TOKEN" what:"bot token of the Slack app, as installed in the workspace (xoxb-…)"`
	GitHubToken      Secret     `envconfig:"GITHUB_TOKEN" alias:"GH_TOKEN" or:"GITHUB_APP_ID,GITHUB_APP_PRIVATE_KEY" what:"GitHub token that may read the repositories (github_pat_…, ghp_… or ghs_…); required, or else a GitHub App, which is the next two"`
	GitHubAppID      AppID      `envconfig:"GITHUB_APP_ID" what:"id of the GitHub App to ask as, a number"`
	GitHubAppKey     PrivateKey `envconfig:"GITHUB_APP_PRIVATE_KEY" what:"private key of that GitHub App: its PEM file, as it is, with line breaks written as \\n, or in base64"`
	GitHubWriteToken Secret     `envconfig:"GITHUB_WRITE_TOKEN" what:"GitHub token for changes; without one GITHUB_TOKEN, or the App, serves for both"`
	HerokuAPIKey     Secret     `envconfig:"HEROKU_API_KEY" required:"true" alias:"HEROKU_API_TOKEN,HEROKU_TOKEN" what:"Heroku token of an account that may see the apps (HRKU-… or a UUID)"`
	HerokuWriteKey   Secret     `envconfig:"HEROKU_WRITE_API_KEY" what:"Heroku token for changes; without one HEROKU_API_KEY serves for both"`
	Apps             Apps       `envconfig:"APPS" required:"true" what:"apps with their repository and channel, comma-separated: penny-university=penny-university/penny_university#deploys"`
	Mode             Mode       `envconfig:"SLIPWAY_MODE" default:"write" what:"read: slipway tells everything and changes nothing; write: it also changes what people confirm; or by app: read,penny-qa=write"`
	Operators        Users      `envconfig:"OPERATORS" what:"Slack user ids of who may change things besides an app's collaborators on Heroku, comma-separated (U…)"`
	DatabaseURL      Secret     `envconfig:"DATABASE_URL" what:"Postgres database (postgres://…); without one it is slipway.db in the working folder; required on Heroku, that is with DYNO set"`
	Port             Port       `envconfig:"PORT" default:"8080" what:"port of the HTTP listener for webhooks, health and metrics"`
	GitHubSecrets    Secrets    `envconfig:"GITHUB_WEBHOOK_SECRET" what:"secret that GitHub signs its webhooks with; several, comma-separated, while it is changed. Without one GitHub is read every 45 s"`
	HerokuSecrets    Secrets    `envconfig:"HEROKU_WEBHOOK_SECRET" what:"secret that Heroku signs its webhooks with; several, comma-separated, while it is changed. Without one Heroku is read every 45 s"`
	FallbackUser     User       `envconfig:"FALLBACK_USER" what:"Slack user id of whom slipway tells when a channel takes no messages (U…)"`
	HeartbeatURL     SecretURL  `envconfig:"HEARTBEAT_URL" what:"address that is called every minute while all is healthy, so that a watchdog outside misses a dead slipway (https://…)"`
	SlackAPIURL      APIURL     `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" what:"address of Slack's Web API"`
	GitHubAPIURL     APIURL     `envconfig:"GITHUB_API_URL" default:"https://api.github.com" what:"address of GitHub's REST API"`
	HerokuAPIURL     APIURL     `envconfig:"HEROKU_API_URL" default:"https://api.heroku.com" what:"address of Heroku's Platform API"`
}

// Load reads the environment of the process. The error is Faults, all there are, in the order of the struct. A variable that
// is set to nothing counts as not set.
func Load() (Config, error) {
	c, faults := read()
	if len(faults) > 0 {
		return Config{}, faults
	}
	return c, nil
}

// Part is Load for what needs some variables only: faults of others are not told, and what those hold may be nothing.
func Part(variables ...string) (Config, error) {
	c, faults := read()
	faults = slices.DeleteFunc(faults, func(f Fault) bool { return !slices.Contains(variables, f.Variable) })
	if len(faults) > 0 {
		return Config{}, faults
	}
	return c, nil
}

func read() (Config, Faults) {
	var c Config
	var faults Faults
	v := reflect.ValueOf(&c).Elem()
	for i, variable := range Variables() {
		faults = append(faults, variable.read(v.Type().Field(i), v.Field(i))...)
	}
	told := func(name string) bool {
		return slices.ContainsFunc(faults, func(f Fault) bool { return f.Variable == name })
	}
	faults = append(faults, c.checkSlack()...)
	faults = append(faults, c.checkGitHub(told)...)
	faults = append(faults, c.checkHeroku()...)
	if !told("APPS") {
		faults = append(faults, c.checkMode()...)
	}
	faults = append(faults, c.checkDatabase(os.Getenv("DYNO") != "")...)
	return c, faults.sorted()
}
