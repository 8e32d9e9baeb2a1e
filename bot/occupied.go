package bot

import (
	"context"
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/op"
	"slipway/bot/say"
)

// free refuses to plan a change of an app that an operation has; of one that ended as unknown it gives the operation, too.
func (b *Bot) free(ctx context.Context, req Request, preempts bool) (*op.Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	return b.clients.Operations.Free(ctx, req.who(), req.App.Name, preempts)
}

// unseen says in a plan that nobody will see in the app's channel what is done, where that takes no posts. Without the database, which
// knows, nothing is offered.
func (b *Bot) unseen(ctx context.Context, channel string) []string {
	ctx, cancel := context.WithTimeout(ctx, StoreWithin)
	defer cancel()
	why, err := b.boards.Complaint(ctx, channel)
	if err != nil || why == "" {
		return nil
	}
	return []string{fmt.Sprintf(":warning: I could not post in <#%s> the last time I tried: %s. Until that is mended nobody sees there what is done; `/deploy status` says it.", channel, why)}
}

// ask puts what became of an operation as a question under a refusal, for somebody who may say it: its own message may be gone, or
// stand where nobody can press its buttons any more.
func (b *Bot) ask(ctx context.Context, req Request, unknown *op.Standing, err error) error {
	refusal, ok := errors.AsType[*say.Refusal](err)
	if unknown == nil || !ok || b.door.Changes(ctx, req.who(), req.App, unknown.Verb) != nil {
		return err
	}
	return &askingError{refusal, unknown.Asked(refusal.Text)}
}

// askingError is a refusal with buttons under it.
type askingError struct {
	*say.Refusal
	blocks []slackgo.Block
}

func (a *askingError) Unwrap() error { return a.Refusal }

// asked are the blocks of a refusal that has buttons; nil: it has none.
func asked(err error) []slackgo.Block {
	if a, ok := errors.AsType[*askingError](err); ok {
		return a.blocks
	}
	return nil
}
