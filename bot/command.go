package bot

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/audit"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/doctor"
	"slipway/bot/hold"
	"slipway/bot/inbox"
	"slipway/bot/op"
	"slipway/bot/policy"
	"slipway/bot/presence"
	"slipway/bot/recipe"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// Clients is the outside world as commands reach it, and what they are told about it.
type Clients struct {
	Slack          *slack.Client
	GitHub         *github.Client
	Heroku         *heroku.Client
	GitHubWrite    *github.Client // nil where all apps are only read
	HerokuWrite    *heroku.Client // nil where all apps are only read
	GitHubVariable string         // where GitHub's credential comes from, in words for a person
	Apps           []config.App
	Mode           config.Mode
	Channels       *channels.Channels
	Policy         *policy.Policy
	Knowledge      *Knowledge
	Inbox          *inbox.Inbox
	Duties         *inbox.Duties
	Audit          *audit.Trail
	Doctor         *doctor.Doctor
	Presence       *presence.Presence
	Operations     *op.Engine
	Holds          *hold.Holds
	Recipes        *recipe.Maker
	Web            *http.Client // asks whether an app is well

	// Shown is what one of our own messages says now, by its channel and its timestamp; nil: it is none of ours, or says nothing any more.
	Shown func(ctx context.Context, channel, ts string) ([]slackgo.Block, error)
}

// Command is one thing that people can ask for. It answers by reading, or it plans a change; it has Answer or Change.
type Command struct {
	Slash string // the slash command, as "/deploy"
	Verb  string // the word after it, as "status"; "" of a slash command that is one command
	Args  string // what may follow, as "[app]"
	Short string // one line for the list
	Long  string // what help says of it; ends with examples, one a line

	About   About    // whose business it is
	Choices []string // words of which one is to be typed, before the app's name or after it, as the "on" of "maintenance on penny-qa"
	Free    bool     // has words of its own, which come before the app's name: the "#46" of "revert #46 of penny-qa"
	More    string   // what to do for more than it gives, said to somebody who typed what it does not take; "" for nothing

	// Answer reads and says. A say.Refusal is shown as it is; any other error is for the log, and the person is told
	// that something went wrong. It may run before it is known whether this person may read: what it gives is
	// shown only then.
	Answer func(ctx context.Context, c *Clients, req Request) (Answer, error)

	Change *Change
}

// About says which apps a command is about, and so who may ask for it.
type About int

// The kinds of commands.
const (
	Itself  About = iota // slipway: every full member of the workspace may ask
	OneApp               // who is in the app's channel
	EachApp              // one if it is named, else all whose channels the person is in
)

// Change is what a command does that changes an app.
type Change struct {
	Kind  string        // of its operations, by which they are found again; stored for ever
	Right settings.Verb // what the settings call it, where they narrow who may

	// ByHand gives the lines that do the same without slipway. It reads nothing: a refusal carries them, whatever is away.
	// A say.Refusal is for words that are not understood.
	ByHand func(req Request) ([]string, error)

	// Plan reads and decides; it changes nothing. It may run before it is known whether this person may ask. It is nil where Form is not.
	Plan func(ctx context.Context, c *Clients, req Request) (op.Plan, error)

	Form *Form // of a change that is planned in a modal

	// Run carries out what was confirmed.
	Run func(c *Clients) op.Run

	Preempts bool // it may take the place of an operation that has changed nothing yet

	// Hooks are what else is written down with it; nil: nothing.
	Hooks func(c *Clients) op.Hooks
}

// Form is how a change is planned in a modal, which opens at once and is filled when the reading is done.
type Form struct {
	Title, Submit string // at most 24 characters each, as Slack takes them
	Shortcut      string // the label of the message shortcut that opens it; its callback id is the change's kind; "": there is none

	// About gives the line to type for the message that the shortcut was used on. A say.Refusal is for a message that is about nothing
	// of the kind.
	About func(ctx context.Context, c *Clients, channel, ts string) (line string, err error)

	// Fill reads and decides; it changes nothing. It may run before it is known whether this person may ask. A say.Refusal is shown in
	// the modal, with how to do it by hand, and nothing can be submitted then.
	Fill func(ctx context.Context, c *Clients, req Request, chosen Chosen) (Sheet, error)
}

// Chosen are the values in a modal, by the block that they stand in; nil where nobody has chosen anything yet.
type Chosen map[string][]string

// Sheet is what a modal shows. Where the plan has no label nothing can be submitted, and the blocks say why.
type Sheet struct {
	Blocks []slackgo.Block
	Plan   op.Plan
}

// Typed is how the command is typed, without what may follow: "/deploy status", "/rollback".
func (c Command) Typed() string { return strings.TrimSpace(c.Slash + " " + c.Verb) }

// Name is the word that it is asked for by: "status", "rollback".
func (c Command) Name() string { return cmp.Or(c.Verb, strings.TrimPrefix(c.Slash, "/")) }

// Usage is the line to type: "/deploy status [app]".
func (c Command) Usage() string {
	usage := c.Typed()
	if c.Args != "" {
		usage += " " + c.Args
	}
	return usage
}

// chosen finds the choice among the words that follow the verb, wherever it stands, and gives it and the words without it.
func (c Command) chosen(words []string) (choice, rest []string) {
	for i, w := range words {
		if w = strings.ToLower(w); slices.Contains(c.Choices, w) {
			return []string{w}, slices.Delete(slices.Clone(words), i, i+1)
		}
	}
	return nil, words
}

// Answer is what a person reads. Text alone is enough; with Blocks it is what notifications and screen readers say.
type Answer struct {
	Text   string
	Blocks []slackgo.Block

	view     *slackgo.ModalViewRequest // what the request's modal shows instead
	replaces bool                      // the message whose button was pressed
	personal bool                      // is shown to its asker alone, whatever they asked for
}

// Way is how a request came to us, and so how its answer goes back.
type Way int

// The ways.
const (
	Typed     Way = iota // a slash command: answered through its response URL
	Mentioned            // the bot was named in a channel: answered there, to that person
	Written              // a direct message: answered in it
)

// Request is what somebody asked.
type Request struct {
	ID       string // for the log: Slack's envelope or event id
	Way      Way
	Slash    string   // the command typed, "" when the bot was written to
	Words    []string // what follows it; once a command is found, what follows its verb, without the app; of one with choices, the one that was typed
	User     string   // Slack's id of who asks
	Team     string   // the workspace that Slack says they ask from
	Channel  string   // where, as an id
	Received time.Time

	App  config.App   // of a command about one app
	Apps []config.App // of one about each: those that this person may read

	// ChannelName is known for slash commands only; others have it looked up when it matters.
	ChannelName string

	typed       string // the command and what follows it, for the audit trail
	inChannel   bool   // the answer is for all
	thread      string // the thread that a mention stands in
	responseURL string
	line        string   // as it is typed
	window      *window  // where it can be answered in a modal
	press       *press   // of a button; nil: it was typed
	revisit     *revisit // of a modal; nil: nothing was chosen in one
	used        *used    // a message shortcut; nil: none was
}
