package people

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"slipway/bot/config/settings"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// Options are what people need.
type Options struct {
	Store *store.Store
	Slack *slack.Client
	Log   *slog.Logger
}

// People finds people. It may be used by many goroutines at once.
type People struct {
	Options

	mu     sync.Mutex
	asked  []time.Time // when Slack was asked within the last minute
	until  time.Time   // Slack is not asked before
	silent bool        // it was logged that Slack does not answer
}

// New gives people of whom nobody is known yet.
func New(o Options) *People { return &People{Options: o} }

// within bounds a mention: the message that it is for waits.
const within = 2 * time.Second

// Mention gives Slack's mark that calls a person: the one whom the settings name for a GitHub login, else the one who has
// the e-mail address of the commit. Of whoever is not found within 2 s it gives the name, inert; not sure: Slack did not say,
// and may when it is asked again.
func (p *People) Mention(ctx context.Context, people settings.People, login, email string) (mark string, sure bool) {
	id, sure := people.Slack(login)
	if !sure {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		id, sure = p.byEmail(ctx, email)
	}
	if id == "" {
		return say.Foreign(login, phrase.NameLimit), sure
	}
	return "<@" + id + ">", true
}
