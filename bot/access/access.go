package access

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// remembered is how long an answer is believed, for reading and for showing a plan. Who was made a guest, or was taken out
// of a channel, a group or an app, reads on for no longer than this. A change believes none from before it was asked for.
const remembered = 2 * time.Minute

// Who asks: Slack ids. Team is the workspace that the request says it came from, "" where Slack names none.
type Who struct{ User, Team string }

// Options are what a door needs.
type Options struct {
	Slack     *slack.Client
	Heroku    *heroku.Client
	Channels  *channels.Channels
	Policy    *policy.Policy
	Store     *store.Store
	Operators []config.User                                 // who may change all apps, besides each app's collaborators
	Home      func(context.Context) (slack.Identity, error) // who slipway is in Slack, and so which workspace is its own
	Log       *slog.Logger
}

// Door asks Slack, Heroku and the settings who may. It may be used by many goroutines at once.
//
// Its errors are *Refused, in words for the person who asks.
type Door struct {
	Options

	people        *memory[slack.User]            // by id
	addresses     *memory[slack.User]            // by e-mail address; for names and nothing else
	rooms         *memory[set]                   // who is in a channel, by its id
	collaborators *memory[[]heroku.Collaborator] // by app
	handles       *memory[[]slack.Group]         // all under one key
	groups        *memory[set]                   // by id
}

// New gives a door. It asks nobody yet.
func New(o Options) *Door {
	return &Door{
		Options:       o,
		people:        newMemory[slack.User](remembered),
		addresses:     newMemory[slack.User](remembered),
		rooms:         newMemory[set](remembered),
		collaborators: newMemory[[]heroku.Collaborator](remembered),
		handles:       newMemory[[]slack.Group](handlesRemembered),
		groups:        newMemory[set](remembered),
	}
}

// lately is how old an answer may be that somebody is refused for, who may have just been told to join.
const lately = 5 * time.Second

// Member tells whether somebody is a full member of our workspace. A yes may be 2 minutes old.
func (d *Door) Member(ctx context.Context, who Who) error {
	return d.lately(ctx, question{who: who}, (*inquiry).isMember)
}

// Reads tells whether somebody may read about an app: full members who are in its channel, from wherever they ask. A yes may
// be 2 minutes old.
func (d *Door) Reads(ctx context.Context, who Who, app config.App) error {
	return d.lately(ctx, question{who: who, app: app}, (*inquiry).isMember, (*inquiry).isInChannel)
}

// ReadsAsRemembered is Reads of which a no may be 2 minutes old, too: for asking about many apps.
func (d *Door) ReadsAsRemembered(ctx context.Context, who Who, app config.App) error {
	return d.ask(ctx, question{who: who, app: app, since: time.Now().Add(-remembered)}, (*inquiry).isMember, (*inquiry).isInChannel)
}

// Changes tells whether somebody who may read may also do this to an app. A yes may be 2 minutes old: it is for showing a
// plan.
func (d *Door) Changes(ctx context.Context, who Who, app config.App, verb settings.Verb) error {
	return d.lately(ctx, question{who: who, app: app, verb: verb}, entitled...)
}

// Now is Changes, asking everybody anew: for a confirmation, and for each step that changes something. Of the settings the
// last version that was read is in force, and of a user group the handle's id may have been known before.
func (d *Door) Now(ctx context.Context, who Who, app config.App, verb settings.Verb) error {
	return d.ask(ctx, question{who: who, app: app, verb: verb, since: time.Now()}, entitled...)
}

// entitled are the rules for a change.
var entitled = []inquired{(*inquiry).isMember, (*inquiry).isInChannel, (*inquiry).isEntitled, (*inquiry).isInCircle}

// inquired is a rule of an inquiry.
type inquired func(q *inquiry, ctx context.Context) *Refused

// lately asks with what is remembered, and anew before it says no.
func (d *Door) lately(ctx context.Context, ask question, rules ...inquired) error {
	ask.since = time.Now().Add(-remembered)
	err := d.ask(ctx, ask, rules...)
	if rule := RuleOf(err); rule == "" || strings.HasSuffix(rule, "unknown") {
		return err
	}
	ask.since = time.Now().Add(-lately)
	return d.ask(ctx, ask, rules...)
}

func (d *Door) ask(ctx context.Context, ask question, rules ...inquired) error {
	q, err := d.inquire(ctx, ask)
	if err != nil {
		return err
	}
	list := make([]rule, len(rules))
	for i, r := range rules {
		list[i] = func(ctx context.Context) *Refused { return r(q, ctx) }
	}
	return q.judge(ctx, list...)
}
