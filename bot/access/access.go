package access

import (
	"context"
	"log/slog"
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

// Member tells whether somebody is a full member of our workspace. Answers may be 2 minutes old.
func (d *Door) Member(ctx context.Context, who Who) error {
	q, err := d.inquire(ctx, question{who: who, since: time.Now().Add(-remembered)})
	if err != nil {
		return err
	}
	return q.judge(ctx, q.isMember)
}

// Reads tells whether somebody may read about an app: full members who are in its channel, from wherever they ask. Answers may
// be 2 minutes old.
func (d *Door) Reads(ctx context.Context, who Who, app config.App) error {
	q, err := d.inquire(ctx, question{who: who, app: app, since: time.Now().Add(-remembered)})
	if err != nil {
		return err
	}
	return q.judge(ctx, q.isMember, q.isInChannel)
}

// Changes tells whether somebody who may read may also do this to an app. Answers may be 2 minutes old: it is for showing a
// plan.
func (d *Door) Changes(ctx context.Context, who Who, app config.App, verb settings.Verb) error {
	return d.changes(ctx, question{who: who, app: app, verb: verb, since: time.Now().Add(-remembered)})
}

// Now is Changes, asking everybody anew: for a confirmation, and for each step that changes something. Of the settings the
// last version that was read is in force, and of a user group the handle's id may have been known before.
func (d *Door) Now(ctx context.Context, who Who, app config.App, verb settings.Verb) error {
	return d.changes(ctx, question{who: who, app: app, verb: verb, since: time.Now()})
}

func (d *Door) changes(ctx context.Context, ask question) error {
	q, err := d.inquire(ctx, ask)
	if err != nil {
		return err
	}
	return q.judge(ctx, q.isMember, q.isInChannel, q.isEntitled, q.isInCircle)
}
