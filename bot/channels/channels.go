package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// Options are what channels need.
type Options struct {
	Store *store.Store
	Slack *slack.Client
	Log   *slog.Logger
	Apps  config.Apps
	Found func() // is called after a channel was found; nil: nobody waits for it
}

// Channels knows the channels of all apps. It may be used by many goroutines at once.
type Channels struct {
	Options

	mu    sync.Mutex
	known map[spelled]string // ids; what was found once never changes
	why   map[spelled]string // it was logged why there is none
	deaf  bool               // it was logged that Slack does not list its channels

	looked     chan struct{} // is closed when the first look has ended
	lookedOnce sync.Once
}

// spelled is a channel as APPS gives it to an app.
type spelled struct{ app, name string }

func of(app config.App) spelled { return spelled{app.Name, app.Channel} }

// New makes them. Nothing is resolved before Run or Resolve.
func New(o Options) *Channels {
	return &Channels{Options: o, known: map[spelled]string{}, why: map[spelled]string{}, looked: make(chan struct{})}
}

// Looked is closed when Slack's channels were looked through once, whatever was found: before that, an unknown channel says
// only that we have just begun.
func (c *Channels) Looked() <-chan struct{} { return c.looked }

// ID gives the id of an app's channel; false: its name is not resolved yet.
func (c *Channels) ID(ctx context.Context, tx *store.Tx, app config.App) (id string, ok bool, err error) {
	if id, ok := c.Known(app); ok {
		return id, true, nil
	}
	err = tx.QueryRow(ctx, "select id from channels where app = $1 and name = $2", app.Name, app.Channel).Scan(&id)
	switch {
	case errors.Is(err, store.ErrNone):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("find the channel of %s: %w", app.Name, err)
	}
	c.remember(app, id)
	return id, true, nil
}

// Known gives the id of an app's channel without asking anybody; false: it is not known to this process yet.
func (c *Channels) Known(app config.App) (id string, ok bool) {
	if isID(app.Channel) {
		return app.Channel, true
	}
	return c.remembered(app)
}

// isID tells an id from a name: names have no capital letters.
func isID(channel string) bool { return channel != strings.ToLower(channel) }

func (c *Channels) remembered(app config.App) (id string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok = c.known[of(app)]
	return id, ok
}

func (c *Channels) remember(app config.App, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[of(app)] = id
	delete(c.why, of(app))
}

// Unresolved are the apps whose channel's name was looked for last time and not found, in the order of APPS.
func (c *Channels) Unresolved() []config.App {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []config.App
	for _, app := range c.Apps {
		if c.why[of(app)] != "" {
			list = append(list, app)
		}
	}
	return list
}
