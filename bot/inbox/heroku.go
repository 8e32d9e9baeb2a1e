package inbox

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"slipway/bot/ledger"
	"slipway/integrations/heroku"
)

// fromHeroku reads Heroku's deliveries. Source: Heroku's "App Webhooks" and "Webhook Events".
var fromHeroku = protocol{
	sender:    ledger.Heroku,
	variable:  "HEROKU_WEBHOOK_SECRET",
	signature: herokuSignature,
	delivery:  herokuDelivery,
}

func herokuSignature(h http.Header) (mac []byte, ok bool) {
	mac, err := base64.StdEncoding.DecodeString(h.Get("Heroku-Webhook-Hmac-SHA256"))
	return mac, err == nil && len(mac) > 0
}

// herokuDelivery finds the key in the body: Heroku puts it nowhere else. It is the event's, the same each time that Heroku
// tries, and not the try's.
func herokuDelivery(_ http.Header, body []byte) (delivery, *refusal) {
	var in struct {
		ID, Resource string
		Metadata     struct {
			Event struct{ ID, Include string }
		} `json:"webhook_metadata"`
	}
	_ = json.Unmarshal(body, &in) // what matters here is whether there is an id
	d := delivery{sender: ledger.Heroku, id: cmp.Or(in.ID, in.Metadata.Event.ID), event: cmp.Or(in.Metadata.Event.Include, in.Resource), body: body}
	if !plain(d.id) {
		return d, &refusal{http.StatusBadRequest, "The event has no id, or one that is not understood."}
	}
	if !plain(d.event) {
		d.event = ""
	}
	return d, nil
}

// readHeroku understands a delivery of Heroku.
func readHeroku(body []byte) (scope string, facts []ledger.Fact, err error) {
	scope = herokuScope(body)
	e, err := heroku.ParseEvent(body)
	if err != nil {
		return scope, nil, err
	}
	return scope, ledger.FromHeroku(e), nil
}

// herokuScope looks for the app's name, or its id where there is no name.
func herokuScope(body []byte) string {
	type app struct{ Name, ID string }
	var in struct {
		Resource string
		Data     struct {
			app
			App app
		}
	}
	_ = json.Unmarshal(body, &in) // what could be read is there all the same
	about := in.Data.App
	if in.Resource == "app" {
		about = in.Data.app
	}
	return ledger.AppScope(cmp.Or(about.Name, about.ID))
}
