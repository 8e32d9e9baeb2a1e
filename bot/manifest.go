package bot

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// The app as Slack must know it is written down here once, beside the code that needs it: the scopes of what clients and
// router call, the events that the router takes, and the slash commands and shortcuts of the one list.

// scope is a permission with what it is needed for. What the bot does not call it does not ask for.
type scope struct{ name, why string }

var scopes = []scope{
	{"app_mentions:read", "mentions of the bot"},
	{"channels:history", "finding a message that may or may not have been posted, so that none stands twice"},
	{"channels:read", "the channels of APPS by their names, the name of one that the bot was mentioned in, and who is in them"},
	{"chat:write", "messages, and answers to mentions and direct messages"},
	{"commands", "slash commands, and shortcuts on messages"},
	{"groups:history", "finding a message in a private channel"},
	{"groups:read", "private channels by their names, and who is in them"},
	{"im:history", "direct messages to the bot"},
	{"im:write", "telling FALLBACK_USER when a channel takes no messages"},
	{"usergroups:read", "the people of user groups to which .slipway.yml narrows who may do what"},
	{"users:read", "guests and people of other workspaces are refused"},
	{"users:read.email", "knowing who may change an app on Heroku, and calling the author of a commit, by e-mail addresses"},
}

var events = []string{"app_mention", "message.im"}

// Scopes are the permissions that the bot's token needs, by name.
func Scopes() []string {
	var names []string
	for _, s := range scopes {
		names = append(names, s.name)
	}
	return names
}

// Slashes are the slash commands of a list, each once, in its order.
func Slashes(commands []Command) []string {
	var names []string
	for _, c := range commands {
		if !slices.Contains(names, c.Slash) {
			names = append(names, c.Slash)
		}
	}
	return names
}

// manifest is Slack's description of an app (facts/slack.md, "Manifest").
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display  display  `json:"display_information"`
	Features features `json:"features"`
	OAuth    struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings appSettings `json:"settings"`
}

type display struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Background  string `json:"background_color"`
}

type features struct {
	Home struct {
		HomeTab          bool `json:"home_tab_enabled"`
		MessagesTab      bool `json:"messages_tab_enabled"`
		MessagesReadOnly bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	Bot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	} `json:"bot_user"`
	Shortcuts []Shortcut     `json:"shortcuts,omitempty"`
	Commands  []slashCommand `json:"slash_commands"`
}

// Shortcut is an entry of the menu of every message.
type Shortcut struct {
	Type        string `json:"type"` // message
	Label       string `json:"name"`
	CallbackID  string `json:"callback_id"`
	Description string `json:"description"`
}

// Shortcuts are the message shortcuts of a list, in its order.
func Shortcuts(commands []Command) []Shortcut {
	var list []Shortcut
	for _, c := range commands {
		if c.Change == nil || c.Change.Form == nil || c.Change.Form.Shortcut == "" {
			continue
		}
		list = append(list, Shortcut{"message", c.Change.Form.Shortcut, c.Change.Kind, sentence(c.Short)})
	}
	return list
}

type slashCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

type appSettings struct {
	Events struct {
		Bot []string `json:"bot_events"`
	} `json:"event_subscriptions"`
	Interactivity struct {
		Enabled bool `json:"is_enabled"`
	} `json:"interactivity"`
	Org      bool `json:"org_deploy_enabled"`
	Socket   bool `json:"socket_mode_enabled"`
	Rotation bool `json:"token_rotation_enabled"`
}

// Manifest gives the app's manifest as JSON: exactly the scopes, events and commands that are in use.
func Manifest(commands []Command) []byte {
	var m manifest
	m.Metadata.Major, m.Metadata.Minor = 1, 1
	m.Display = display{Name: "slipway", Description: "Every merge ships with its undo", Background: "#1f2937"}
	m.Features.Home.MessagesTab = true
	m.Features.Bot.Name, m.Features.Bot.Online = "slipway", true
	m.Features.Shortcuts = Shortcuts(commands)
	m.Features.Commands = slashCommands(commands)
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events.Bot = events
	m.Settings.Interactivity.Enabled = true
	m.Settings.Socket = true
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // strings and bools only
	}
	return append(text, '\n')
}

// slashCommands makes one entry of each slash command, its hint the verbs.
func slashCommands(commands []Command) []slashCommand {
	var list []slashCommand
	for _, slash := range Slashes(commands) {
		var verbs, shorts []string
		for _, c := range commands {
			if c.Slash == slash {
				verbs = append(verbs, c.Verb)
				shorts = append(shorts, c.Short)
			}
		}
		list = append(list, slashCommand{
			Command: slash, Description: sentence(shorts[0]), Hint: strings.Join(verbs, " | "), Escape: true,
		})
	}
	return list
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// ManifestLink opens Slack's page that creates an app, with the manifest filled in.
func ManifestLink(manifest []byte) string {
	var compact map[string]any
	if err := json.Unmarshal(manifest, &compact); err != nil {
		panic(err) // our own
	}
	text, err := json.Marshal(compact)
	if err != nil {
		panic(err)
	}
	return "https://api.slack.com/apps?new_app=1&manifest_json=" + url.QueryEscape(string(text))
}
