package bot

import (
	"context"
	"errors"
	"fmt"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// TokenError says that GitHub or Heroku refuses our token. Trying again does not help; a person has to act. (Slack's
// tokens have their own, slack.RefusedError.)
type TokenError struct {
	Variable string // GITHUB_TOKEN or HEROKU_API_KEY
	Fix      string
	Err      error
}

func (e *TokenError) Error() string {
	return fmt.Sprintf("%s is refused: %v. %s", e.Variable, e.Err, e.Fix)
}

func (e *TokenError) Unwrap() error { return e.Err }

// tryTokens finds refused tokens at the start, when somebody looks, and tells of both if both are. Whatever else goes wrong
// is no reason not to start: the far end may be down just now, and every answer says so.
func (b *Bot) tryTokens(ctx context.Context) error {
	var refused [2]error
	Together(
		func() {
			for _, app := range b.clients.Apps {
				_, err := b.clients.GitHub.Repository(ctx, app.Repo)
				if github.KindOf(err) == github.Unauthorized {
					refused[0] = &TokenError{"GITHUB_TOKEN", "Make a new token at https://github.com/settings/tokens and set it.", err}
					return
				}
				if err != nil && ctx.Err() == nil {
					b.log.Warn("repository not read", "app", app.Name, "error", err)
				}
			}
		},
		func() {
			_, err := b.clients.Heroku.Account(ctx)
			if heroku.KindOf(err) == heroku.Unauthorized {
				refused[1] = &TokenError{"HEROKU_API_KEY", "Make a new one with `heroku authorizations:create -s read` and set it.", err}
				return
			}
			if err != nil && ctx.Err() == nil {
				b.log.Warn("account not read", "error", err)
			}
		},
	)
	return errors.Join(refused[:]...)
}
