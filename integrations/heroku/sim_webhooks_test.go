package heroku_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	herokusim "slipway/integrations/sim/heroku"
)

// inbox is a receiver of webhooks.
type inbox struct {
	mu     sync.Mutex
	bodies [][]byte
}

func (i *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.bodies = append(i.bodies, body)
	w.WriteHeader(http.StatusNoContent)
}

// all reads what came.
func (i *inbox) all(t *testing.T) []heroku.Event {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []heroku.Event
	for _, body := range i.bodies {
		e, err := heroku.ParseEvent(body)
		if err != nil || e.Payload == nil || e.ID == "" || e.DeliveryID == "" || e.WebhookID == "" || e.UpdatedAt.IsZero() {
			t.Errorf("%+v, %v: %s", e, err, body)
			continue
		}
		out = append(out, e)
	}
	return out
}

func TestSimWebhooksBringEventsThatAreRead(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c, in := t.Context(), a.client, &inbox{}
		serveAt(t, a.net, "bot.test:80", in.ServeHTTP)
		spec := heroku.WebhookSpec{URL: "http://bot.test:80/webhooks/heroku", Secret: "s3cret", Level: heroku.Notify, Include: []string{"api:release"}}
		made, err := c.CreateWebhook(ctx, "shop", spec)
		must(t, err)
		spec.Level, spec.Include = heroku.Sync, []string{"api:app", "api:build", "api:formation", "api:release", "dyno"}
		updated, err := c.UpdateWebhook(ctx, "shop", made.ID, spec)
		if err != nil || updated.ID != made.ID || updated.Level != heroku.Sync || len(updated.Include) != 5 {
			t.Errorf("%+v, %v", updated, err)
		}
		all, err := c.Webhooks(ctx, "shop")
		if diff := cmp.Diff([]heroku.Webhook{updated}, all); diff != "" || err != nil {
			t.Error(diff, err)
		}
		_, err = c.SetMaintenance(ctx, "shop", true)
		must(t, err)
		_, err = c.Scale(ctx, "shop", heroku.Scale{Type: "web", Quantity: 1})
		must(t, err)
		_, err = a.app.Deploy(ctx, herokusim.DeploySpec{Commit: shaC, By: "ann@example.com"})
		must(t, err)
		time.Sleep(time.Hour)
		seen := map[string]bool{}
		for _, e := range in.all(t) {
			seen[e.Include+" "+e.Action] = true
			if r, ok := e.Payload.(*heroku.ReleaseEvent); ok && (r.Commit != shaC || r.App != "shop" || r.Release.Version != 4) {
				t.Errorf("%+v", r)
			}
			if f, ok := e.Payload.(*heroku.FormationEvent); ok && (f.Process.Quantity != 1 || f.Was == nil || *f.Was != 2) {
				t.Errorf("%+v", f)
			}
		}
		for _, want := range []string{"api:app update", "api:build create", "api:build update", "api:formation update", "api:release create", "api:release update", "dyno create"} {
			if !seen[want] {
				t.Errorf("no %q among %v", want, seen)
			}
		}
		deliveries, err := c.Deliveries(ctx, "shop", 1000)
		if err != nil || len(deliveries) != len(in.bodies) || deliveries[0].Status != heroku.Succeeded || deliveries[0].WebhookID != made.ID || deliveries[0].Attempts != 1 {
			t.Errorf("%d deliveries of %d, %v", len(deliveries), len(in.bodies), err)
		}
		must(t, c.DeleteWebhook(ctx, "shop", made.ID))
		if all, err := c.Webhooks(ctx, "shop"); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		if err := c.DeleteWebhook(ctx, "shop", made.ID); heroku.KindOf(err) != heroku.NotFound {
			t.Error(err)
		}
	})
}
