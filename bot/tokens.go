package bot

import (
	"context"
	"errors"
	"fmt"

	"slipway/bot/abreast"
	"slipway/bot/config"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// TokenError says that GitHub or Heroku refuses our token. Trying again does not help; a person has to act. (Slack's
// tokens have their own, slack.RefusedError.)
type TokenError struct {
	Variable string // where it was set: GITHUB_TOKEN, HEROKU_WRITE_API_KEY …
	Fix      string
	Err      error
}

func (e *TokenError) Error() string {
	return fmt.Sprintf("%s is refused: %v. %s", e.Variable, e.Err, e.Fix)
}

func (e *TokenError) Unwrap() error { return e.Err }

// credential is as whom GitHub or Heroku is asked, and where that was set.
type credential struct {
	variable string
	try      func(context.Context) error // one read, or several; refused tells which of its errors matters
	refused  func(error) bool
}

// credentialsOf are those that a configuration has, each once: where one serves for reading and for writing, it is for reading.
func credentialsOf(cfg config.Config, c *Clients) []credential {
	reading, writing := cfg.GitHubVariables()
	list := []credential{ofGitHub(reading, c.GitHub, c.Apps)}
	if writing != reading && c.GitHubWrite != nil {
		list = append(list, ofGitHub(writing, c.GitHubWrite, c.Apps))
	}
	reading, writing = cfg.HerokuVariables()
	list = append(list, ofHeroku(reading, c.Heroku))
	if writing != reading && c.HerokuWrite != nil {
		list = append(list, ofHeroku(writing, c.HerokuWrite))
	}
	return list
}

func ofGitHub(variable string, client *github.Client, apps []config.App) credential {
	try := func(ctx context.Context) error {
		var failed error
		for _, app := range apps {
			_, err := client.Repository(ctx, app.Repo)
			if refusedByGitHub(err) {
				return err
			}
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", app.Name, err))
			}
		}
		return failed
	}
	return credential{variable, try, refusedByGitHub}
}

func refusedByGitHub(err error) bool { return github.KindOf(err) == github.Unauthorized }

func ofHeroku(variable string, client *heroku.Client) credential {
	try := func(ctx context.Context) error {
		_, err := client.Account(ctx)
		if heroku.KindOf(err) == heroku.Forbidden { // it is taken; whose it is takes the scope identity
			return nil
		}
		return err
	}
	return credential{variable, try, func(err error) bool { return heroku.KindOf(err) == heroku.Unauthorized }}
}

// tryTokens finds refused tokens at the start, when somebody looks, and tells of all that are. Whatever else goes wrong
// is no reason not to start: the far end may be down just now, and every answer says so.
func (b *Bot) tryTokens(ctx context.Context) error {
	refused := make([]error, len(b.credentials))
	var tries []func()
	for i, c := range b.credentials {
		tries = append(tries, func() {
			err := c.try(ctx)
			switch {
			case c.refused(err):
				refused[i] = &TokenError{c.variable, config.Renewal(c.variable), err}
			case err != nil && ctx.Err() == nil:
				b.log.Warn("not tried whether a token is taken", "variable", c.variable, "error", err)
			}
		})
	}
	abreast.Do(tries...)
	return errors.Join(refused...)
}
