package herokusim

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// WebhookSpec is a subscription to what happens to an app.
type WebhookSpec struct {
	URL           string
	Secret        string   // signs the deliveries; "": one is generated
	Authorization string   // sent as that header; "" for none
	Level         string   // "notify" (one try) or "sync" (tried again); "" means sync
	Include       []string // entities: api:release, api:build, dyno …
}

// Webhook is a subscription as it stands.
type Webhook struct {
	ID, URL, Level string
	Include        []string
	Secret         string
}

// The levels: "`notify` = one try; `sync` = retries until 2xx".
const (
	levelNotify = "notify"
	levelSync   = "sync"
)

// webhookEntities are what a webhook can include, and nothing else can be: "Nothing for Postgres backups".
var webhookEntities = []string{
	"api:addon", "api:addon-attachment", "api:app", "api:build", "api:collaborator", "api:domain", "api:dyno",
	"api:formation", "api:release", "api:sni-endpoint", "api:ssl-endpoint", "dyno",
}

// webhook is a subscription. The server's lock guards it.
type webhook struct {
	id, url, secret, authorization, level string
	include                               []string
	created, updated                      time.Time
	ctx                                   context.Context // ends when it is deleted
	end                                   context.CancelFunc
	turn                                  line // of sync deliveries: "in order and blocked by a failing one"
}

// AddWebhook subscribes to what happens from now on, as POST /apps/{app}/webhooks does. The error says what is wrong
// with the subscription.
func (a *App) AddWebhook(spec WebhookSpec) (Webhook, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	spec.Level = cmp.Or(spec.Level, levelSync)
	w, err := a.addWebhook(spec)
	if err != nil {
		return Webhook{}, err
	}
	return w.shown(), nil
}

// Webhooks gives the app's subscriptions, oldest first.
func (a *App) Webhooks() []Webhook {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	var all []Webhook
	for _, w := range a.webhooks {
		all = append(all, w.shown())
	}
	return all
}

func (w *webhook) shown() Webhook {
	return Webhook{ID: w.id, URL: w.url, Level: w.level, Include: slices.Clone(w.include), Secret: w.secret}
}

// addWebhook adds a subscription; the lock is held.
func (a *App) addWebhook(spec WebhookSpec) (*webhook, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	a.webhooksMade++
	now := time.Now()
	w := &webhook{
		id: uuid("webhook", a.name, a.webhooksMade), url: spec.URL, secret: spec.Secret,
		authorization: spec.Authorization, level: spec.Level, include: slices.Clone(spec.Include), created: now, updated: now,
	}
	w.ctx, w.end = context.WithCancel(a.server.ctx)
	if w.secret == "" {
		w.secret = digest("webhook secret", w.id)
	}
	a.webhooks = append(a.webhooks, w)
	return w, nil
}

// check gives Heroku's refusal of what cannot be subscribed to, as a *fault.
func (spec WebhookSpec) check() error {
	u, err := url.Parse(spec.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return invalid("url is not a valid URL.")
	case spec.Level != levelNotify && spec.Level != levelSync:
		return invalid("level must be one of notify, sync.")
	case len(spec.Include) == 0:
		return invalid("include must name at least one entity.")
	}
	for _, entity := range spec.Include {
		if !slices.Contains(webhookEntities, entity) {
			return invalid("include names %q; the entities are %s.", entity, strings.Join(webhookEntities, ", "))
		}
	}
	return nil
}

// webhook finds the subscription that the path names.
func (r *request) webhook() (*webhook, error) {
	for _, w := range r.app.webhooks {
		if w.id == r.PathValue("webhook") {
			return w, nil
		}
	}
	return nil, notFound("webhook")
}

// Delivery is one try to bring an event to a webhook.
type Delivery struct {
	At       time.Time
	App      string
	Webhook  string // its id
	ID       string // of the delivery: the same over its tries
	EventID  string
	Event    string // the entity: "api:release"
	Action   string
	Try      int // 1 for the first
	Status   int // 0: under way, or there was no answer
	Body     []byte
	Request  http.Header
	Response http.Header // nil: there was no answer
	Lost     bool        // it never left: a fault of Outgoing dropped it
}
