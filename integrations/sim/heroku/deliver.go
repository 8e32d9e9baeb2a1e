package herokusim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"slipway/integrations/sim/weather"
)

// The times of deliveries.
const (
	firstRetry  = time.Second    // of life; [unverified], the facts know only what comes after
	retryMax    = time.Hour      // of life: "exponential up to 1 h, then hourly"
	retryFor    = 72 * time.Hour // of life: "tries up to 72 h from event creation"
	answerLimit = 30 * time.Second
)

// What a delivery can be: "`pending|scheduled|retrying|failed|succeeded` (+ `skipped`)".
const (
	deliveryPending   = "pending"
	deliveryRetrying  = "retrying"
	deliveryFailed    = "failed"
	deliverySucceeded = "succeeded"
	deliverySkipped   = "skipped"
)

// delivery brings one event to one webhook. The server's lock guards it.
type delivery struct {
	id      string
	app     *App
	webhook *webhook
	level   string // of the webhook when this began
	event   *Event
	status  string
	tries   int
	last    *attempt
	next    time.Time // of the next try; zero for none
	created time.Time
	updated time.Time
}

// attempt is one try.
type attempt struct {
	id      string
	status  int // 0: no answer
	err     string
	created time.Time
	updated time.Time
}

// subscribe makes the deliveries of an event; the lock is held.
func (s *Server) subscribe(a *App, e *Event) {
	for _, w := range a.webhooks {
		if !w.includes(e.Include) {
			continue
		}
		d := &delivery{
			id: uuid("delivery", w.id, e.ID), app: a, webhook: w, level: w.level, event: e, status: deliveryPending,
			created: e.At, updated: e.At,
		}
		if len(a.deliveries) == deliveriesKept {
			a.deliveries = slices.Clone(a.deliveries[deliveriesKept/2:])
		}
		a.deliveries = append(a.deliveries, d)
		s.outgoing.Put(weather.Parcel{
			Event: e.Include, Action: e.Action,
			Words: fmt.Sprintf("delivery of %s %s to %s", e.Include, e.Action, w.url),
			Send:  func(context.Context) { s.deliver(d, false) }, // it ends with the webhook, or the server
			Lost:  func() { s.deliver(d, true) },
		})
	}
}

func (w *webhook) includes(entity string) bool { return slices.Contains(w.include, entity) }

// deliver brings an event to its webhook: once for notify; for sync until the answer is 2xx or its time is over, and
// "in order and blocked by a failing one".
func (s *Server) deliver(d *delivery, lost bool) {
	ctx := d.webhook.ctx
	if d.level == levelSync {
		if s.enter(ctx, &d.webhook.turn, "") != nil {
			s.settled(d, true, 0)
			return
		}
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			d.webhook.turn.leave()
		}()
	}
	wait := firstRetry
	for first := true; ; first = false {
		s.try(ctx, d, lost)
		lost = false
		if s.settled(d, first, wait) {
			return
		}
		if s.pass(ctx, wait) != nil {
			s.settled(d, first, wait)
			return
		}
		wait = min(2*wait, retryMax)
	}
}

// settled decides after a try whether there will be another: "after 72 h of failure older events get one try and are
// marked `skipped`".
func (s *Server) settled(d *delivery, first bool, wait time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	d.updated, d.next = now, time.Time{}
	late := now.Sub(d.event.At) >= s.life(retryFor)
	switch {
	case d.last != nil && d.last.status/100 == 2:
		d.status = deliverySucceeded
	case d.level == levelNotify, d.webhook.ctx.Err() != nil, late && !first:
		d.status = deliveryFailed
	case late:
		d.status = deliverySkipped
	default:
		d.status, d.next = deliveryRetrying, now.Add(s.life(wait))
		return false
	}
	return true
}

// try sends the request, unless it is lost on its way, and writes down what came of it.
func (s *Server) try(ctx context.Context, d *delivery, lost bool) {
	s.mu.Lock()
	if ctx.Err() != nil {
		s.mu.Unlock()
		return
	}
	d.tries++
	now := time.Now()
	one := &attempt{id: uuid("attempt", d.id, d.tries), created: now, updated: now}
	body, header := d.payload(one, now), d.header()
	header.Set("Heroku-Webhook-Hmac-SHA256", sign(d.webhook.secret, body))
	entry := s.sent.add(Delivery{
		At: now, App: d.app.name, Webhook: d.webhook.id, ID: d.id, EventID: d.event.ID, Event: d.event.Include,
		Action: d.event.Action, Try: d.tries, Body: body, Request: header, Lost: lost,
	})
	to := d.webhook.url
	s.mu.Unlock()

	status, response, err := 0, http.Header(nil), errLost
	if !lost {
		status, response, err = s.post(ctx, to, header, body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Status, entry.Response = status, response
	one.status, one.updated = status, time.Now()
	if err != nil {
		one.err = err.Error()
	}
	d.last = one
}

var errLost = errors.New("lost on its way")

func (d *delivery) header() http.Header {
	h := http.Header{"Content-Type": {"application/json"}}
	if d.webhook.authorization != "" {
		h.Set("Authorization", d.webhook.authorization)
	}
	return h
}

// post sends a delivery; "the body [of the answer] is ignored".
func (s *Server) post(ctx context.Context, to string, header http.Header, body []byte) (int, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header = header.Clone()
	client := *s.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a 3xx is no 2xx
	resp, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, bodyMax)) // so that the connection can be used again
	return resp.StatusCode, resp.Header, nil
}

// sign gives the "**standard base64 (not hex)** of HMAC-SHA256(secret, raw body bytes)".
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// payload is the body of one try; the lock is held.
func (d *delivery) payload(one *attempt, now time.Time) []byte {
	v := d.event.envelope()
	v.PublishedAt = stamp(now)
	v.Metadata.Attempt.ID, v.Metadata.Delivery.ID = one.id, d.id
	v.Metadata.Event.ID, v.Metadata.Event.Include = d.event.ID, d.event.Include
	v.Metadata.Webhook.ID = d.webhook.id
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("herokusim: a payload that is no JSON: %v", err)) // ours to mend: it is made of plain structs
	}
	return body
}

// deliveryLog keeps the last tries. The server's lock guards it.
type deliveryLog struct {
	kept    []*Delivery
	dropped int
}

const deliveriesKept = 10_000

func (l *deliveryLog) add(d Delivery) *Delivery {
	if len(l.kept) == deliveriesKept {
		l.kept = append([]*Delivery(nil), l.kept[deliveriesKept/2:]...)
		l.dropped += deliveriesKept / 2
	}
	l.kept = append(l.kept, &d)
	return &d
}

// Deliveries gives the tries from position from on, oldest first, and the position after them. The last 5,000 at least
// are kept.
func (s *Server) Deliveries(from int) ([]Delivery, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.sent
	next := l.dropped + len(l.kept)
	from = min(max(from-l.dropped, 0), len(l.kept))
	var out []Delivery
	for _, d := range l.kept[from:] {
		out = append(out, *d)
	}
	return out, next
}
