package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// App is one Heroku app with its repository and its channel.
type App struct {
	Name    string // on Heroku
	Repo    github.Repo
	Channel string // a name without its "#", or an id (C…, G… of old private channels)
}

// String is the app as APPS spells it.
func (a App) String() string { return a.Name + "=" + a.Repo.String() + "#" + a.Channel }

// Apps are the apps that slipway looks after, in the order in which they were given.
type Apps []App

// Decode is for package envconfig. It reads name=owner/repo#channel, several with commas between. White space around an
// entry is ignored, and so are empty entries.
func (a *Apps) Decode(value string) error {
	var problems []error
	seen := map[string]bool{}
	for entry := range strings.SplitSeq(value, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		app, err := parseApp(entry)
		if err == nil && seen[app.Name] {
			err = problem{fmt.Sprintf("names the app %s twice", app.Name), "Leave one of them out; an app has one repository and one channel."}
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		seen[app.Name] = true
		*a = append(*a, app)
	}
	if len(*a) == 0 && len(problems) == 0 {
		return problem{text: "names no app"}
	}
	return errors.Join(problems...)
}

func parseApp(entry string) (App, error) {
	name, rest, named := strings.Cut(entry, "=")
	repo, channel, channelled := strings.Cut(rest, "#")
	name, repo, channel = strings.TrimSpace(name), strings.TrimSpace(repo), strings.TrimSpace(channel)
	switch {
	case !named:
		return App{}, problem{text: shown(entry) + " has no “=” between app and repository"}
	case !channelled:
		return App{}, problem{text: shown(entry) + " has no “#” between repository and channel"}
	}
	r, err := github.ParseRepo(repo)
	if err != nil {
		err = problem{shown(entry) + " has a bad repository", sentence(say.Scrub(err.Error()))}
	}
	if err := errors.Join(checkName(entry, name), err, checkChannel(entry, channel)); err != nil {
		return App{}, err
	}
	return App{Name: name, Repo: r, Channel: channel}, nil
}

// appName is the pattern of an app's name in the schema of Heroku's Platform API.
var appName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,28}[a-z0-9]$`)

func checkName(entry, name string) error {
	if appName.MatchString(name) {
		return nil
	}
	fix := "A Heroku app's name has 3 to 30 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
	if lower := strings.ToLower(say.Scrub(name)); appName.MatchString(lower) {
		fix = "Did you mean " + lower + "? Names on Heroku are lower case."
	}
	return problem{shown(entry) + " has " + quoted(name) + " for the app's name", fix}
}

// channelID is looser than Slack's ids are long: facts give no length.
var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{2,}$`)

// longestChannel is Slack's limit for a channel's name, in characters.
const longestChannel = 80

func checkChannel(entry, channel string) error {
	if channelID.MatchString(channel) {
		return nil
	}
	runes := []rune(channel)
	if len(runes) > 0 && len(runes) <= longestChannel && !strings.ContainsFunc(channel, notInChannel) {
		return nil
	}
	fix := "Use the channel's name as Slack shows it (lower case, without spaces), or its id (C…)."
	if lower := strings.ToLower(say.Scrub(channel)); channel != "" && lower != channel && !strings.ContainsFunc(lower, notInChannel) {
		fix = "Did you mean #" + lower + "? Channel names are lower case."
	}
	return problem{shown(entry) + " has " + quoted(channel) + " for the channel", fix}
}

func notInChannel(r rune) bool {
	return unicode.IsUpper(r) || !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune("-_.", r)
}

// shown is an entry as a fault quotes it: APPS holds no secret, but somebody may have put one there.
func shown(entry string) string { return fmt.Sprintf("%q", say.Cut(say.Scrub(entry), 120)) }

// quoted is a word of one.
func quoted(word string) string { return fmt.Sprintf("%q", say.Cut(say.Scrub(word), 40)) }

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
