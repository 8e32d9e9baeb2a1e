package chattest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	slacksim "slipway/integrations/sim/slack"
)

// entry draws one entry.
func (t *transcript) entry(e slacksim.Entry) []string {
	switch e.Kind {
	case slacksim.Told:
		return said("  ", fmt.Sprintf("slack (only %s): ", t.name(e.User)), split(t.reader.mrkdwn(e.Text)))
	case slacksim.Posted:
		return said(indent(e), fmt.Sprintf("bot%s #%d: ", t.where(e), t.number(e)), t.body(e.Message))
	case slacksim.Ephemeral:
		return said(indent(e), fmt.Sprintf("bot%s (only %s): ", t.where(e), t.name(e.User)), t.body(e.Message))
	case slacksim.Updated, slacksim.EphemeralUpdated:
		return said(indent(e), fmt.Sprintf("bot edits %s: ", t.called(e)), t.body(e.Message))
	case slacksim.Deleted, slacksim.EphemeralDeleted:
		return []string{indent(e) + "bot deletes " + t.called(e)}
	case slacksim.ViewClosed:
		return []string{"  ⟦" + e.View.Title + "⟧ closes"}
	case slacksim.Home:
		return t.view(e.View, homeTitle(t.name(e.User)))
	default:
		return t.view(e.View, modalTitle(e.View))
	}
}

func modalTitle(v *slacksim.View) string { return "⟦" + v.Title + "⟧" }
func homeTitle(person string) string     { return "⟦Home of " + person + "⟧" }

func indent(e slacksim.Entry) string {
	if inThread(e) {
		return "    "
	}
	return "  "
}

func inThread(e slacksim.Entry) bool { return e.ThreadTS != "" && e.ThreadTS != e.TS }

// where says in which place a message stands, if it is not #deploys itself.
func (t *transcript) where(e slacksim.Entry) string {
	name := t.world.ChannelName(e.Channel)
	switch n := t.numbered(e.Channel, e.ThreadTS); {
	case inThread(e) && n > 0:
		return fmt.Sprintf(" in thread %d", n)
	case inThread(e):
		return " in the thread"
	case name == homeName:
		return ""
	case name != "":
		return " in #" + name
	}
	if with := t.world.DirectWith(e.Channel); with != t.typist {
		return " in dm with " + with
	}
	return " in dm"
}

// called names a message that was there before.
func (t *transcript) called(e slacksim.Entry) string {
	if n := t.numbered(e.Channel, e.TS); n > 0 {
		return fmt.Sprintf("#%d", n)
	}
	return "what only " + t.name(e.User) + " sees"
}

func (t *transcript) name(user string) string {
	if name, ok := t.reader.users[user]; ok {
		return name
	}
	return user
}

// body is what a message says: its blocks when it has some, its text otherwise, then its attachments.
func (t *transcript) body(m *slacksim.Message) []string {
	lines := split(t.reader.mrkdwn(m.Text))
	if len(m.Blocks) > 0 {
		lines = t.reader.lines(m.Blocks, nil)
	}
	return append(lines, t.reader.attachments(m.Attachments)...)
}

// view draws a modal or a home: its title, its parts, what there is to press below them, and what is wrong.
func (t *transcript) view(v *slacksim.View, title string) []string {
	lines := []string{"  " + title}
	body := t.reader.lines(v.Blocks, v.State)
	var controls []string
	for _, label := range []string{v.Submit, v.Close} {
		if label != "" {
			controls = append(controls, "["+label+"]")
		}
	}
	if len(controls) > 0 {
		body = append(body, strings.Join(controls, " "))
	}
	for _, blockID := range slices.Sorted(maps.Keys(v.Errors)) {
		body = append(body, fmt.Sprintf("%s is wrong: %s", blockID, v.Errors[blockID]))
	}
	for _, l := range body {
		lines = append(lines, "    "+l)
	}
	return lines
}

// said sets a speaker before the first line, and indents the others.
func said(indent, speaker string, body []string) []string {
	if len(body) == 0 {
		return []string{indent + strings.TrimSpace(speaker)}
	}
	lines := []string{indent + speaker + body[0]}
	for _, l := range body[1:] {
		lines = append(lines, indent+"  "+l)
	}
	return lines
}
