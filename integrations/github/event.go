package github

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Event is what a webhook brought.
type Event struct {
	Name    string // X-GitHub-Event: push, pull_request, …
	Action  string // "" if the event has none
	Repo    string // owner/name; "" if it is about none
	Sender  string // GitHub login of who caused it
	Payload any    // *PushEvent, *PullEvent, …; nil for an event that nothing here reads
}

// decoders read the payloads of the events that a hook of ours asks for.
var decoders = map[string]func([]byte) (any, error){
	"ping":              decoder(pingPayload.ours),
	"push":              decoder(pushPayload.ours),
	"pull_request":      decoder(pullPayload.ours),
	"workflow_run":      decoder(runPayload.ours),
	"workflow_job":      decoder(jobPayload.ours),
	"check_suite":       decoder(suitePayload.ours),
	"check_run":         decoder(checkPayload.ours),
	"status":            decoder(statusPayload.ours),
	"deployment":        decoder(deploymentPayload.ours),
	"deployment_status": decoder(deploymentStatusPayload.ours),
	"deployment_review": decoder(reviewPayload.ours),
	"merge_group":       decoder(groupPayload.ours),
	"release":           decoder(releasePayload.ours),
}

// ParseEvent reads the JSON body of a webhook by the name in its X-GitHub-Event. It reads only what slipway looks at, so
// that a field that GitHub adds or spoils elsewhere hurts nobody. An event of another name is no error, whatever its
// body is. The error is an *Error of kind Malformed.
func ParseEvent(name string, body []byte) (Event, error) {
	e := Event{Name: name}
	decode, known := decoders[name]
	var envelope struct {
		Action     string
		Repository struct {
			FullName string `json:"full_name"`
		}
		Sender struct{ Login string }
	}
	err := json.Unmarshal(body, &envelope)
	if err != nil && !known {
		return e, nil
	}
	e.Action, e.Repo, e.Sender = envelope.Action, envelope.Repository.FullName, envelope.Sender.Login
	if err == nil && known {
		e.Payload, err = decode(body)
	}
	if err != nil {
		return Event{Name: name}, misread(name, err)
	}
	return e, nil
}

// misread tells what is wrong with a body without showing it.
func misread(name string, err error) *Error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{Message: line(err.Error()), Err: err}
	}
	e.Op, e.Kind, e.Message = cut(line("read event "+name)), Malformed, cut(e.Message)
	return e
}

// decoder reads GitHub's shape of a payload, and turns it into ours.
func decoder[T, U any](turn func(T) (U, error)) func([]byte) (any, error) {
	return func(body []byte) (any, error) {
		var in T
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		out, err := turn(in)
		if err != nil {
			return nil, err
		}
		return &out, nil
	}
}

// wants is the error for a payload in which something is missing that GitHub always sends.
func wants(field string) *Error { return &Error{Message: fmt.Sprintf("the payload has no %s", field)} }

// person is a user in a payload; null if the account is gone.
type person struct{ Login string }

// PingEvent is what GitHub sends when a hook was made, and when it was asked to.
type PingEvent struct {
	Hook Hook
}

type pingPayload struct {
	HookID int64 `json:"hook_id"`
	Hook   hook
}

func (p pingPayload) ours() (PingEvent, error) {
	p.Hook.ID = max(p.Hook.ID, p.HookID)
	h, err := p.Hook.ours()
	if err != nil {
		return PingEvent{}, wants("hook_id")
	}
	return PingEvent{Hook: h}, nil
}
