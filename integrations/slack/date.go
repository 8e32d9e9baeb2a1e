package slack

import (
	"context"
	"net/http"
	"time"
)

// Date asks Slack for its time, in whole seconds, as it comes with an answer (auth.test; no scope); zero if it does not tell.
func (c *Client) Date(ctx context.Context) (time.Time, error) {
	const method = "auth.test"
	ctx, a := watch(ctx)
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return time.Time{}, failure(method, reads, err, a)
	}
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return time.Time{}, nil
	}
	return date, nil
}
