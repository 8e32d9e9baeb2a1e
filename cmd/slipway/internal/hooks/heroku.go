package hooks

import (
	"context"
	"fmt"
	"slices"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// herokuApp is a place for webhooks of Heroku.
type herokuApp struct {
	client   *heroku.Client
	variable string // as whom client asks
	app      string
	from     *sender
}

func (a *herokuApp) String() string  { return a.app + " on Heroku" }
func (a *herokuApp) sender() *sender { return a.from }

func (a *herokuApp) hooks(ctx context.Context) ([]hook, error) {
	found, err := a.client.Webhooks(ctx, a.app)
	var list []hook
	for _, w := range found {
		list = append(list, hook{id: w.ID, url: w.URL, about: join(w.Include) + "; level " + w.Level, wrong: inbox.WrongWithWebhook(w)})
	}
	return list, err
}

func (a *herokuApp) spec(url string) heroku.WebhookSpec {
	return heroku.WebhookSpec{URL: url, Secret: a.from.signing(), Level: heroku.Sync, Include: inbox.HerokuEntities()}
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
		fix = a.variable + " may not manage its webhooks, which takes somebody who may deploy the app. " + config.NewHerokuKey(config.HerokuHooks, a.variable)
	case heroku.NotFound:
		fix = "Its name is wrong in APPS, or the account of " + a.variable + " is no collaborator of it."
	case heroku.Unauthorized:
		fix = a.variable + " is refused. " + config.NewHerokuKey(config.HerokuHooks, a.variable)
	}
	return advised(err, fix)
}
