package herokusim

import (
	"encoding/json"
	"time"
)

type webhookView struct {
	App       identity `json:"app"`
	CreatedAt string   `json:"created_at"`
	ID        string   `json:"id"`
	Include   []string `json:"include"`
	Level     string   `json:"level"`
	UpdatedAt string   `json:"updated_at"`
	URL       string   `json:"url"`
}

func (a *App) webhookView(w *webhook) webhookView {
	return webhookView{
		App: a.identity(), CreatedAt: stamp(w.created), ID: w.id, Include: w.include, Level: w.level,
		UpdatedAt: stamp(w.updated), URL: w.url,
	}
}

func (s *Server) listWebhooks(r *request) (any, error) {
	all := []webhookView{}
	for _, w := range r.app.webhooks {
		all = append(all, r.app.webhookView(w))
	}
	return all, nil
}

func (s *Server) showWebhook(r *request) (any, error) {
	w, err := r.webhook()
	if err != nil {
		return nil, err
	}
	return r.app.webhookView(w), nil
}

// webhookBody is what one sends to make or change a webhook. What is absent stays as it is.
type webhookBody struct {
	Include       *[]string `json:"include"`
	Level         *string   `json:"level"`
	URL           *string   `json:"url"`
	Secret        *string   `json:"secret"`
	Authorization *string   `json:"authorization"`
}

func (b webhookBody) over(spec WebhookSpec) WebhookSpec {
	if b.Include != nil {
		spec.Include = *b.Include
	}
	for field, value := range map[*string]*string{
		&spec.Level: b.Level, &spec.URL: b.URL, &spec.Secret: b.Secret, &spec.Authorization: b.Authorization,
	} {
		if value != nil {
			*field = *value
		}
	}
	return spec
}

// createWebhook: "Without `secret` one is generated and returned ONCE in header `Heroku-Webhook-Secret`".
func (s *Server) createWebhook(r *request) (any, error) {
	var body webhookBody
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	spec := body.over(WebhookSpec{})
	w, err := r.app.addWebhook(spec)
	if err != nil {
		return nil, err
	}
	answer := created(r.app.webhookView(w))
	if spec.Secret == "" {
		answer.name, answer.value = "Heroku-Webhook-Secret", w.secret
	}
	return answer, nil
}

func (s *Server) changeWebhook(r *request) (any, error) {
	w, err := r.webhook()
	if err != nil {
		return nil, err
	}
	var body webhookBody
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	spec := body.over(WebhookSpec{
		URL: w.url, Secret: w.secret, Authorization: w.authorization, Level: w.level, Include: w.include,
	})
	if err := spec.check(); err != nil {
		return nil, err
	}
	w.url, w.secret, w.authorization, w.level, w.include = spec.URL, spec.Secret, spec.Authorization, spec.Level, spec.Include
	w.updated = time.Now()
	return r.app.webhookView(w), nil
}

// deleteWebhook ends a subscription, and what it was still to be sent.
func (s *Server) deleteWebhook(r *request) (any, error) {
	w, err := r.webhook()
	if err != nil {
		return nil, err
	}
	w.end()
	r.app.webhooks = without(r.app.webhooks, w)
	return r.app.webhookView(w), nil
}

type webhookDeliveryView struct {
	CreatedAt string `json:"created_at"`
	Event     struct {
		ID      string `json:"id"`
		Include string `json:"include"`
	} `json:"event"`
	ID            string       `json:"id"`
	LastAttempt   *attemptView `json:"last_attempt"`
	NextAttemptAt *string      `json:"next_attempt_at"`
	NumAttempts   int          `json:"num_attempts"`
	Status        string       `json:"status"`
	UpdatedAt     string       `json:"updated_at"`
	Webhook       struct {
		ID    string `json:"id"`
		Level string `json:"level"`
	} `json:"webhook"`
}

type attemptView struct {
	Code       *int    `json:"code"`
	CreatedAt  string  `json:"created_at"`
	ErrorClass *string `json:"error_class"`
	ID         string  `json:"id"`
	Status     string  `json:"status"`
	UpdatedAt  string  `json:"updated_at"`
}

func (d *delivery) view() webhookDeliveryView {
	v := webhookDeliveryView{
		CreatedAt: stamp(d.created), ID: d.id, NumAttempts: d.tries, Status: d.status, UpdatedAt: stamp(d.updated),
	}
	v.Event.ID, v.Event.Include = d.event.ID, d.event.Include
	v.Webhook.ID, v.Webhook.Level = d.webhook.id, d.level
	if !d.next.IsZero() {
		v.NextAttemptAt = new(stamp(d.next))
	}
	if d.last != nil {
		v.LastAttempt = d.last.view()
	}
	return v
}

func (a *attempt) view() *attemptView {
	v := &attemptView{CreatedAt: stamp(a.created), ID: a.id, Status: deliveryFailed, UpdatedAt: stamp(a.updated)}
	if a.status != 0 {
		v.Code = &a.status
	}
	if a.status/100 == 2 {
		v.Status = deliverySucceeded
	}
	if a.err != "" {
		v.ErrorClass = &a.err
	}
	return v
}

func (s *Server) listWebhookDeliveries(r *request) (any, error) {
	l := list{fields: []string{"created_at", "id"}, asIs: true}
	for _, d := range r.app.deliveries {
		l.rows = append(l.rows, row{view: d.view(), keys: []any{stamp(d.created), d.id}})
	}
	return l, nil
}

func (s *Server) showWebhookDelivery(r *request) (any, error) {
	for _, d := range r.app.deliveries {
		if d.id == r.PathValue("delivery") {
			return d.view(), nil
		}
	}
	return nil, notFound("webhook delivery")
}

type webhookEventView struct {
	CreatedAt string `json:"created_at"`
	ID        string `json:"id"`
	Include   string `json:"include"`
	Payload   struct {
		Action       string          `json:"action"`
		Actor        userView        `json:"actor"`
		Data         json.RawMessage `json:"data"`
		PreviousData json.RawMessage `json:"previous_data"`
		Resource     string          `json:"resource"`
		Version      string          `json:"version"`
	} `json:"payload"`
	UpdatedAt string `json:"updated_at"`
}

func (e *Event) view() webhookEventView {
	from := e.envelope()
	v := webhookEventView{CreatedAt: stamp(e.At), ID: e.ID, Include: e.Include, UpdatedAt: stamp(e.At)}
	v.Payload.Action, v.Payload.Actor, v.Payload.Data = from.Action, from.Actor, from.Data
	v.Payload.PreviousData, v.Payload.Resource, v.Payload.Version = from.PreviousData, from.Resource, from.Version
	return v
}

// webhookEvents are the events of the app that some webhook was to be sent, oldest first.
func (a *App) webhookEvents() []*Event {
	var all []*Event
	seen := map[string]bool{}
	for _, d := range a.deliveries {
		if !seen[d.event.ID] {
			seen[d.event.ID] = true
			all = append(all, d.event)
		}
	}
	return all
}

func (s *Server) listWebhookEvents(r *request) (any, error) {
	l := list{fields: []string{"created_at", "id"}, asIs: true}
	for _, e := range r.app.webhookEvents() {
		l.rows = append(l.rows, row{view: e.view(), keys: []any{stamp(e.At), e.ID}})
	}
	return l, nil
}

func (s *Server) showWebhookEvent(r *request) (any, error) {
	for _, e := range r.app.webhookEvents() {
		if e.ID == r.PathValue("event") {
			return e.view(), nil
		}
	}
	return nil, notFound("webhook event")
}
