package config

import (
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// theApp names the two variables that are one credential.
const theApp = "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY"

// GitHubReading says where GitHub is, and as whom to ask it for what only reads.
func (c Config) GitHubReading() github.Options {
	o := github.Options{URL: string(c.GitHubAPIURL), Token: c.GitHubToken.Reveal()}
	if c.GitHubAppID != 0 {
		o.App = &github.App{ID: int64(c.GitHubAppID), PrivateKey: c.GitHubAppKey.Reveal()}
	}
	return o
}

// GitHubWriting says as whom to ask GitHub for what changes something: with GITHUB_WRITE_TOKEN, or as for reading if there is none.
func (c Config) GitHubWriting() github.Options {
	if c.GitHubWriteToken.IsZero() {
		return c.GitHubReading()
	}
	return github.Options{URL: string(c.GitHubAPIURL), Token: c.GitHubWriteToken.Reveal()}
}

// GitHubVariables names where the credentials of GitHubReading and of GitHubWriting come from, in words for a person.
func (c Config) GitHubVariables() (reading, writing string) {
	reading = "GITHUB_TOKEN"
	if c.GitHubAppID != 0 {
		reading = theApp
	}
	if c.GitHubWriteToken.IsZero() {
		return reading, reading
	}
	return reading, "GITHUB_WRITE_TOKEN"
}

// HerokuReading says where Heroku is, and as whom to ask it for what only reads.
func (c Config) HerokuReading() heroku.Options {
	return heroku.Options{URL: string(c.HerokuAPIURL), Token: c.HerokuAPIKey.Reveal()}
}

// HerokuWriting says as whom to ask Heroku for what changes something: with HEROKU_WRITE_API_KEY, or HEROKU_API_KEY if there is none.
func (c Config) HerokuWriting() heroku.Options {
	o := c.HerokuReading()
	if !c.HerokuWriteKey.IsZero() {
		o.Token = c.HerokuWriteKey.Reveal()
	}
	return o
}

// HerokuVariables names where the tokens of HerokuReading and of HerokuWriting come from.
func (c Config) HerokuVariables() (reading, writing string) {
	reading = "HEROKU_API_KEY"
	if c.HerokuWriteKey.IsZero() {
		return reading, reading
	}
	return reading, "HEROKU_WRITE_API_KEY"
}

// Renewal says what to do about a credential that is refused, by what GitHubVariables or HerokuVariables call it.
func Renewal(variable string) string {
	switch variable {
	case theApp:
		return "Compare both with the App's page at https://github.com/settings/apps, and make a new private key there if in doubt."
	case "HEROKU_API_KEY":
		return "Make a new one with `heroku authorizations:create -s read` and set it."
	case "HEROKU_WRITE_API_KEY":
		return "Make a new one with `heroku authorizations:create -s write` and set it."
	}
	return "Make a new token at https://github.com/settings/tokens and set it."
}
