package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/op"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

const (
	healthTimes  = 3               // in a row
	healthEvery  = 2 * time.Second // between them
	healthAnswer = 4 * time.Second // for one
	healthWithin = 3 * time.Minute // until all of them are well
)

// healthy waits until the app answers well, several times in a row. Since is when its dynos were seen up.
func (r rollback) healthy(c *bot.Clients, made madeRelease, since time.Time) op.Watch[int] {
	return op.Watch[int]{
		Look: func(ctx context.Context) (status int, well bool, err error) {
			for n := range healthTimes {
				if n > 0 {
					pause(ctx, healthEvery)
				}
				if status, err = askHealth(ctx, c.Web, r.Health); err != nil || status < 200 || status > 399 {
					break
				}
				well = n == healthTimes-1
			}
			switch {
			case well || ctx.Err() != nil:
				return status, well, ctx.Err()
			case time.Since(since) > healthWithin:
				return 0, false, r.ill(ctx, c, made, answered(status, err))
			}
			return 0, false, nil
		},
		Every: 5 * time.Second, Deadline: 2 * healthWithin,
	}
}

// healthAddress is where an app tells that it is well: the path of its settings at the address that Heroku knows it by; "" without either.
func healthAddress(app heroku.App, path string) string {
	if path == "" || app.WebURL == "" {
		return ""
	}
	return strings.TrimSuffix(app.WebURL, "/") + path
}

// pause lets time pass, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// askHealth gives the status that an address answers with. It follows no redirect: that one comes is an answer.
func askHealth(ctx context.Context, web *http.Client, address string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, healthAnswer)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	still := *web
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := still.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection serves again
	return resp.StatusCode, resp.Body.Close()
}

// answered is what an address answered last, in half a sentence.
func answered(status int, err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "did not answer within " + say.For(healthAnswer)
	case err != nil:
		return "could not be reached"
	}
	return fmt.Sprintf("answered with status %d", status)
}

// ill is how a rollback ends after which the app does not answer well.
func (r rollback) ill(ctx context.Context, c *bot.Clients, made madeRelease, last string) error {
	text := fmt.Sprintf("%s is current and its dynos are up, but %s did not answer well %d times in a row within %s: last it %s. Its log: %s",
		r.title(made), say.Code(r.Health), healthTimes, say.For(healthWithin), last, say.Code("heroku logs --tail -a "+r.App))
	detail := block("What the app logged last:", r.logged(ctx, c, ""))
	return failed(text, detail, r.further(), r.forward())
}
