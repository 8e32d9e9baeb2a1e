package slack

import (
	"encoding/json"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// Envelope is one thing that happened, as Slack delivered it. Exactly one of Command, Interaction and Event is set.
type Envelope struct {
	ID       string
	Received time.Time // when it was read from the socket

	Command     *slackgo.SlashCommand
	Interaction *slackgo.InteractionCallback
	Event       *Event

	// Salvaged tells that slack-go could not read the frame: only what identifies it, who did it and what with is filled
	// in, and parts of the wrong shape are missing.
	Salvaged bool

	receipt *receipt
}

// Ack tells Slack that the envelope arrived; without it the person sees an error after 3 s. It may be called on any
// goroutine, once: the payload is written to a socket before it returns, or, while there is none, kept for the next
// that opens in time. A nil payload is the plain acknowledgement.
// The errors are ErrAcked, ErrAckLate, ErrAckTooBig (the only one after which Ack may be called again), or that of writing.
func (e Envelope) Ack(payload any) error { return e.receipt.ack(payload) }

// Event is what the Events API tells. Slack may deliver one event several times, over minutes and even in the same
// envelope: ID says which are the same. A delivery with Retry > 0 may be the first that was seen.
type Event struct {
	ID     string // Ev…; empty for app_rate_limited
	TeamID string
	Type   string // of the inner event, such as app_mention; or app_rate_limited, which has none
	Inner  any    // as slackevents has it, such as *slackevents.AppMentionEvent; nil if unknown to it or unreadable
	Raw    json.RawMessage

	Retry       int
	RetryReason string
}

// envelopeOf reads what slack-go has parsed. It is false for what is no envelope.
func envelopeOf(e socketmode.Event) (Envelope, bool) {
	if e.Request == nil {
		return Envelope{}, false
	}
	env := Envelope{ID: e.Request.EnvelopeID}
	switch data := e.Data.(type) {
	case slackgo.SlashCommand:
		env.Command = &data
	case slackgo.InteractionCallback:
		env.Interaction = &data
	case slackevents.EventsAPIEvent:
		env.Event = eventOf(data, e.Request)
	default:
		return Envelope{}, false
	}
	return env, true
}

func eventOf(e slackevents.EventsAPIEvent, r *socketmode.Request) *Event {
	event := &Event{
		TeamID: e.TeamID, Type: e.InnerEvent.Type, Inner: e.InnerEvent.Data,
		Retry: r.RetryAttempt, RetryReason: r.RetryReason,
	}
	outer, ok := e.Data.(*slackevents.EventsAPICallbackEvent)
	if !ok {
		event.Type, event.Inner, event.Raw = e.Type, e.Data, r.Payload
		return event
	}
	event.ID = outer.EventID
	if outer.InnerEvent != nil {
		event.Raw = *outer.InnerEvent
	}
	return event
}
