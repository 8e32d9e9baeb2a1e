package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// deliveriesOf lists a hook's deliveries, newest first: facts 6.2, "per_page, cursor, status; newest first; `Link`
// rel=next with `cursor=`; 3 days kept".
func (c *call) deliveriesOf(h *hook) (any, error) {
	invalid := &fault{status: http.StatusUnprocessableEntity, message: "Validation Failed", doc: "rest/repos/webhooks#list-deliveries-for-a-repository-webhook"}
	c.s.forgetDeliveries()
	status := c.query.Get("status")
	if !slices.Contains([]string{"", "success", "failure"}, status) {
		return nil, invalid
	}
	below := c.s.forgotten + len(c.s.deliveries)
	if cursor := c.query.Get("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "v1_"))
		if err != nil {
			return nil, invalid
		}
		below = min(n, below)
	}
	_, per := window(c.query)
	list := []object{}
	for i := below - 1; i >= c.s.forgotten; i-- {
		d := c.s.deliveries[i-c.s.forgotten]
		if d.Hook != h.id || !d.wanted(status) {
			continue
		}
		if len(list) == per {
			q := url.Values{"per_page": {strconv.Itoa(per)}, "cursor": {fmt.Sprintf("v1_%d", i+1)}}
			if status != "" {
				q.Set("status", status)
			}
			c.header.Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, c.s.options.URL, c.r.URL.EscapedPath(), q.Encode()))
			break
		}
		list = append(list, d.item())
	}
	return list, nil
}

// delivery finds the delivery that the address names, of one hook.
func (c *call) delivery(h *hook) (*Delivery, error) {
	c.s.forgetDeliveries()
	for _, d := range c.s.deliveries {
		if d.Hook == h.id && formatID(d.ID) == c.path("delivery") {
			return d, nil
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/repos/webhooks#get-a-delivery-for-a-repository-webhook"}
}

// redeliver sends the same bytes once more, under the same GUID (facts 0.6), to where the hook points now.
func (c *call) redeliver(h *hook) (any, error) {
	old, err := c.delivery(h)
	if err != nil {
		return nil, err
	}
	if !h.active {
		return nil, &fault{
			status: http.StatusUnprocessableEntity, message: "The hook is not active.",
			doc: "rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook",
		}
	}
	again := Delivery{
		ID: c.s.next("delivery"), Hook: h.id, GUID: old.GUID, Event: old.Event, Action: old.Action, Redelivery: true,
		RepositoryID: old.RepositoryID, InstallationID: old.InstallationID, payload: old.payload, about: old.about,
	}
	c.s.queue(h, again)
	return reply{status: http.StatusAccepted, body: object{}}, nil
}

func (d *Delivery) item() object {
	o := object{
		"id": d.ID, "guid": d.GUID, "delivered_at": d.At.UTC().Format("2006-01-02T15:04:05.000Z"), "redelivery": d.Redelivery,
		"duration": float64(d.Duration.Milliseconds()) / 1000, "status": d.Error, "status_code": d.Status, "event": d.Event,
		"action": orNull(d.Action), "installation_id": nil, "repository_id": nil, "throttled_at": nil,
	}
	if d.InstallationID != 0 {
		o["installation_id"] = d.InstallationID
	}
	if d.RepositoryID != 0 {
		o["repository_id"] = d.RepositoryID
	}
	return o
}

// spelled are the headers of a delivery as GitHub shows them, which is not how net/http does.
var spelled = []string{
	"Accept", "Content-Type", "User-Agent", "X-GitHub-Delivery", "X-GitHub-Event", "X-GitHub-Hook-ID",
	"X-GitHub-Hook-Installation-Target-ID", "X-GitHub-Hook-Installation-Target-Type", "X-Hub-Signature", "X-Hub-Signature-256",
}

// whole is a delivery at its own address, with what was sent and what came back.
func (d *Delivery) whole() object {
	o := d.item()
	o["url"] = d.URL
	sent := object{}
	for _, name := range spelled {
		if value := d.RequestHeader.Get(name); value != "" {
			sent[name] = value
		}
	}
	o["request"] = object{"headers": sent, "payload": json.RawMessage(d.payload)}
	var answered any
	if d.ResponseHeader != nil {
		headers := object{}
		for name := range d.ResponseHeader {
			headers[name] = d.ResponseHeader.Get(name)
		}
		answered = headers
	}
	o["response"] = object{"headers": answered, "payload": orNull(string(d.ResponseBody))}
	return o
}
