package commands

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// opened is the pull request that came of a revert. It is stored as JSON: add fields, never rename them.
type opened struct {
	Number int
	URL    string
	Title  string
}

func openedOf(p github.Pull) opened { return opened{p.Number, p.URL, p.Title} }

func runRevert(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var r revert
		if err := o.Data(&r); err != nil {
			return err
		}
		for _, one := range r.Pulls {
			if _, err := op.Do(ctx, o, one.step(), r.open(c, one, o.ID)); err != nil {
				return err
			}
		}
		return nil
	}
}

// open makes one revert. The guard saw none, so one that is there was made since; whoever made it, a second would say the same.
func (r revert) open(c *bot.Clients, one reverted, operation string) op.Effect[opened] {
	return op.Effect[opened]{
		Guard: func(ctx context.Context) error { return r.guard(ctx, c, one) },
		Find: func(ctx context.Context, _ time.Time) (opened, bool, error) {
			latest, err := latestPulls(ctx, c, r.Repo)
			made, found := revertOf(one, latest)
			return openedOf(made), found, err
		},
		Act: func(ctx context.Context) (opened, error) {
			made, err := c.GitHubWrite.Revert(ctx, r.Repo, one.NodeID, github.Revert{Body: revertBody(r.Repo, one, operation)})
			return openedOf(made), revertDenied(one, err)
		},
		Settle: revertSettles,
		Detail: func(made opened) string {
			return "Opened: " + say.Link(made.URL, fmt.Sprintf("#%d", made.Number)) + " " + say.Foreign(made.Title, phrase.TitleLimit)
		},
		Harmless: true, // what runs stays
		IDs:      func(made opened) map[string]string { return map[string]string{"pull": strconv.Itoa(made.Number)} },
	}
}

// guard refuses when the pull request is not merged, or was taken back since the plan was made.
func (r revert) guard(ctx context.Context, c *bot.Clients, one reverted) error {
	var found github.Pull
	var latest []github.Pull
	var foundErr, latestErr error
	abreast.Do(
		func() { found, foundErr = c.GitHub.Pull(ctx, r.Repo, one.Number) },
		func() { latest, latestErr = latestPulls(ctx, c, r.Repo) },
	)
	if err := cmp.Or(foundErr, latestErr); err != nil {
		return err
	}
	return revertible(found, latest)
}
