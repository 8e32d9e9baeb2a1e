package bot

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// Clients is the outside world as commands reach it, and what they are told about it.
type Clients struct {
	Slack     *slack.Client
	GitHub    *github.Client
	Heroku    *heroku.Client
	Apps      []config.App
	Channels  *channels.Channels
	Knowledge *Knowledge
	Inbox     *inbox.Inbox
	Duties    *inbox.Duties
}

// Command is one thing that people can ask for. It answers by reading; it changes nothing.
type Command struct {
	Slash string // the slash command, as "/deploy"
	Verb  string // the word after it, as "status"
	Args  string // what may follow, as "[app]"
	Short string // one line for the list
	Long  string // what help says of it; ends with examples, one a line

	// Answer reads and says. A say.Refusal is shown as it is; any other error is for the log, and the person is told
	// that something went wrong. It may run before it is known whether this person may read: what it gives is
	// shown only then.
	Answer func(ctx context.Context, c *Clients, req Request) (Answer, error)
}

// Usage is the line to type: "/deploy status [app]".
func (c Command) Usage() string {
	usage := c.Slash + " " + c.Verb
	if c.Args != "" {
		usage += " " + c.Args
	}
	return usage
}

// Answer is what a person reads. Text alone is enough; with Blocks it is what notifications and screen readers say.
type Answer struct {
	Text   string
	Blocks []slackgo.Block
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
	Words    []string // what follows it; once a command is found, what follows its verb
	User     string   // Slack's id of who asks
	Team     string   // the workspace that Slack says they ask from
	Channel  string   // where, as an id
	Received time.Time

	// ChannelName is known for slash commands only; others have it looked up when it matters.
	ChannelName string

	inChannel   bool   // the answer is for all
	thread      string // the thread that a mention stands in
	responseURL string
}
