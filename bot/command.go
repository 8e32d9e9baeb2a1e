package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/audit"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/doctor"
	"slipway/bot/inbox"
	"slipway/bot/op"
	"slipway/bot/policy"
	"slipway/bot/presence"
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
}

// Command is one thing that people can ask for. It answers by reading, or it plans a change; it has Answer or Change.
type Command struct {
	Slash string // the slash command, as "/deploy"
	Verb  string // the word after it, as "status"
	Args  string // what may follow, as "[app]"
	Short string // one line for the list
	Long  string // what help says of it; ends with examples, one a line

	About   About    // whose business it is
	Choices []string // words of which one is to be typed, before the app's name or after it, as the "on" of "maintenance on penny-qa"
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

	// Plan reads and decides; it changes nothing. It may run before it is known whether this person may ask.
	Plan func(ctx context.Context, c *Clients, req Request) (op.Plan, error)

	// Run carries out what was confirmed.
	Run func(c *Clients) op.Run
}

// Usage is the line to type: "/deploy status [app]".
func (c Command) Usage() string {
	usage := c.Slash + " " + c.Verb
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

	replaces bool // the message whose button was pressed
	personal bool // is shown to its asker alone, whatever they asked for
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
	press       *press // of a button; nil: it was typed
}
