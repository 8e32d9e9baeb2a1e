package slacksim

import (
	"fmt"
	"regexp"
	"time"
)

// triggerLife is how long a trigger_id opens a modal.
const triggerLife = 3 * time.Second

// trigger is a person's action that may open one modal.
type trigger struct {
	user string
	at   time.Time
	used bool
}

func (s *Server) newTrigger(user string) string {
	n := s.ids.next("trigger")
	id := fmt.Sprintf("%d.%d.%032x", 1000000+n, 2000000+n, n)
	s.triggers[id] = &trigger{user: user, at: time.Now()}
	return id
}

var triggerForm = regexp.MustCompile(`^\d+\.\d+\.[0-9a-z]+$`)

// checkTrigger gives a trigger that still opens a modal.
func (s *Server) checkTrigger(id string) (*trigger, error) {
	if !triggerForm.MatchString(id) {
		return nil, failure("invalid_trigger_id")
	}
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, failure("invalid_trigger_id")
	case t.used:
		s.fault("trigger_id %s used twice", id)
		return nil, failure("exchanged_trigger_id")
	case time.Since(t.at) > triggerLife:
		s.fault("trigger_id %s used %v after it was made", id, time.Since(t.at))
		return nil, failure("expired_trigger_id")
	}
	return t, nil
}
