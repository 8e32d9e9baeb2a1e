package bot

import (
	"sync"
	"time"

	"github.com/slack-go/slack/slackevents"

	"slipway/integrations/slack"
)

// spokenTo is a message that wants an answer from us.
type spokenTo struct {
	user, team, channel, thread, text string
	direct                            bool
}

// spoken reads a mention or a direct message. Edits, joins, and what bots say (we among them) are not spoken to us.
func spoken(e *slack.Event) (spokenTo, bool) {
	switch m := e.Inner.(type) {
	case *slackevents.AppMentionEvent:
		if m.BotID != "" {
			return spokenTo{}, false
		}
		return spokenTo{user: m.User, team: m.UserTeam, channel: m.Channel, thread: m.ThreadTimeStamp, text: m.Text}, true
	case *slackevents.MessageEvent:
		if m.ChannelType != "im" || m.BotID != "" || m.SubType != "" || m.User == "" {
			return spokenTo{}, false
		}
		return spokenTo{user: m.User, team: m.UserTeam, channel: m.Channel, thread: m.ThreadTimeStamp, text: m.Text, direct: true}, true
	}
	return spokenTo{}, false
}

// eventMemory is how long an event id is remembered. Slack's last try is about five minutes after the first, so that
// five minutes would sit on the edge (facts/slack.md, "keep keys at least 10 min").
const eventMemory = 15 * time.Minute

// eventIDs remembers which events were taken.
type eventIDs struct {
	mu    sync.Mutex
	taken map[string]time.Time
}

// seen tells whether the event was taken before, and takes it.
func (e *eventIDs) seen(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if at, ok := e.taken[id]; ok && now.Sub(at) < eventMemory {
		return true
	}
	if e.taken == nil {
		e.taken = map[string]time.Time{}
	}
	for old, at := range e.taken {
		if now.Sub(at) >= eventMemory {
			delete(e.taken, old)
		}
	}
	e.taken[id] = now
	return false
}
