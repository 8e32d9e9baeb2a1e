package op

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"slipway/bot/access"
	"slipway/bot/audit"
	"slipway/bot/say"
	"slipway/bot/store"
)

const (
	// fresh is for how long after its confirmation an operation begins effects. What is older asks for a new plan.
	fresh = 15 * time.Minute

	readWithin   = 20 * time.Second // one reading
	firstPause   = time.Second      // after one that failed; it doubles
	longestPause = 30 * time.Second
)

// may asks anew all that must hold just before an effect. What refuses it ends the operation; while somebody cannot tell, it waits.
func (o *Operation) may(ctx context.Context, s *step, guard func(ctx context.Context) error) error {
	switch {
	case o.stopper != "":
		return o.halt(ctx, s, stoppedText(s, o.stopper))
	case o.now() > in(o.confirmed, fresh):
		return o.tooLate(ctx, s)
	}
	err := o.ask(ctx, guard)
	if err == nil || ctx.Err() != nil {
		return o.gone(ctx, err)
	}
	if text, ok := answer(err); ok && !untold(err) {
		o.leaves(s, err)
		return o.halt(ctx, s, cmp.Or(others(err), text))
	}
	return o.trouble(ctx, s, err, in(o.confirmed, fresh), func() error { return o.tooLate(ctx, s) })
}

// gone abandons an attempt whose calls were ended.
func (o *Operation) gone(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return o.abandon(ctx, errors.Join(ctx.Err(), err))
}

// others is the text of a person's refusal as it is told to all of a channel; "" of any other.
func others(err error) string {
	if r, ok := errors.AsType[*access.Refused](err); ok {
		return r.Others
	}
	return ""
}

// untold tells a refusal that stands for nobody having been able to say.
func untold(err error) bool { return strings.HasSuffix(access.RuleOf(err), "unknown") }

// ask asks all side by side: a person waits for it. The first of them that says no is heard, or else the first that cannot tell.
func (o *Operation) ask(ctx context.Context, guarded func(ctx context.Context) error) error {
	e := o.engine
	questions := []func(ctx context.Context) error{
		func(context.Context) error { return e.MayWrite(o.Plan.App) },
		e.Alone,
		func(ctx context.Context) error { return e.Allowed(ctx, o.by, o.Plan.App, o.Plan.Verb) },
		guarded,
	}
	answers := make([]error, len(questions))
	var asking sync.WaitGroup
	for i, ask := range questions {
		if ask != nil {
			asking.Go(func() { answers[i] = reading(ctx, ask) })
		}
	}
	asking.Wait()
	return gravest(answers)
}

// gravest is the first answer in words, or else the first error.
func gravest(answers []error) (worst error) {
	for _, err := range answers {
		if _, ok := answer(err); ok && !untold(err) {
			return err
		}
		if worst == nil {
			worst = err
		}
	}
	return worst
}

// reading bounds one reading.
func reading(ctx context.Context, read func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	return guard(func() error { return read(ctx) })
}

// begin writes down that an effect begins now, unless somebody asked meanwhile to stop or the readings took too long, and tells until
// when it may last. That is fixed before a last look at the lease, which lasts longer: whoever pauses after it has less time, not a
// time that begins anew.
func (o *Operation) begin(ctx context.Context, s *step) (until time.Time, err error) {
	tries := s.tries
	err = o.write(ctx, func(ctx context.Context, tx *store.Tx, now int64) error {
		if err := tx.QueryRow(ctx, "select stopper from operations where id = $1", o.ID).Scan(&o.stopper); err != nil {
			return err
		}
		switch {
		case o.stopper != "":
			return errStopped
		case now > in(o.confirmed, fresh):
			return errStale
		}
		s.well()
		s.state, s.acted, s.tries = begun, now, tries+1
		if tries == 0 {
			s.began = now
		}
		if err := o.show(ctx, tx, s); err != nil || tries > 0 {
			return err // the audit trail has at the step's end how often
		}
		return o.tell(ctx, tx, now, audit.Entry{What: audit.StepBegan, Text: s.name})
	})
	until = time.Now().Add(actWithin)
	for tries := 0; err == nil && left(o.leased()) <= actWithin && tries < 3; tries++ {
		err = o.renew(ctx)
		until = time.Now().Add(actWithin)
	}
	switch {
	case errors.Is(err, errStopped):
		return until, o.halt(ctx, s, stoppedText(s, o.stopper))
	case errors.Is(err, errStale):
		return until, o.tooLate(ctx, s)
	case err != nil:
		return until, o.abandon(ctx, err)
	case left(o.leased()) <= actWithin:
		return until, o.abandon(ctx, errSlow)
	}
	o.engine.Nudge()
	return until, nil
}

var (
	errStopped = errors.New("somebody asked to stop")
	errStale   = errors.New("the time for effects is over")
	errSlow    = errors.New("the database is too slow for an effect to be begun under a lease")
	errPause   = errors.New("this process stood still before an effect")
)

// halt ends an operation before an effect.
func (o *Operation) halt(ctx context.Context, s *step, text string) error {
	return o.fail(ctx, s, stepStopped, stopped, s.sofar(text))
}

// tooLate ends an operation whose time for effects is over. One that had begun some, in vain, has failed.
func (o *Operation) tooLate(ctx context.Context, s *step) error {
	if s.tries == 0 {
		return o.halt(ctx, s, staleText(s))
	}
	return o.fail(ctx, s, stepStopped, failed, s.sofar(fmt.Sprintf("%s after the confirmation it is not tried any more. Ask for a new plan.", say.For(fresh))))
}

// trouble waits for somebody who cannot tell, visibly, up to a limit.
func (o *Operation) trouble(ctx context.Context, s *step, err error, limit int64, late func() error) error {
	if errors.Is(err, errPanic) {
		return o.broke(ctx, err)
	}
	now := o.now()
	if s.fails++; s.troubled == 0 {
		s.troubled = now
		o.engine.Log.Warn("an operation waits", "operation", o.ID, "app", o.Plan.App, "step", s.name, "error", err)
	}
	far := o.farOf(err)
	s.trouble = far.Name
	if now >= limit {
		return late()
	}
	wait := max(min(firstPause<<min(max(s.fails, s.tries)-1, 5), longestPause), far.After)
	return o.pause(ctx, s, min(wait, time.Duration(limit-now)*time.Millisecond+time.Millisecond))
}

func (o *Operation) troubleText(s *step, err error) string {
	if said := o.farOf(err).Said; said != "" {
		return fmt.Sprintf("Since %s: %s.", say.Date(moment(s.troubled)), said)
	}
	return fmt.Sprintf("Since %s %s could not be asked: %s", say.Date(moment(s.troubled)), s.trouble, o.words(err))
}

func stoppedText(s *step, by string) string {
	if s.tries > 0 {
		return fmt.Sprintf("<@%s> stopped it before it was tried again.", by)
	}
	return fmt.Sprintf("<@%s> stopped it before the step “%s”.", by, stepName(s.name))
}

func staleText(s *step) string {
	text := fmt.Sprintf("The step “%s” was not begun within %s of the confirmation, so it is not begun at all. Ask for a new plan.", stepName(s.name), say.For(fresh))
	if s.troubled == 0 {
		return text
	}
	return fmt.Sprintf("%s It waited for %s since %s.", text, s.trouble, say.Date(moment(s.troubled)))
}
