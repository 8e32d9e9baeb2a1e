package heroku

import (
	"encoding/json"
	"errors"
	"time"
)

// Event is what a webhook brought. Events come in any order and more than once: ID is the same each time.
type Event struct {
	ID         string
	DeliveryID string // of this event to one webhook
	WebhookID  string
	Include    string // what was subscribed to: api:release, dyno, …
	Resource   string // release, dyno, app, …
	Action     string // create, update or destroy
	By         string // email of who caused it
	CreatedAt  time.Time
	UpdatedAt  time.Time // orders the events about one thing
	Payload    any       // *ReleaseEvent, *BuildEvent, …; nil for a resource that nothing here reads
}

// decoders read the data of the resources that slipway looks at.
var decoders = map[string]func(envelope) (any, error){
	"release":          decoder(releaseData.ours),
	"build":            decoder(buildData.ours),
	"dyno":             decoder(dynoData.ours),
	"app":              decoder(appData.ours),
	"formation":        decoder(formationData.ours),
	"collaborator":     decoder(collaboratorData.ours),
	"addon":            decoder(addonData.ours),
	"addon-attachment": decoder(attachmentData.ours),
}

// envelope is around the data of every event.
type envelope struct {
	ID, Resource, Action string
	Actor                struct{ Email string }
	Data                 json.RawMessage
	Previous             json.RawMessage `json:"previous_data"`
	CreatedAt            stamp           `json:"created_at"`
	UpdatedAt            stamp           `json:"updated_at"`
	Metadata             struct {
		Delivery, Webhook struct{ ID string }
		Event             struct{ ID, Include string }
	} `json:"webhook_metadata"`
}

// ParseEvent reads the body of a webhook. It reads only what slipway looks at. A resource that is not known is no error.
// The error is an *Error of kind Malformed, and does not show the body.
func ParseEvent(body []byte) (Event, error) {
	var in envelope
	if err := json.Unmarshal(body, &in); err != nil {
		return Event{}, misread("", err)
	}
	if in.ID == "" {
		in.ID = in.Metadata.Event.ID
	}
	if in.ID == "" || in.Resource == "" {
		return Event{}, misread(in.Resource, errors.New("the event has no id or resource"))
	}
	e := Event{
		ID: in.ID, DeliveryID: in.Metadata.Delivery.ID, WebhookID: in.Metadata.Webhook.ID, Include: in.Metadata.Event.Include,
		Resource: in.Resource, Action: in.Action, By: in.Actor.Email,
		CreatedAt: time.Time(in.CreatedAt), UpdatedAt: time.Time(in.UpdatedAt),
	}
	decode, known := decoders[in.Resource]
	if !known {
		return e, nil
	}
	var err error
	if e.Payload, err = decode(in); err != nil {
		return Event{}, misread(in.Resource, err)
	}
	return e, nil
}

func misread(resource string, err error) *Error {
	op := "read an event"
	if resource != "" {
		op = "read an event about a " + line(resource)
	}
	e := &Error{Op: op, Kind: Malformed, Message: line(err.Error())}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		e.Message = "it is no JSON"
	}
	return e
}

// decoder reads Heroku's shape of the data, and turns it into ours.
func decoder[T, U any](turn func(T, envelope) (U, error)) func(envelope) (any, error) {
	return func(e envelope) (any, error) {
		var in T
		if err := json.Unmarshal(e.Data, &in); err != nil {
			return nil, err
		}
		out, err := turn(in, e)
		if err != nil {
			return nil, err
		}
		return &out, nil
	}
}

var errNoID = errors.New("what the event is about has no id")

// stamp reads a time, null or absent too. One that cannot be read is no time: nothing hangs on it alone.
type stamp time.Time

// UnmarshalJSON implements json.Unmarshaler. It never fails.
func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = stamp{}
	var t time.Time
	if json.Unmarshal(b, &t) == nil && t.UTC().Year() < 10_000 { // later ones cannot be stored
		*s = stamp(t.UTC())
	}
	return nil
}
