package chattest

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

// home is the channel that lines mean which name none.
const home = "deploys"

// transcript turns what happened into what people read. It remembers how far it has read, and the messages' numbers.
type transcript struct {
	world   *world.World
	reader  reader
	journal int
	writes  map[string]int // how far each far end's requests were read
	numbers map[string]int // of messages, by channel and ts
	shown   []slacksim.Entry
	paths   *strings.Replacer
}

func newTranscript(w *world.World) *transcript {
	var ids []string
	for _, app := range w.Apps {
		ids = append(ids, app.ID(), app.Name())
	}
	return &transcript{
		world:   w,
		reader:  reader{users: w.Names(), channels: w.ChannelName},
		writes:  map[string]int{},
		numbers: map[string]int{},
		paths:   strings.NewReplacer(ids...),
	}
}

// event is something to print, with its time.
type event struct {
	at    time.Time
	lines []string
}

// news gives what happened since the last call, as the lines of the transcript.
func (t *transcript) news() []string {
	events := append(t.writesSince(), t.entriesSince()...)
	sort.SliceStable(events, func(i, j int) bool { return events[i].at.Before(events[j].at) })
	var lines []string
	for _, e := range events {
		lines = append(lines, e.lines...)
	}
	return lines
}

// writesSince reads what the bot wrote to GitHub and Heroku.
func (t *transcript) writesSince() []event {
	var events []event
	far := []struct {
		name string
		of   *weather.Weather
	}{{"github", t.world.GitHub.Weather()}, {"heroku", t.world.Heroku.Weather()}}
	for _, f := range far {
		requests, next := f.of.Requests(t.writes[f.name])
		t.writes[f.name] = next
		for _, r := range requests {
			if isWrite(r) {
				events = append(events, event{r.At, []string{fmt.Sprintf("  %s: %s %s", f.name, r.Method, t.paths.Replace(r.Path))}})
			}
		}
	}
	return events
}

// isWrite tells writes from reads, some of which are POSTs.
func isWrite(r weather.Request) bool {
	if r.Method == "GET" || r.Method == "HEAD" {
		return false
	}
	return !strings.HasSuffix(r.Path, "/addon-attachments/resolve") && !strings.HasSuffix(r.Path, "/log-sessions")
}

// entriesSince reads Slack's journal. Of several edits of a thing only the last is news, and none if it was posted
// within the same news.
func (t *transcript) entriesSince() []event {
	entries, next := t.world.Slack.Journal(t.journal)
	t.journal = next
	last := map[string]int{}
	for i, e := range entries {
		last[thing(e)] = i
	}
	var events []event
	begun := map[string]bool{}
	for i, e := range entries {
		switch k := thing(e); {
		case !t.ours(e):
		case first(e):
			begun[k] = true
			events = append(events, event{e.At, t.entry(latest(entries[i:], e))})
		case last[k] == i && !(begun[k] && edits(e)):
			events = append(events, event{e.At, t.entry(e)})
		}
	}
	return events
}

// thing names what an entry is about.
func thing(e slacksim.Entry) string {
	if e.View != nil {
		return "view " + e.View.ID
	}
	if e.TS == "" {
		return "told " + e.At.String() + e.Text
	}
	return e.Channel + " " + e.TS
}

func edits(e slacksim.Entry) bool {
	return e.Kind == slacksim.Updated || e.Kind == slacksim.EphemeralUpdated
}

// first tells the entries that something begins with.
func first(e slacksim.Entry) bool {
	return e.Kind == slacksim.Posted || e.Kind == slacksim.Ephemeral || e.Kind == slacksim.Told
}

// latest gives the message of e as it stands at the end of the news.
func latest(entries []slacksim.Entry, e slacksim.Entry) slacksim.Entry {
	for _, later := range entries {
		if thing(later) == thing(e) && later.Message != nil {
			e.Message = later.Message
		}
	}
	return e
}

// ours tells whether an entry is of the bot's doing, or Slack's own; what people wrote stands in their lines.
func (t *transcript) ours(e slacksim.Entry) bool {
	return e.Message == nil || e.Message.BotID != ""
}

// entry draws one entry.
func (t *transcript) entry(e slacksim.Entry) []string {
	switch e.Kind {
	case slacksim.Told:
		return said("  ", fmt.Sprintf("slack (only %s): ", t.name(e.User)), split(t.reader.mrkdwn(e.Text)))
	case slacksim.Posted:
		return t.message(e)
	case slacksim.Ephemeral:
		return said(t.indent(e), fmt.Sprintf("bot%s (only %s): ", t.where(e), t.name(e.User)), t.body(e.Message))
	case slacksim.Updated, slacksim.EphemeralUpdated:
		return said(t.indent(e), fmt.Sprintf("bot edits %s: ", t.called(e)), t.body(e.Message))
	case slacksim.Deleted, slacksim.EphemeralDeleted:
		return []string{fmt.Sprintf("  bot deletes %s", t.called(e))}
	case slacksim.ViewClosed:
		return []string{"  ⟦" + e.View.Title + "⟧ closes"}
	case slacksim.Home:
		return t.view(e.View, "⟦Home of "+t.name(e.User)+"⟧")
	default:
		return t.view(e.View, "⟦"+e.View.Title+"⟧")
	}
}

func (t *transcript) message(e slacksim.Entry) []string {
	key := e.Channel + " " + e.TS
	t.numbers[key] = len(t.numbers) + 1
	return said(t.indent(e), fmt.Sprintf("bot%s #%d: ", t.where(e), t.numbers[key]), t.body(e.Message))
}

func (t *transcript) indent(e slacksim.Entry) string {
	if inThread(e) {
		return "    "
	}
	return "  "
}

func inThread(e slacksim.Entry) bool { return e.ThreadTS != "" && e.ThreadTS != e.TS }

// where says in which place a message stands, if it is not #deploys itself.
func (t *transcript) where(e slacksim.Entry) string {
	switch name := t.world.ChannelName(e.Channel); {
	case inThread(e) && t.numbers[e.Channel+" "+e.ThreadTS] > 0:
		return fmt.Sprintf(" in thread %d", t.numbers[e.Channel+" "+e.ThreadTS])
	case inThread(e):
		return " in the thread"
	case name == home:
		return ""
	case name == "":
		return " in dm"
	default:
		return " in #" + name
	}
}

// called names a message that was there before.
func (t *transcript) called(e slacksim.Entry) string {
	if n := t.numbers[e.Channel+" "+e.TS]; n > 0 {
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

// body is what a message says: its blocks when it has some, its text otherwise, then its attachments' blocks.
func (t *transcript) body(m *slacksim.Message) []string {
	if len(m.Blocks) > 2 {
		return t.reader.lines(m.Blocks, nil)
	}
	return split(t.reader.mrkdwn(m.Text))
}

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
	for _, blockID := range sortedKeys(v.Errors) {
		body = append(body, fmt.Sprintf("%s is wrong: %s", blockID, v.Errors[blockID]))
	}
	for _, l := range body {
		lines = append(lines, "    "+l)
	}
	return lines
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
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
