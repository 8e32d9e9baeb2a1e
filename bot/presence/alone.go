package presence

import (
	"context"
	"time"

	"slipway/bot/say"
	"slipway/bot/store"
)

// Sight is what is known of others.
type Sight struct {
	Others int       // connections that are not ours, at least; 0: none that is known
	Since  time.Time // since when they are known
	Heard  time.Time // when Slack last said how many it counts; zero: it has not yet
	Next   time.Time // when it is asked again
}

// Seen gives what is known of others, for people to read. An error is that of the store.
func (p *Presence) Seen(ctx context.Context) (Sight, error) {
	var v verdict
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v, err = read(ctx, tx)
		return err
	})
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Heard: moment(v.heard), Next: moment(v.lookAt)}
	if v.known > 0 {
		s.Others, s.Since = v.more, moment(v.known)
	}
	return s, nil
}

// Others is how many connections are known that are not ours. What is known is false while the store is away, and before Slack has
// first said how many it counts.
func (p *Presence) Others(ctx context.Context) (n int, known bool) {
	s, err := p.Seen(ctx)
	return s.Others, err == nil && !s.Heard.IsZero()
}

// Alone gives nil, or a *say.Refusal while somebody else is known to run with our app token, or when that cannot be told. Who came
// within the last 10 minutes may not be known yet.
func (p *Presence) Alone(ctx context.Context) error {
	s, err := p.Seen(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return say.Refuse("I cannot tell whether somebody else runs with my app token: my database does not answer. I change nothing until it does.")
	case s.Heard.IsZero():
		return say.Refuse("I cannot tell yet whether somebody else runs with my app token. Try again in a minute.")
	case s.Others > 0:
		return s.refusal(time.Now())
	}
	return nil
}

// refusal says who else is there, and what to do.
func (s Sight) refusal(now time.Time) error {
	return say.Refuse(":warning: Somebody else runs with my app token: Slack counts %s more than mine, since %s.\n"+
		"I change nothing until they are gone, since both of us could change an app at the same time. Commands that only read go on, but Slack "+
		"gives some of them to the other one.\n"+
		"Find it: a laptop with `slipway run`, an old dyno, another Heroku app. Or shut it out: make a new app-level token at "+
		"https://api.slack.com/apps under Basic Information, set `SLACK_APP_TOKEN` to it, and revoke the old one.\n%s",
		say.Count(s.Others, "connection", "connections"), say.At(now, s.Since), s.next(now))
}

func (s Sight) next(now time.Time) string {
	if wait := s.Next.Sub(now); wait > time.Second {
		return "I look again in " + say.For(wait) + "."
	}
	return "I am looking again now."
}

// moment is a stored time; zero for never.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
