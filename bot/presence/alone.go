package presence

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/access"
	"slipway/bot/say"
	"slipway/bot/store"
)

// believed is how long Slack's last word is believed: it is asked every 10 minutes, and after trouble some are late.
const believed = relook + 5*time.Minute

// mostOpen is how many connections Slack allows an app (facts/slack.md, Socket Mode). Where all are ours there is no room for anybody
// else, nor for a look.
const mostOpen = 10

// Sight is what is known of others.
type Sight struct {
	Others int       // connections that are not ours, at least; 0: none that is known
	Since  time.Time // since when they are known
	Heard  time.Time // when Slack last said how many it counts; zero: it has not yet
	Next   time.Time // when it is asked again

	unsure bool // Slack counted more than ours once, and is asked a second time
	full   bool // all connections that there can be are ours
}

// Seen gives what is known of others, for people to read. An error is that of the store.
func (p *Presence) Seen(ctx context.Context) (Sight, error) {
	var v verdict
	var open int
	err := p.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v, err = read(ctx, tx); err != nil {
			return err
		}
		open, err = opened(ctx, tx)
		return err
	})
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Heard: moment(v.heard), Next: moment(v.lookAt), unsure: v.began > 0 && v.known == 0, full: open >= mostOpen}
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

// Alone gives nil, or an *access.Refused while somebody else is known to run with our app token, or when that cannot be told. Who came
// within the last 10 minutes may not be known yet.
func (p *Presence) Alone(ctx context.Context) error {
	s, err := p.Seen(ctx)
	now := time.Now()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return cannotTell("my database does not answer. I change nothing until it does")
	case s.Heard.IsZero():
		return cannotTell("Slack has not said yet. Try again in a minute")
	case s.Others > 0:
		no := access.Refuse(access.RulePresence, s.refusal(now))
		no.Others = s.finding() // it stands for long
		return no
	case s.unsure:
		return cannotTell("Slack counts more connections than mine, and I ask it once more. Try again in half a minute")
	case !s.full && now.Sub(s.Heard) > believed:
		return cannotTell(fmt.Sprintf("Slack last said %s, and does not let me ask. Try again in a minute", say.At(now, s.Heard)))
	}
	return nil
}

// cannotTell is a no for want of knowledge. why is a sentence without its full stop.
func cannotTell(why string) error {
	return access.Refuse(access.RulePresenceUnknown, "I cannot tell whether somebody else runs with my app token: "+why+".")
}

// finding says who else is there.
func (s Sight) finding() string {
	return fmt.Sprintf(":warning: Somebody else runs with my app token: Slack counts %s more than mine, since %s.",
		say.Count(s.Others, "connection", "connections"), say.Date(s.Since))
}

// refusal says who else is there, and what to do.
func (s Sight) refusal(now time.Time) string {
	return fmt.Sprintf("%s\nI change nothing until they are gone, since both of us could change an app at the same time. Commands that only read go on, but Slack "+
		"gives some of them to the other one.\n"+
		"Find it: a laptop with `slipway run`, an old dyno, another Heroku app. Or shut it out: make a new app-level token at "+
		"https://api.slack.com/apps under Basic Information, set `SLACK_APP_TOKEN` to it, and revoke the old one.\n%s",
		s.finding(), s.next(now))
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
