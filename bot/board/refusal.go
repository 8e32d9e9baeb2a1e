package board

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"slipway/bot/store"
	"slipway/integrations/slack"
)

const (
	barredProbe    = 10 * time.Minute // a channel that refuses is tried with one board
	unwelcomeProbe = time.Minute      // so is a Slack that refuses our token
	firstProbe     = time.Second      // and one that does not answer, at doubling intervals
	longestProbe   = 15 * time.Second
	mostStrains    = 3 // calls in a row without an answer, until one call at a time is made
)

// unreachable stands in place of Slack's code when Slack does not answer.
const unreachable = "no answer"

// strain is what Slack as a whole makes of us.
type strain struct {
	lasts        bool
	probe, fails int64 // 0: all may call
}

func (s *scout) strain(ctx context.Context) (all strain, err error) {
	err = s.tx.QueryRow(ctx, "select probe, fails from board_refusals where channel = '' and over = 0").Scan(&all.probe, &all.fails)
	if errors.Is(err, store.ErrNone) {
		return strain{}, nil
	}
	all.lasts = true
	return all, err
}

// probe lets nobody else try while this claim does.
func (s *scout) probe(ctx context.Context, c *claim) error {
	if c.strained {
		_, err := s.tx.Exec(ctx, "update board_refusals set probe = $1 where channel = '' and over = 0 and probe > 0", in(s.now, longestProbe))
		if err != nil {
			return err
		}
	}
	if !c.probing {
		return nil
	}
	_, err := s.tx.Exec(ctx, "update board_refusals set probe = $1 where channel = $2 and over = 0", in(s.now, barredProbe), c.Channel)
	return err
}

// refusals writes down what an errand says about Slack and about the channel.
func (s *scribe) refusals(ctx context.Context) error {
	if err := s.whole(ctx); err != nil {
		return err
	}
	switch r := s.result; {
	case r.barred != "":
		return s.bar(ctx, r.barred)
	case !s.c.probing:
		return nil
	case r.called && r.answered && s.c.errand == showing && r.shown == r.wanted && r.ts != "":
		return s.unbar(ctx)
	case s.c.errand != showing || !r.called:
		_, err := s.tx.Exec(ctx, "update board_refusals set probe = $1 where channel = $2 and over = 0", s.now, s.c.Channel)
		return err // the next board tries
	}
	return nil
}

// whole is about Slack as a whole.
func (s *scribe) whole(ctx context.Context) error {
	switch r := s.result; {
	case r.unwelcome != "":
		return s.strained(ctx, r.unwelcome, in(s.now, unwelcomeProbe))
	case r.strain && s.c.strains+1 >= mostStrains:
		return s.strained(ctx, unreachable, in(s.now, doubled(firstProbe, longestProbe, s.c.strains+1-mostStrains)))
	case r.strain:
		return s.strained(ctx, "", 0)
	case r.called && r.answered && s.c.strained:
		_, err := s.tx.Exec(ctx, "delete from board_refusals where channel = ''")
		if s.c.strains >= mostStrains {
			s.say(func() { s.log.Info("Slack takes messages again") })
		}
		return err
	case !r.called && s.c.strained:
		_, err := s.tx.Exec(ctx, "update board_refusals set probe = $1 where channel = '' and probe > $1", s.now)
		return err
	}
	return nil
}

func (s *scribe) strained(ctx context.Context, code string, probe int64) error {
	_, err := s.tx.Exec(ctx, `insert into board_refusals (channel, code, posts, since, probe, fails, over) values ('', $1, 0, $2, $3, 1, 0)
		on conflict (channel) do update set code = excluded.code, fails = board_refusals.fails + 1,
			probe = case when board_refusals.probe < excluded.probe then excluded.probe else board_refusals.probe end`, code, s.now, probe)
	if code != "" && (s.c.strains == 0 || code == unreachable && s.c.strains+1 == mostStrains) {
		s.say(func() { s.log.Error("Slack takes no messages", "code", code) })
	}
	return err
}

// bar notes that a channel refuses posts. When that is new, the fallback person is told, by a board of our own.
func (s *scribe) bar(ctx context.Context, code string) error {
	channel, probe, posts := s.c.Channel, in(s.now, barredProbe), 0
	if s.c.ts == "" {
		posts = 1
	}
	var since int64
	err := s.tx.QueryRow(ctx, `insert into board_refusals (channel, code, posts, since, probe, fails, over) values ($1, $2, $3, $4, $5, 0, 0)
		on conflict (channel) do update set code = excluded.code, posts = excluded.posts, since = excluded.since, probe = excluded.probe, over = 0
			where board_refusals.over > 0 returning since`, channel, code, posts, s.now, probe).Scan(&since)
	if errors.Is(err, store.ErrNone) {
		_, err := s.tx.Exec(ctx, `update board_refusals set code = $1, probe = $2, posts = case when posts < $3 then posts else $3 end
			where channel = $4`, code, probe, posts, channel)
		return err
	}
	if err != nil {
		return err
	}
	s.say(func() { s.log.Error("a channel refuses messages", "channel", channel, "app", s.c.App, "code", code) })
	return s.tell(ctx, since)
}

// unbar notes that a channel takes posts again.
func (s *scribe) unbar(ctx context.Context) error {
	var since int64
	err := s.tx.QueryRow(ctx, "update board_refusals set over = $1 where channel = $2 and over = 0 returning since",
		s.now, s.c.Channel).Scan(&since)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	s.say(func() { s.log.Info("a channel takes messages again", "channel", s.c.Channel, "app", s.c.App) })
	return s.tell(ctx, since)
}

// ownPrefix begins the keys of our own boards.
const ownPrefix = "refusal "

// ours tells whether a board is one that tells of a refusal.
func (r *row) ours() bool { return strings.HasPrefix(string(r.Key), ownPrefix) }

// tell touches the board that tells of a refusal.
func (s *scribe) tell(ctx context.Context, since int64) error {
	if s.fallback == "" {
		return nil
	}
	return touch(ctx, s.tx, Board{
		Key: Key(fmt.Sprintf("%s%s %d", ownPrefix, s.c.Channel, since)), App: s.c.App, Channel: s.fallback,
	})
}

// drawRefusal draws the board that tells of a refusal.
func (b *Boards) drawRefusal(ctx context.Context, c *claim) (Drawing, error) {
	var channel string
	var since int64
	if _, err := fmt.Sscanf(string(c.Key), ownPrefix+"%s %d", &channel, &since); err != nil {
		return Drawing{}, fmt.Errorf("key %q: %w", c.Key, err)
	}
	var code string
	var begun, over int64
	err := b.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, "select code, since, over from board_refusals where channel = $1", channel).Scan(&code, &begun, &over)
	})
	if err != nil {
		return Drawing{}, err
	}
	text := fmt.Sprintf("I cannot post in <#%s>, where I tell of %s: %s. I try again every 10 minutes; then what is still true is posted.",
		channel, c.App, complaint(code))
	if over > 0 || begun != since {
		text = fmt.Sprintf("I can post in <#%s> again, where I tell of %s.", channel, c.App)
	}
	return Drawing{Message: slack.Message{Text: text}, Urgent: true}, nil
}

// complaint says what a channel's refusal means, and what a person can do.
func complaint(code string) string {
	switch code {
	case "is_archived", "is_inactive":
		return "it is archived. Unarchive it, or name another channel in `APPS`"
	case "not_in_channel":
		return "I am not in it. Invite me"
	case "channel_not_found":
		return "Slack does not show it to me. It is gone, or private: then invite me, or name another channel in `APPS`"
	}
	if strings.HasPrefix(code, "restricted_action") {
		return "I am not among those who may post there. Change its posting permissions, or name another channel in `APPS`"
	}
	return "Slack refuses it (`" + code + "`)"
}
