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
		return NewHerokuKey(HerokuReads, variable)
	case "HEROKU_WRITE_API_KEY":
		return NewHerokuKey(HerokuWrites, variable)
	}
	return "Make a new token at https://github.com/settings/tokens and set it."
}

// What a Heroku token may do, as heroku authorizations:create -s takes it (facts/heroku.md, "API manners"). The scopes for apps leave out
// whose token it is, which is identity's; and a rollback makes a release with config vars, which takes a protected one.
const (
	HerokuReads  = "identity,read"
	HerokuWrites = "identity,read,write-protected"
	HerokuHooks  = "read,write" // for slipway hooks, which lists and makes webhooks
)

// NewHerokuKey says how a token with one of these is made, and where it goes.
func NewHerokuKey(scopes, variable string) string {
	return "Run heroku authorizations:create -d slipway -s " + scopes + ", and set its Token as " + variable + "."
}
