package herokusim

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is something that happened, as app webhooks tell it.
type Event struct {
	ID      string
	At      time.Time
	Include string          // the entity as a subscription names it: api:release, api:build, api:app, dyno
	Action  string          // create, update or destroy
	App     string          // the app's name
	Actor   string          // email of who did it; empty for Heroku itself
	Data    json.RawMessage // the entity at that moment, as webhooks tell it
	// Previous holds the fields that changed, as they were; nil where Heroku does not tell.
	Previous json.RawMessage
}

// eventLog keeps the last events.
type eventLog struct {
	kept    []Event
	dropped int
}

const eventsKept = 10_000

// announce is the one place where it is said that something happened. Everything that changes an app comes here, so
// whoever must be told is told of all of it. The server's lock is held.
func (s *Server) announce(a *App, include, action, actor string, entity any) {
	s.announceChange(a, include, action, actor, entity, nil)
}

// announceChange is announce with the fields that changed, as they were before.
func (s *Server) announceChange(a *App, include, action, actor string, entity any, previous map[string]any) {
	data, err := json.Marshal(entity)
	if err != nil {
		panic(fmt.Sprintf("herokusim: an entity that is no JSON: %v", err)) // ours to mend: views are plain structs
	}
	var before json.RawMessage
	if previous != nil {
		if before, err = json.Marshal(previous); err != nil {
			panic(fmt.Sprintf("herokusim: an entity that is no JSON: %v", err))
		}
	}
	l := &s.events
	if len(l.kept) == eventsKept {
		l.kept = append([]Event(nil), l.kept[eventsKept/2:]...)
		l.dropped += eventsKept / 2
	}
	e := Event{
		ID: uuid("event", l.dropped+len(l.kept)), At: time.Now(),
		Include: include, Action: action, App: a.name, Actor: actor, Data: data, Previous: before,
	}
	l.kept = append(l.kept, e)
	s.subscribe(a, &e)
}

// Events gives what happened from position from on, oldest first, and the position after it. The last 5,000 at least
// are kept.
func (s *Server) Events(from int) ([]Event, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.events
	next := l.dropped + len(l.kept)
	from = min(max(from-l.dropped, 0), len(l.kept))
	return append([]Event(nil), l.kept[from:]...), next
}
