package channels

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

// How often Slack is asked for its channels while one is unknown.
const (
	lookEvery = time.Minute
	lookAgain = 10 * time.Second // when the question failed
)

// Run resolves what is not known, again and again until all is or ctx ends.
func (c *Channels) Run(ctx context.Context) {
	for {
		open, err := c.Resolve(ctx)
		if ctx.Err() != nil || err == nil && open == 0 {
			return
		}
		c.listed(err)
		timer := time.NewTimer(pause(err))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

func pause(err error) time.Duration {
	if e, ok := errors.AsType[*slack.Error](err); err == nil || ok && e.RateLimited() {
		return lookEvery // which is as long as Slack makes anybody wait
	}
	return lookAgain
}

// Resolve finds the channels of the apps of which none is known, and tells of how many none is known then. It asks Slack
// only if there are any. That a channel is not there is logged once, and is no error.
func (c *Channels) Resolve(ctx context.Context) (open int, err error) {
	defer c.lookedOnce.Do(func() { close(c.looked) })
	unknown, err := c.unknown(ctx)
	if err != nil || len(unknown) == 0 {
		return len(unknown), err
	}
	list, err := c.Slack.Channels(ctx)
	if err != nil {
		return len(unknown), fmt.Errorf("find the channels of APPS: %w", err)
	}
	c.listed(nil)
	for _, app := range unknown {
		found, why := named(list, app.Channel)
		if why != "" {
			c.missing(app, why)
			open++
			continue
		}
		if err := c.keep(ctx, app, found); err != nil {
			return open, err
		}
	}
	return open, nil
}

// unknown are the apps whose channel is not known. Another process may have found it meanwhile.
func (c *Channels) unknown(ctx context.Context) (list []config.App, err error) {
	err = c.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		list = nil
		for _, app := range c.Apps {
			_, ok, err := c.ID(ctx, tx, app)
			if err != nil {
				return err
			}
			if !ok {
				list = append(list, app)
			}
		}
		return nil
	})
	return list, err
}

// named finds the one channel of a name, and says why there is none. Slack gives a name once, but a channel that another
// workspace shares brings its own.
func named(list []slack.Channel, name string) (found slack.Channel, why string) {
	var open, archived []slack.Channel
	for _, ch := range list {
		switch {
		case ch.Name != name:
		case ch.Archived:
			archived = append(archived, ch)
		default:
			open = append(open, ch)
		}
	}
	if len(open) == 0 {
		open = archived // of which it will be told that it takes no posts
	}
	switch len(open) {
	case 0:
		return slack.Channel{}, fmt.Sprintf("no channel #%s that I can see: invite me, or put its id into APPS", name)
	case 1:
		return open[0], ""
	}
	return slack.Channel{}, fmt.Sprintf("%d channels are called #%s: put the id of one into APPS", len(open), name)
}

// keep writes down what was found, unless another process was first.
func (c *Channels) keep(ctx context.Context, app config.App, found slack.Channel) error {
	err := c.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "insert into channels (app, name, id) values ($1, $2, $3) on conflict (app, name) do nothing",
			app.Name, app.Channel, found.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the channel of %s: %w", app.Name, err)
	}
	c.mu.Lock()
	delete(c.why, of(app))
	c.mu.Unlock()
	if c.Found != nil {
		c.Found()
	}
	c.Log.Info("the channel is found, and stays whatever it is called later", "app", app.Name, "channel", app.Channel, "id", found.ID)
	return nil
}

// missing logs once why a channel is not known.
func (c *Channels) missing(app config.App, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why[of(app)] != why {
		c.Log.Warn(why, "app", app.Name)
	}
	c.why[of(app)] = why
}

// listed logs once that Slack does not list its channels, and once that it does again.
func (c *Channels) listed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch deaf := err != nil; {
	case deaf == c.deaf:
	case deaf:
		c.Log.Error("the channels of APPS are not looked for", "error", err)
	default:
		c.Log.Info("the channels of APPS are looked for again")
	}
	c.deaf = err != nil
}
