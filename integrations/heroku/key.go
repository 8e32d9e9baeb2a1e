package heroku

import (
	"context"
	"slices"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Key is what Heroku tells of our token.
type Key struct {
	Global  bool      // it may do everything that its owner may
	Scopes  []string  // as it was made; nil: Heroku does not tell it a token that is not global
	Expires time.Time // zero: never, or not told
}

// Key reads what our token may do. There is no question for just that: Heroku lists all authorizations of an account, with
// their tokens, and shows them to a global token alone [unverified: facts do not say which scope it takes]. So a refusal says
// that the token is narrower. The other tokens are dropped here.
func (c *Client) Key(ctx context.Context) (Key, error) {
	const op = "authorizations"
	var all []herokugo.OAuthAuthorization
	err := c.get(ctx, op, call{accept: v3}, "/oauth/authorizations", &all)
	switch KindOf(err) {
	case "":
	case Forbidden, NotFound:
		return Key{}, nil
	default:
		return Key{}, err
	}
	for _, a := range all {
		if a.AccessToken == nil || a.AccessToken.Token != c.wire.token {
			continue
		}
		key := Key{Global: slices.Contains(a.Scope, "global"), Scopes: a.Scope}
		if in := a.AccessToken.ExpiresIn; in != nil {
			key.Expires = time.Now().Add(time.Duration(*in) * time.Second)
		}
		return key, nil
	}
	return Key{Global: true}, nil // it saw them all, and so is not narrower
}

// Date asks Heroku for its time, in whole seconds, which costs nothing of the rate limit; zero if it does not tell.
func (c *Client) Date(ctx context.Context) (time.Time, error) {
	const op = "rate limit"
	var limit struct{ Remaining int }
	cl := call{accept: v3}
	err := c.do(ctx, op, &cl, func(ctx context.Context) error {
		return c.service.Get(ctx, &limit, "/account/rate-limits", nil, nil)
	})
	return cl.date, err
}
