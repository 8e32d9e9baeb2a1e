package heroku

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// The levels of a webhook.
const (
	Notify = "notify" // each event is brought once
	Sync   = "sync"   // each is brought until it was taken, for up to 72 h
)

// Webhook is where an app's events are brought to. Its secret cannot be read.
type Webhook struct {
	ID        string
	URL       string
	Level     string   // Notify or Sync
	Include   []string // api:release, api:build, dyno, …, in order
	CreatedAt time.Time
	UpdatedAt time.Time
}

// WebhookSpec is what a webhook is to be.
type WebhookSpec struct {
	URL     string
	Secret  string // with which deliveries are signed; needed, because a generated one would be told only once
	Level   string // Notify or Sync
	Include []string
}

// String leaves the secret out.
func (s WebhookSpec) String() string {
	return fmt.Sprintf("%s webhook to %s for %v", s.Level, s.URL, s.Include)
}

// GoString is String: %#v must not show the secret either.
func (s WebhookSpec) GoString() string { return s.String() }

// Webhooks reads the webhooks of an app.
func (c *Client) Webhooks(ctx context.Context, app string) ([]Webhook, error) {
	list := reading{op: "webhooks of " + app, accept: v3}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) (page []webhook, err error) {
		err = c.service.Get(ctx, &page, path("apps", app, "webhooks"), nil, r)
		return page, err
	})
	if err != nil {
		return nil, err
	}
	hooks := make([]Webhook, len(found))
	for i, w := range found {
		hooks[i] = w.ours()
	}
	return hooks, nil
}

// CreateWebhook makes a webhook. An app may have several with the same address.
func (c *Client) CreateWebhook(ctx context.Context, app string, s WebhookSpec) (Webhook, error) {
	return c.putWebhook(ctx, "create a webhook of "+app, http.MethodPost, path("apps", app, "webhooks"), s)
}

// UpdateWebhook makes an existing webhook what the spec says.
func (c *Client) UpdateWebhook(ctx context.Context, app, id string, s WebhookSpec) (Webhook, error) {
	return c.putWebhook(ctx, fmt.Sprintf("update webhook %s of %s", id, app), http.MethodPatch, path("apps", app, "webhooks", id), s)
}

func (c *Client) putWebhook(ctx context.Context, op, method, path string, s WebhookSpec) (Webhook, error) {
	if s.Secret == "" {
		return Webhook{}, &Error{Op: op, Kind: Invalid, Message: "a webhook without a secret of ours could not be checked"}
	}
	body := map[string]any{"include": s.Include, "level": s.Level, "url": s.URL, "secret": s.Secret}
	var w webhook
	err := c.change(ctx, op, call{accept: v3}, method, path, body, &w, func() error { return need(op, w.ID) })
	if err != nil {
		return Webhook{}, err
	}
	return w.ours(), nil
}

// DeleteWebhook ends a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, app, id string) error {
	op := fmt.Sprintf("delete webhook %s of %s", id, app)
	return c.change(ctx, op, call{accept: v3}, http.MethodDelete, path("apps", app, "webhooks", id), nil, nil)
}

// webhook is the API's; heroku-go has no one type for it.
type webhook struct {
	ID, URL, Level string
	Include        []string
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
}

func (w webhook) ours() Webhook {
	return Webhook{
		ID: w.ID, URL: w.URL, Level: w.Level, Include: slices.Sorted(slices.Values(w.Include)),
		CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
	}
}
