package heroku

import (
	"context"
	"net/url"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Delivery is one event on its way to a webhook.
type Delivery struct {
	ID        string
	WebhookID string
	EventID   string // Event.ID of what was brought
	Include   string // api:release, dyno, …
	Status    string // pending, scheduled, retrying, failed, succeeded, skipped
	Attempts  int
	Code      int       // what the receiver last answered; 0 if nothing came
	Error     string    // why the last try failed; "" if it did not
	NextAt    time.Time // of the next try; zero if there is none
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Deliveries reads the deliveries of an app's webhooks, at most max of them; 0 or less reads all. Heroku promises no order.
func (c *Client) Deliveries(ctx context.Context, app string, max int) ([]Delivery, error) {
	list := reading{op: "webhook deliveries of " + app, accept: v3, max: max}
	if max > 0 {
		list.first = &herokugo.ListRange{Field: "id", Max: sizeOf(max)}
	}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) ([]herokugo.AppWebhookDelivery, error) {
		return c.service.AppWebhookDeliveryList(ctx, url.PathEscape(app), r)
	})
	if err != nil {
		return nil, err
	}
	out := make([]Delivery, len(found))
	for i, d := range found {
		out[i] = Delivery{
			ID: d.ID, WebhookID: d.Webhook.ID, EventID: d.Event.ID, Include: d.Event.Include, Status: d.Status,
			Attempts: d.NumAttempts, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
		}
		if a := d.LastAttempt; a != nil {
			out[i].Error = value(a.ErrorClass)
			if a.Code != nil {
				out[i].Code = *a.Code
			}
		}
		if d.NextAttemptAt != nil {
			out[i].NextAt = *d.NextAttemptAt
		}
	}
	return out, nil
}
