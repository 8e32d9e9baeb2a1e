// Package access knows who may do what.
//
// It is apart from the router so that every later way of asking (a command, a button, a step of an operation) goes
// through the same door, and so that the door can be read on one page.
package access

import (
	"context"
	"sync"
	"time"

	"slipway/bot/say"
	"slipway/integrations/slack"
)

// remembered is how long what Slack says of a person is believed for reading. A person who was made a guest or was
// deactivated reads on for no longer than this.
const remembered = 2 * time.Minute

// Door asks Slack who people are.
type Door struct {
	client *slack.Client

	mu   sync.Mutex
	seen map[string]seen
}

type seen struct {
	user slack.User
	at   time.Time
}

// New gives a door that asks client.
func New(client *slack.Client) *Door {
	return &Door{client: client, seen: map[string]seen{}}
}

// Reader tells whether a person may read: full members of the workspace home may, and nobody else. Team is the
// workspace that the request says it came from. The error is a refusal in words; when Slack cannot say who somebody
// is, the answer is no.
func (d *Door) Reader(ctx context.Context, user, team, home string) error {
	if team != "" && team != home {
		return foreign()
	}
	u, err := d.user(ctx, user)
	if err != nil {
		return say.Refuse("I could not ask Slack who you are, so I show nothing. Try again in a moment.")
	}
	switch {
	case u.Bot:
		return say.Refuse("I answer people, not bots.")
	case u.Deleted:
		return say.Refuse("Your account is deactivated. Ask an admin of the workspace.")
	case u.Stranger || u.TeamID != home:
		return foreign()
	case u.Guest:
		return say.Refuse("Guests cannot use slipway: it shows what runs in production. Ask a full member of the workspace.")
	}
	return nil
}

func foreign() error {
	return say.Refuse("slipway answers members of its own workspace only. Ask one of them to look for you.")
}

func (d *Door) user(ctx context.Context, id string) (slack.User, error) {
	d.mu.Lock()
	known, ok := d.seen[id]
	d.mu.Unlock()
	if ok && time.Since(known.at) < remembered {
		return known.user, nil
	}
	u, err := d.client.User(ctx, id)
	if err != nil {
		return slack.User{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget()
	d.seen[id] = seen{u, time.Now()}
	return u, nil
}

// forget drops what is too old to be believed, so that the map holds the people of the last minutes only.
func (d *Door) forget() {
	for id, s := range d.seen {
		if time.Since(s.at) >= remembered {
			delete(d.seen, id)
		}
	}
}
