package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"slipway/integrations/slack"
)

// identity is who we are in Slack: our workspace and our user. Nothing is answered before it is known, because who
// may ask depends on it.
type identity struct {
	client *slack.Client
	log    *slog.Logger
	known  chan struct{}
	self   slack.Identity // read after known is closed
}

func newIdentity(client *slack.Client, log *slog.Logger) *identity {
	return &identity{client: client, log: log, known: make(chan struct{})}
}

// find asks Slack until it answers. It ends with an error when Slack refuses the token, and otherwise stays until ctx
// ends.
func (i *identity) find(ctx context.Context) error {
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		self, err := i.client.Auth(ctx)
		if err == nil {
			i.self = self
			close(i.known)
			<-ctx.Done()
			return nil
		}
		if ctx.Err() != nil {
			return nil // called off, which must not pass for the reason why the bot ends
		}
		var refused *slack.RefusedError
		if errors.As(err, &refused) {
			return err
		}
		i.log.Warn("Slack does not say who we are", "again_in", pause, "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// identityWithin is how long a request waits for it at the start.
const identityWithin = 10 * time.Second

func (i *identity) wait(ctx context.Context) (slack.Identity, error) {
	select {
	case <-i.known:
		return i.self, nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, identityWithin)
	defer cancel()
	select {
	case <-i.known:
		return i.self, nil
	case <-ctx.Done():
		return slack.Identity{}, ctx.Err()
	}
}
