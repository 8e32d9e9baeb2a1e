package slacksim

import (
	"encoding/json"
	"fmt"
	"time"
)

// redeliverAfter is when an event is sent again, counted from its first failure (facts/slack.md, "What happens
// without an ack").
var redeliverAfter = []time.Duration{0, time.Minute, 5 * time.Minute}

// doubleAfter is when an event that Slack sends twice by mistake comes again (slackapi/bolt-js#2487).
const doubleAfter = 15 * time.Second

// event is one event on its way, over all its attempts.
type event struct {
	d       *Delivery
	payload map[string]any
	retry   int       // how often it was sent again, or is about to be
	failed  time.Time // when the first attempt failed
	stop    func()    // the redelivery that is due; nil if none is
}

// emit sends an inner event to the app, and again until it is acknowledged or three redeliveries failed.
func (s *Server) emit(what string, inner map[string]any) *Delivery {
	id := s.ids.named("Ev")
	d := s.newDelivery("events_api", fmt.Sprintf("event %s (%s)", id, what))
	d.out.EventID = id
	channel, _ := inner["channel"].(string)
	ev := &event{d: d, payload: map[string]any{
		"token": verificationToken, "team_id": teamID, "api_app_id": appID, "type": "event_callback",
		"event_id": id, "event_time": time.Now().Unix(), "event": inner,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": teamID, "user_id": botUserID, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": s.channels[channel] != nil && s.channels[channel].ExtShared,
		"event_context":         fmt.Sprintf("1-%v-%s-%s", inner["type"], teamID, channel),
	}}
	e := s.attempt(ev, 0, "")
	if s.link.doubles > 0 && e.socket > 0 {
		s.link.doubles--
		e.doubled = true
		frame := e.frame
		s.after(doubleAfter, func() {
			if k := s.nextSocket(); k != nil {
				s.stats.Sent++
				k.push(frame)
			}
		})
	}
	return d
}

func (s *Server) attempt(ev *event, retry int, reason string) *envelope {
	h := header{typ: "events_api", retry: retry, retryReason: reason}
	return s.send(ev.d, h, ev.payload, func(json.RawMessage) { s.settle(ev) }, func(code string) { s.retryLater(ev, code) })
}

// retryLater plans the next redelivery after an attempt that failed.
func (s *Server) retryLater(ev *event, code string) {
	if ev.retry == len(redeliverAfter) {
		ev.d.end(code)
		return
	}
	if ev.retry == 0 {
		ev.failed = time.Now()
	}
	wait := time.Until(ev.failed.Add(redeliverAfter[ev.retry]))
	ev.retry++
	n := ev.retry
	ev.stop = s.after(wait, func() {
		ev.stop = nil
		s.attempt(ev, n, "timeout")
	})
}

// settle ends the redeliveries of an event that was acknowledged.
func (s *Server) settle(ev *event) {
	if ev.stop != nil {
		ev.stop()
		ev.stop = nil
	}
}
