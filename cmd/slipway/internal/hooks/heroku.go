package hooks

import (
	"context"
	"fmt"
	"slices"

	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// herokuApp is a place for webhooks of Heroku.
type herokuApp struct {
	client *heroku.Client
	app    string
	from   *sender
}

// herokuEntities are what the bot is told of: builds, releases, dynos with their exit status, how they are scaled, and the
// app itself for its maintenance mode.
var herokuEntities = []string{"api:app", "api:build", "api:formation", "api:release", "dyno"}

func (a *herokuApp) String() string  { return a.app + " on Heroku" }
func (a *herokuApp) sender() *sender { return a.from }

func (a *herokuApp) hooks(ctx context.Context) ([]hook, error) {
	found, err := a.client.Webhooks(ctx, a.app)
	var list []hook
	for _, w := range found {
		wrong := missing("entities", herokuEntities, w.Include)
		if w.Level != heroku.Sync {
			wrong = append(wrong, "level "+w.Level)
		}
		list = append(list, hook{id: w.ID, url: w.URL, about: join(w.Include) + "; level " + w.Level, wrong: wrong})
	}
	return list, err
}

func (a *herokuApp) spec(url string) heroku.WebhookSpec {
	return heroku.WebhookSpec{URL: url, Secret: a.from.signing(), Level: heroku.Sync, Include: herokuEntities}
}

func (a *herokuApp) create(ctx context.Context, url string) error {
	_, err := a.client.CreateWebhook(ctx, a.app, a.spec(url))
	a.from.wrote(err)
	return err
}

func (a *herokuApp) repair(ctx context.Context, h hook) error {
	_, err := a.client.UpdateWebhook(ctx, a.app, h.id, a.spec(h.url))
	a.from.wrote(err)
	return err
}

func (a *herokuApp) deliveries(ctx context.Context, h hook) ([]delivery, error) {
	found, err := a.client.Deliveries(ctx, a.app, 0)
	slices.SortStableFunc(found, func(x, y heroku.Delivery) int { return y.UpdatedAt.Compare(x.UpdatedAt) })
	var list []delivery
	for _, d := range found {
		if d.WebhookID != h.id {
			continue
		}
		outcome := d.Status + after(d)
		list = append(list, delivery{at: d.UpdatedAt, what: d.Include, outcome: outcome, refused: d.Code == 401 || d.Code == 403})
	}
	return list, err
}

// after says what a delivery met so far.
func after(d heroku.Delivery) string {
	switch {
	case d.Attempts == 0:
		return ""
	case d.Code == 0:
		return " after " + say.Count(d.Attempts, "try", "tries") + ", no answer"
	}
	return " after " + say.Count(d.Attempts, "try", "tries") + fmt.Sprintf(", %d", d.Code)
}

func (a *herokuApp) byHand(h hook) string {
	return fmt.Sprintf("heroku webhooks:remove %s -a %s", h.id, a.app)
}

func (a *herokuApp) explain(err error) error {
	fix := ""
	switch heroku.KindOf(err) {
	case heroku.Forbidden:
		fix = "HEROKU_API_KEY may not manage its webhooks: run heroku authorizations:create -d slipway -s write, as somebody who may deploy the app."
	case heroku.NotFound:
		fix = "Its name is wrong in APPS, or the account of HEROKU_API_KEY is no collaborator of it."
	case heroku.Unauthorized:
		fix = "HEROKU_API_KEY is refused. Make a new one with heroku authorizations:create -d slipway -s write."
	}
	return advised(err, fix)
}
