package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"slipway/bot/store"
	"slipway/integrations/slack"
)

// How long an answer of Slack's is kept.
const (
	keepSomebody = 24 * time.Hour
	keepNobody   = time.Hour // somebody may join, or enter the address
)

// byEmail gives the Slack user id of who has an e-mail address; "" if nobody is to be mentioned, or if that cannot be told
// now, which is not sure.
func (p *People) byEmail(ctx context.Context, email string) (id string, sure bool) {
	email = strings.ToLower(strings.TrimSpace(email))
	if !askable(email) {
		return "", true
	}
	id, known, err := p.recall(ctx, email)
	if known || err != nil || !p.mayAsk(time.Now()) {
		return id, known
	}
	u, err := p.Slack.UserByEmail(ctx, email)
	e, refused := errors.AsType[*slack.Error](err)
	switch {
	case err == nil:
		id = mentionable(u)
	case refused && e.Nobody():
	default:
		p.refused(err)
		return "", refused && e.Code != "" && !e.RateLimited() // such as missing_scope, which asking again does not mend
	}
	p.answered()
	p.keep(ctx, email, id)
	return id, true
}

// longestEmail is that of RFC 5321, in bytes.
const longestEmail = 254

// askable tells whether an address can be somebody's in Slack. Those that GitHub makes up for people who hide theirs, and
// for what it commits itself, cannot.
func askable(email string) bool {
	name, host, ok := strings.Cut(email, "@")
	return ok && name != "" && strings.Contains(host, ".") && len(email) <= longestEmail &&
		!strings.Contains(email, "noreply") && !strings.Contains(email, "no-reply")
}

// mentionable gives the id of a full member of the workspace, and "" for anybody else.
func mentionable(u slack.User) string {
	if u.Bot || u.Deleted || u.Guest || u.Stranger {
		return ""
	}
	return u.ID
}

// recall gives what Slack answered before, while that is believed.
func (p *People) recall(ctx context.Context, email string) (id string, known bool, err error) {
	var asked int64
	err = p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select slack, asked from people where email = $1", email).Scan(&id, &asked)
	})
	if errors.Is(err, store.ErrNone) {
		return "", false, nil
	}
	keep := keepSomebody
	if id == "" {
		keep = keepNobody
	}
	if err != nil || time.Since(time.UnixMilli(asked)) >= keep {
		return "", false, err
	}
	return id, true, nil
}

// keep writes down what Slack answered, and forgets what is too old to be believed.
func (p *People) keep(ctx context.Context, email, id string) {
	now := time.Now()
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "delete from people where asked <= $1", now.Add(-keepSomebody).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into people (email, slack, asked) values ($1, $2, $3)
			on conflict (email) do update set slack = excluded.slack, asked = excluded.asked`, email, id, now.UnixMilli())
		return err
	})
	if err != nil && ctx.Err() == nil {
		p.Log.Warn("who has an e-mail address is not kept", "error", err)
	}
}
