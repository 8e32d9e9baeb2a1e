// Package phrase names the things that people know from GitHub and Heroku as slipway says them in Slack's mrkdwn: a pull
// request, a run, a failing job, a commit.
//
// It is apart so that answers and notices call the same thing by the same words, and foreign text is made harmless in one
// place.
package phrase

import (
	"fmt"
	"regexp"
	"strings"

	"slipway/bot/say"
	"slipway/integrations/github"
)

// How much of foreign texts is shown, in characters.
const (
	TitleLimit = 100
	NameLimit  = 60
)

// Pull links a pull request and names its title and author.
func Pull(pull github.Pull) string {
	return fmt.Sprintf("%s, by %s", PullTitle(pull), say.Foreign(pull.Author, NameLimit))
}

// PullTitle links a pull request and names its title.
func PullTitle(pull github.Pull) string {
	return fmt.Sprintf("%s %s", say.Link(pull.URL, fmt.Sprintf("#%d", pull.Number)), say.Foreign(pull.Title, TitleLimit))
}

// Run links a run by its workflow's name, its number and, after a re-run, its attempt.
func Run(run github.Run) string {
	name := fmt.Sprintf("%s #%d", say.Cut(say.Scrub(run.Name), NameLimit), run.Number)
	if run.Attempt > 1 {
		name += fmt.Sprintf(" (attempt %d)", run.Attempt)
	}
	return say.Link(run.URL, name)
}

// sha matches a whole commit. Builds through the API carry what their maker calls the source, which may be a branch.
var sha = regexp.MustCompile(`^[0-9a-f]{40}$`)

// Short is a commit's short name; what is no commit stays whole.
func Short(commit string) string {
	if sha.MatchString(commit) {
		return commit[:7]
	}
	return commit
}

// Commit links a commit where its address is known.
func Commit(sha, url string) string {
	if url == "" {
		return say.Code(Short(sha))
	}
	return say.Link(url, Short(sha))
}

// Listed is how many things one line or list names; the rest is counted.
const Listed = 8

// Some joins the first of the parts, and counts the rest.
func Some(parts []string, between string) string {
	if len(parts) > Listed {
		parts = append(parts[:Listed:Listed], fmt.Sprintf("and %d more", len(parts)-Listed))
	}
	return strings.Join(parts, between)
}
