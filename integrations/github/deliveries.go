package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Delivery is one try of GitHub to bring an event to a hook. GitHub keeps them for three days.
type Delivery struct {
	ID          int64  // of this try
	GUID        string // X-GitHub-Delivery: the same for all tries of one event
	Event       string
	Action      string // "" if the event has none
	Redelivery  bool
	StatusCode  int    // what the receiver answered; 0 or above 399 is a failure
	Status      string // GitHub's word for it: OK
	Took        time.Duration
	DeliveredAt time.Time
}

// DeliveryQuery chooses deliveries.
type DeliveryQuery struct {
	Cursor string // where the page before ended; "" is the newest
	Failed bool   // only those that did not arrive
}

// Deliveries reads a page of at most 100 deliveries of a hook, newest first, and the cursor of the next; "" is the end.
func (c *Client) Deliveries(ctx context.Context, repo Repo, hookID int64, q DeliveryQuery) (page []Delivery, next string, err error) {
	op := fmt.Sprintf("list deliveries of hook %d of %s", hookID, repo)
	query := url.Values{"per_page": {strconv.Itoa(perPage)}}
	if q.Cursor != "" {
		query.Set("cursor", q.Cursor)
	}
	if q.Failed { // go-github cannot ask for it
		query.Set("status", "failure")
	}
	err = c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var answer []delivery
		resp, err := c.get(ctx, repo, fmt.Sprintf("hooks/%d/deliveries", hookID), query, "", &answer)
		if err != nil {
			return resp, err
		}
		next = resp.Cursor
		page, err = each(answer, delivery.ours)
		return resp, err
	})
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

type delivery struct {
	ID          int64
	GUID        string
	Event       string
	Action      string
	Redelivery  bool
	StatusCode  int `json:"status_code"`
	Status      string
	Duration    float64 // seconds
	DeliveredAt stamp   `json:"delivered_at"`
}

func (d delivery) ours() (Delivery, error) {
	if d.ID == 0 || d.GUID == "" {
		return Delivery{}, lacks("id or guid of a delivery")
	}
	return Delivery{
		ID: d.ID, GUID: d.GUID, Event: d.Event, Action: d.Action, Redelivery: d.Redelivery, StatusCode: d.StatusCode,
		Status: d.Status, Took: time.Duration(d.Duration * float64(time.Second)), DeliveredAt: d.DeliveredAt.time(),
	}, nil
}

// Redeliver asks GitHub to bring a delivery again: the same bytes with the same GUID. That it said yes does not mean
// that it arrived. Invalid (400, 422): GitHub refuses, as it does when the delivery is too old.
func (c *Client) Redeliver(ctx context.Context, repo Repo, hookID, deliveryID int64) error {
	op := fmt.Sprintf("redeliver %d of hook %d of %s", deliveryID, hookID, repo)
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		return c.send(ctx, repo, http.MethodPost, fmt.Sprintf("hooks/%d/deliveries/%d/attempts", hookID, deliveryID), nil, nil)
	})
}
