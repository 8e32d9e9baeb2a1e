package commands

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// source is a far end, as people call it.
type source string

const (
	fromHeroku source = "Heroku"
	fromGitHub source = "GitHub"
)

// gaps is what could not be read. It may be added to by many readers at once.
type gaps struct {
	mu   sync.Mutex
	list []gap
}

type gap struct {
	source source
	what   string
	err    error
}

// note keeps what could not be read, and tells whether all went well.
func (g *gaps) note(from source, what string, err error) bool {
	if err == nil {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.list = append(g.list, gap{from, what, err})
	return false
}

// lost tells whether this could not be read.
func (g *gaps) lost(from source, what string) bool {
	return slices.ContainsFunc(g.list, func(x gap) bool { return x.source == from && x.what == what })
}

// missing says, for each far end and reason, what the answer lacks. The order does not depend on who failed first.
func (g *gaps) missing(now time.Time) []string {
	reasons := map[string][]string{}
	for _, x := range g.list {
		why := because(now, x)
		if !slices.Contains(reasons[why], x.what) {
			reasons[why] = append(reasons[why], x.what)
		}
	}
	var list []string
	for why, whats := range reasons {
		slices.Sort(whats)
		list = append(list, fmt.Sprintf("%s Missing here: %s.", why, strings.Join(whats, ", ")))
	}
	slices.Sort(list)
	return list
}

// because tells a person why a far end gave no answer, and what to do where they can do something.
func because(now time.Time, x gap) string {
	var g *github.Error
	var h *heroku.Error
	switch {
	case errors.As(x.err, &g):
		return githubTrouble(g)
	case errors.As(x.err, &h):
		return herokuTrouble(now, h)
	}
	return fmt.Sprintf("%s does not answer.", x.source)
}

func githubTrouble(e *github.Error) string {
	switch e.Kind {
	case github.NotFound:
		return "GitHub does not find it, or the bot's token may not see it."
	case github.Unauthorized:
		return "GitHub refuses the bot's token; whoever runs slipway must renew `GITHUB_TOKEN`."
	case github.Forbidden:
		return "GitHub does not allow the bot's token to read this."
	case github.OutOfQuota, github.SlowDown:
		return noMore(fromGitHub, e.Until)
	case github.Unavailable:
		return fmt.Sprintf("GitHub is unwell: it answers with status %d.", e.Status)
	case github.NotReady:
		return "GitHub is still working it out; ask again in a moment."
	case github.Malformed:
		return "GitHub's answer cannot be understood."
	default:
		return "GitHub does not answer."
	}
}

func herokuTrouble(now time.Time, e *heroku.Error) string {
	switch e.Kind {
	case heroku.NotFound:
		return "Heroku does not find it, or the bot's account may not see it."
	case heroku.Unauthorized:
		return "Heroku refuses the bot's token; whoever runs slipway must renew `HEROKU_API_KEY`."
	case heroku.Forbidden, heroku.TwoFactor, heroku.Suspended, heroku.PaymentRequired:
		return fmt.Sprintf("Heroku does not allow the bot's account to read this (%s).", e.Kind)
	case heroku.OutOfQuota:
		if e.RetryAfter == 0 {
			return noMore(fromHeroku, time.Time{})
		}
		return noMore(fromHeroku, now.Add(e.RetryAfter))
	case heroku.Unavailable:
		return fmt.Sprintf("Heroku is unwell: it answers with status %d.", e.Status)
	case heroku.NotStarted:
		return "Heroku has no output yet."
	case heroku.Malformed:
		return "Heroku's answer cannot be understood."
	default:
		return "Heroku does not answer."
	}
}

func noMore(from source, until time.Time) string {
	if until.IsZero() {
		return fmt.Sprintf("%s takes no more requests for now.", from)
	}
	return fmt.Sprintf("%s takes no more requests until %s.", from, until.UTC().Format("15:04 UTC"))
}
