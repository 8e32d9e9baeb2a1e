package slacksim

import "time"

// Options says how a simulated Slack is. The zero value is a strict Slack that grants every scope.
type Options struct {
	URL          string        // where clients reach it, without trailing slash: http://127.0.0.1:4011; empty: as the last request spelled it
	Scopes       []string      // granted bot scopes; nil: all that are known
	AnyToken     bool          // takes any token that begins with xapp- or xoxb-
	NoLimits     bool          // no rate limits
	HelloAfter   time.Duration // from the handshake to hello; 0: 10 ms
	PingEvery    time.Duration // WebSocket pings from Slack; 0: 10 s
	RefreshEvery time.Duration // each socket is refreshed at this age; 0: never by itself
	EditWindow   time.Duration // how long messages can be edited (a workspace setting); 0: for ever
	Commands     []string      // registered slash commands ("/deploy"); nil: any
	Shortcuts    []Shortcut    // registered message shortcuts; nil: any
	Unescaped    bool          // the commands are registered with should_escape false
	InstallFlag  InstallFlag   // how is_enterprise_install is spelled in slash commands
	BotName      string        // empty: slipway
	Seed         int           // which of the open sockets gets the first envelope
	Unverified   Unverified
}

// Shortcut is an entry of the menu of every message.
type Shortcut struct{ Label, CallbackID string }

// InstallFlag is one of the three ways in which Slack spells is_enterprise_install.
type InstallFlag int

// The spellings (facts/slack.md: "a string, a bool or absent").
const (
	InstallString InstallFlag = iota
	InstallBool
	InstallAbsent
)

// Unverified switches the rules that facts/slack.md marks [unverified] or lists under "No source establishes". The
// zero value is what the facts hold to be likelier or, where they do not say, what is harder for a client.
type Unverified struct {
	SameSocketAcks   bool          // an ack counts only on the socket that carried the envelope; otherwise on any
	DropFragments    bool          // an ack that comes in several WebSocket frames is dropped
	MetadataBytes    int           // metadata larger than this is refused; 0: 4,096
	OptionValue      int           // characters in an option's value; 0: 75, others say 150
	AnyOverflow      bool          // an overflow menu may have any number of options; otherwise 2 to 5
	AnyTables        bool          // a message may have any number of tables; otherwise one
	DedupeClientMsg  bool          // client_msg_id stops a bot's second post
	EditedOnBlocks   bool          // "(edited)" shows on a bot's block messages too
	NoTombstones     bool          // nothing is left of a deleted message with replies, whose thread is gone then
	SilentLinks      bool          // link buttons send no block_actions
	PhonePunctuation bool          // people type on phones: -- becomes a dash, quotes become curly
	PostsPerMinute   int           // chat.postMessage over the whole workspace; 0: no cap
	CountGone        time.Duration // how long hello's num_connections counts a socket that has ended; 0: not at all
	LinkDisabledCode string        // what apps.connections.open answers while Socket Mode is off; empty: internal_error
}

func (o Options) withDefaults() Options {
	if o.HelloAfter == 0 {
		o.HelloAfter = 10 * time.Millisecond
	}
	if o.PingEvery == 0 {
		o.PingEvery = 10 * time.Second
	}
	if o.BotName == "" {
		o.BotName = "slipway"
	}
	if o.Scopes == nil {
		o.Scopes = allScopes
	}
	u := &o.Unverified
	if u.MetadataBytes == 0 {
		u.MetadataBytes = 4096
	}
	if u.OptionValue == 0 {
		u.OptionValue = 75
	}
	if u.LinkDisabledCode == "" {
		u.LinkDisabledCode = "internal_error"
	}
	return o
}
