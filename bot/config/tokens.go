package config

import (
	"net/url"
	"regexp"
	"strings"
)

// prefixes tell whose token it is. Longer ones come before those that they begin with.
var prefixes = []struct{ prefix, what string }{
	{"xapp-", "an app-level token of Slack"},
	{"xoxb-", "a bot token of Slack"},
	{"xoxp-", "a user token of Slack"},
	{"xoxe.xoxb-", "a bot token that expires, because token rotation is on"},
	{"xoxe.xoxp-", "a configuration token of Slack"},
	{"xoxe-", "a refresh token of Slack"},
	{"xoxc-", "the token of a person's Slack in a browser"},
	{"https://hooks.slack.com/", "the address of a Slack webhook"},
	{"github_pat_", "a fine-grained token of GitHub"},
	{"ghp_", "a classic token of GitHub"},
	{"ghs_", "an installation token of GitHub"},
	{"gho_", "an OAuth token of GitHub"},
	{"ghu_", "a user token of a GitHub App"},
	{"ghr_", "a refresh token of GitHub"},
	{"HRKU-", "a token of Heroku"},
}

func hasPrefix(s Secret, wanted ...string) bool {
	for _, prefix := range wanted {
		if rest, ok := strings.CutPrefix(s.Reveal(), prefix); ok && rest != "" {
			return true
		}
	}
	return false
}

// startsWith finds fault with a token that has none of the prefixes. One that is missing has been told already.
func startsWith(variable string, s Secret, wanted ...string) Faults {
	if s.IsZero() || hasPrefix(s, wanted...) {
		return nil
	}
	for _, known := range prefixes {
		if hasPrefix(s, known.prefix) {
			return Faults{{variable, "holds " + known.what + " (" + known.prefix + "…)", howTo[variable]}}
		}
	}
	return Faults{{variable, "does not start with " + strings.Join(wanted, " or "), howTo[variable]}}
}

func (c Config) checkSlack() Faults {
	if hasPrefix(c.SlackAppToken, "xoxb-", "xoxe.xoxb-") && hasPrefix(c.SlackBotToken, "xapp-") {
		return Faults{{"SLACK_APP_TOKEN", "holds the bot token, and SLACK_BOT_TOKEN the app-level token", "Swap them: xapp- goes into SLACK_APP_TOKEN, xoxb- into SLACK_BOT_TOKEN."}}
	}
	faults := startsWith("SLACK_APP_TOKEN", c.SlackAppToken, "xapp-")
	if hasPrefix(c.SlackBotToken, "xoxe.xoxb-") {
		return append(faults, Fault{
			"SLACK_BOT_TOKEN", "holds a bot token that expires every 12 hours (xoxe.xoxb-…), because the app has token rotation on",
			"Make a new app with `slipway manifest`, which leaves rotation off, install it, and take its token, which starts with xoxb-.",
		})
	}
	return append(faults, startsWith("SLACK_BOT_TOKEN", c.SlackBotToken, "xoxb-")...)
}

// checkGitHub wants one credential for reading, a whole one, and tokens of GitHub. A variable whose fault was told already
// is not missed.
func (c Config) checkGitHub(told func(variable string) bool) Faults {
	const id, key = "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"
	var faults Faults
	hasID, hasKey := c.GitHubAppID != 0 || told(id), !c.GitHubAppKey.IsZero() || told(key)
	switch {
	case hasID && !hasKey:
		faults = append(faults, Fault{key, "is missing, and " + id + " is set", howTo[key]})
	case hasKey && !hasID:
		faults = append(faults, Fault{id, "is missing, and " + key + " is set", howTo[id]})
	}
	if !c.GitHubToken.IsZero() && (hasID || hasKey) {
		faults = append(faults, Fault{"GITHUB_TOKEN", "is set, and so is a GitHub App", "Use one of them: take GITHUB_TOKEN away, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY."})
	}
	faults = append(faults, startsWith("GITHUB_TOKEN", c.GitHubToken, "github_pat_", "ghp_", "ghs_")...)
	return append(faults, startsWith("GITHUB_WRITE_TOKEN", c.GitHubWriteToken, "github_pat_", "ghp_", "ghs_")...)
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

func (c Config) checkHeroku() Faults {
	return append(herokuKey("HEROKU_API_KEY", c.HerokuAPIKey), herokuKey("HEROKU_WRITE_API_KEY", c.HerokuWriteKey)...)
}

func herokuKey(variable string, key Secret) Faults {
	if uuid.MatchString(key.Reveal()) {
		return nil
	}
	faults := startsWith(variable, key, "HRKU-")
	for i := range faults {
		faults[i].Text = strings.Replace(faults[i].Text, "does not start with HRKU-", "neither starts with HRKU- nor is a UUID", 1)
	}
	return faults
}

// checkDatabase wants a database where files do not survive, which is on every dyno.
func (c Config) checkDatabase(dyno bool) Faults {
	if c.DatabaseURL.IsZero() {
		if !dyno {
			return nil
		}
		return Faults{{"DATABASE_URL", "is missing, and DYNO is set: files on a dyno are lost at its next restart", howTo["DATABASE_URL"]}}
	}
	u, err := url.Parse(c.DatabaseURL.Reveal())
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" {
		return Faults{{"DATABASE_URL", "is no address of a Postgres database", howTo["DATABASE_URL"]}}
	}
	return nil
}
