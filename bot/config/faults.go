package config

import (
	"cmp"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with the environment. It never holds a secret's value.
type Fault struct {
	Variable string
	Text     string // the rest of a sentence that begins with the variable's name, without a full stop
	Fix      string // a sentence, or several
}

func (f Fault) String() string { return f.Variable + " " + f.Text + ". " + f.Fix }

// Faults is everything that is wrong with the environment.
type Faults []Fault

// Error has a line for each fault, without a newline at the end.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// sorted puts the faults in the order of the variables.
func (f Faults) sorted() Faults {
	place := map[string]int{}
	for i, v := range Variables() {
		place[v.Name] = i
	}
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(place[a.Variable], place[b.Variable]) })
	return f
}

// howTo says where the value of a variable comes from.
var howTo = map[string]string{
	"SLACK_APP_TOKEN":        "Make one at https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write; it starts with xapp-.",
	"SLACK_BOT_TOKEN":        "Copy the Bot User OAuth Token from https://api.slack.com/apps, your app, OAuth & Permissions; it starts with xoxb-.",
	"GITHUB_TOKEN":           "Make a fine-grained one at https://github.com/settings/personal-access-tokens/new that may read Actions, Commit statuses, Contents, Metadata and Pull requests of the repositories in APPS; it starts with github_pat_.",
	"GITHUB_APP_ID":          "It is the number on the App's page, under About, at https://github.com/settings/apps (an organization has its own under its settings).",
	"GITHUB_APP_PRIVATE_KEY": "Make one on the App's page, under Private keys, and set the whole .pem file that is downloaded: GITHUB_APP_PRIVATE_KEY=\"$(cat app.pem)\".",
	"GITHUB_WRITE_TOKEN":     "Make a fine-grained one at https://github.com/settings/personal-access-tokens/new that may write Actions, Commit statuses, Contents and Pull requests of the repositories in APPS, or leave it out.",
	"HEROKU_WRITE_API_KEY":   NewHerokuKey(HerokuWrites, "HEROKU_WRITE_API_KEY") + " It starts with HRKU- or is a UUID. Or leave it out.",
	"HEROKU_API_KEY":         NewHerokuKey(HerokuReads, "HEROKU_API_KEY") + " It starts with HRKU- or is a UUID.",
	"APPS":                   "Write it like penny-university=penny-university/penny_university#deploys: Heroku app, GitHub repository, Slack channel; several with commas between.",
	"SLIPWAY_MODE":           "It is read or write, for all apps or for each: read,penny-qa=write; the word alone is for the apps that are not named.",
	"OPERATORS":              "Take each id from the person's profile in Slack, under “Copy member ID”; it starts with U or W. Write several with commas between.",
	"HEARTBEAT_URL":          "Take the address that your watchdog wants to be called, which starts with https://, or leave it out.",
	"DATABASE_URL":           "On Heroku run: heroku addons:create heroku-postgresql:essential-0. Elsewhere write postgres://user:password@host/name.",
	"PORT":                   "Use a number from 1 to 65535, or 0 to let the system choose.",
	"GITHUB_WEBHOOK_SECRET":  secretFix,
	"HEROKU_WEBHOOK_SECRET":  secretFix,
	"FALLBACK_USER":          "Take it from the person's profile in Slack, under “Copy member ID”; it starts with U or W. Or leave it out.",
	"SLACK_API_URL":          addressFix,
	"GITHUB_API_URL":         addressFix,
	"HEROKU_API_URL":         addressFix,
}

const secretFix = "Run slipway hooks, which makes the webhooks and prints their secrets, or leave it out."

const addressFix = "Leave it out for the usual address, or use one that starts with https:// (http:// only on this machine, such as http://127.0.0.1:4011/)."
