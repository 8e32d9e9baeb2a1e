package chattest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// homeName is what the channel is called that lines mean which name none, unless it was renamed.
const homeName = "deploys"

// transcript turns what happened into what people read. It remembers how far it has read, and the messages' numbers.
type transcript struct {
	world   *world.World
	reader  reader
	typist  string          // who typed last
	journal int             // how far Slack's journal was read
	writes  map[string]int  // how far each far end's requests were read
	sent    map[string]int  // how far its webhooks were shown
	guids   map[string]bool // the ids of GitHub's webhooks that were shown
	posts   []post          // message #1 is the first
	numbers map[string]int  // of messages, by channel and ts
	drawn   map[string]string
	paths   *strings.Replacer
}

// post is where a numbered message stands.
type post struct {
	channel, ts, thread string
	at                  time.Time // when it was posted
}

// root is the message that begins the thread of a post, itself if it is in none.
func (p post) root() string {
	if p.thread != "" {
		return p.thread
	}
	return p.ts
}

func newTranscript(w *world.World) *transcript {
	var ids []string
	for _, app := range w.Apps {
		ids = append(ids, app.ID(), app.Name())
	}
	t := &transcript{
		world:   w,
		writes:  map[string]int{},
		sent:    map[string]int{},
		guids:   map[string]bool{},
		numbers: map[string]int{},
		drawn:   map[string]string{},
		paths:   strings.NewReplacer(ids...),
	}
	t.reader = reader{users: w.Names(), channels: w.ChannelName, number: t.numbered}
	return t
}

// event is something to print, with its time.
type event struct {
	at    time.Time
	lines []string
	calls int // 0 for what came of an acknowledgement, 1 for what came of a call
	last  int // 1 for the edits of messages
}

// news gives what happened since the last call, as the lines of the transcript. What an acknowledgement did comes before
// what calls did at the same instant: they take two connections, so that either may be the first. Edits of messages come last: of each
// message only the latest is told, and of several that are due at one instant any may be made first, and the others a second later.
func (t *transcript) news() []string {
	events := append(t.writesSince(), t.entriesSince()...)
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Or(a.last-b.last, a.at.Compare(b.at), a.calls-b.calls) })
	var lines []string
	for _, e := range events {
		lines = append(lines, e.lines...)
	}
	return lines
}

// entriesSince reads Slack's journal. Of several edits of a thing only the last is news, and none if it was posted
// within the same news, or if nothing looks different for it.
func (t *transcript) entriesSince() []event {
	entries, next := t.world.Slack.Journal(t.journal)
	t.journal = next
	last := map[string]int{}
	for i, e := range entries {
		last[thing(e)] = i
	}
	var seen []slacksim.Entry
	begun := map[string]bool{}
	for i, e := range entries {
		k := thing(e)
		switch {
		case !t.ours(e):
			continue
		case first(e):
			begun[k] = true
			e = latest(entries[i:], e)
		case last[k] != i, begun[k] && edits(e):
			continue
		}
		if changed := t.look(k, e); changed || !edits(e) {
			seen = append(seen, e)
		}
	}
	t.inOrder(seen)
	var events []event
	for _, e := range seen { // messages are numbered in this order
		one := event{at: e.At, lines: t.entry(e), calls: calls(e)}
		if e.Kind == slacksim.Updated {
			one.at, one.last = time.Time{}, 1
		}
		events = append(events, one)
	}
	return events
}

// look keeps how a thing looks now, and tells whether it looked different before.
func (t *transcript) look(thing string, e slacksim.Entry) bool {
	var now []string
	switch {
	case e.Message != nil:
		now = t.body(e.Message)
	case e.View != nil:
		now = t.view(e.View, e.View.Title)
	}
	before, known := t.drawn[thing]
	t.drawn[thing] = strings.Join(now, "\n")
	return !known || before != t.drawn[thing]
}

// thing names what an entry is about.
func thing(e slacksim.Entry) string {
	if e.View != nil {
		return "view " + e.View.ID
	}
	if e.TS == "" {
		return "told " + e.User + " " + e.At.String() + e.Text
	}
	return e.Channel + " " + e.TS
}

// edits tells the entries that say how something looks that was there before.
func edits(e slacksim.Entry) bool {
	switch e.Kind {
	case slacksim.Updated, slacksim.EphemeralUpdated, slacksim.ViewUpdated, slacksim.Home:
		return true
	}
	return false
}

// first tells the entries that something begins with. A modal is not among them: it is opened empty and filled then, and
// its last state is what people see.
func first(e slacksim.Entry) bool {
	return e.Kind == slacksim.Posted || e.Kind == slacksim.Ephemeral || e.Kind == slacksim.Told
}

func calls(e slacksim.Entry) int {
	if e.Kind == slacksim.ViewClosed || e.Kind == slacksim.ViewErrors {
		return 0
	}
	return 1
}

// latest gives e with its message as it stands at the end of the news.
func latest(entries []slacksim.Entry, e slacksim.Entry) slacksim.Entry {
	for _, later := range entries {
		if thing(later) == thing(e) && later.Message != nil {
			e.Message = later.Message
		}
	}
	return e
}

// ours tells whether an entry is of the bot's doing, or Slack's own; what people wrote and deleted stands in their lines.
func (t *transcript) ours(e slacksim.Entry) bool {
	return e.Message == nil || e.Message.BotID != "" && e.Kind != slacksim.DeletedByHand
}

// number gives a message its number.
func (t *transcript) number(e slacksim.Entry) int {
	t.posts = append(t.posts, post{e.Channel, e.TS, e.ThreadTS, e.At})
	t.numbers[e.Channel+" "+e.TS] = len(t.posts)
	return len(t.posts)
}

// numbered is the number of a message, 0 if it has none.
func (t *transcript) numbered(channel, ts string) int { return t.numbers[channel+" "+ts] }
