package op_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The errors of the far end.
var (
	errCut   = errors.New("the connection died")
	errDown  = errors.New("503")
	errHTML  = errors.New("503, with a page of HTML")
	errQuota = errors.New("429, for a minute")
)

// farEnd makes effects, as badly as it is told to.
type farEnd struct {
	far     sync.Mutex
	effects []made
	guards  []string
	asks    int              // to make an effect
	badly   map[string][]way // how the next effects are made, one after the other
	down    bool             // readings fail
	blind   error            // what looking for effects gives, if not nil
	gone    error            // what guards give, if not nil
}

// made is an effect that is there.
type made struct {
	what, id string
	at       time.Time
}

// way is how an effect is made.
type way struct {
	after   time.Duration // it is there, counted from the request; below 0: never
	answers time.Duration // counted from the request
	err     error
}

// next has the next requests for an effect go so.
func (f *farEnd) next(what string, list ...way) {
	f.far.Lock()
	defer f.far.Unlock()
	if f.badly == nil {
		f.badly = map[string][]way{}
	}
	f.badly[what] = append(f.badly[what], list...)
}

// tell changes how readings go.
func (f *farEnd) tell(change func(f *farEnd)) {
	f.far.Lock()
	defer f.far.Unlock()
	change(f)
}

func (f *farEnd) act(ctx context.Context, what string) (id string, err error) {
	f.far.Lock()
	f.asks++
	id = fmt.Sprintf("%s-%d", what, f.asks)
	how := way{}
	if list := f.badly[what]; len(list) > 0 {
		how, f.badly[what] = list[0], list[1:]
	}
	if how.after >= 0 {
		f.effects = append(f.effects, made{what, id, time.Now().Add(how.after)})
	}
	f.far.Unlock()
	answer := time.NewTimer(max(how.answers, time.Millisecond))
	defer answer.Stop()
	select {
	case <-answer.C:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if how.err != nil {
		return "", how.err
	}
	return id, nil
}

func (f *farEnd) guard(what string) error {
	f.far.Lock()
	defer f.far.Unlock()
	f.guards = append(f.guards, what)
	if f.down {
		return errDown
	}
	return f.gone
}

func (f *farEnd) find(what string, since time.Time) (id string, found bool, err error) {
	f.far.Lock()
	defer f.far.Unlock()
	switch {
	case f.down:
		return "", false, errDown
	case f.blind != nil:
		return "", false, f.blind
	}
	for _, e := range f.effects {
		if e.what == what && !e.at.Before(since) && !e.at.After(time.Now()) {
			return e.id, true, nil
		}
	}
	return "", false, nil
}

// asked is how often effects were asked for.
func (f *farEnd) asked() int {
	f.far.Lock()
	defer f.far.Unlock()
	return f.asks
}

// guarded are the effects whose guards were asked.
func (f *farEnd) guarded() []string {
	f.far.Lock()
	defer f.far.Unlock()
	return slices.Clone(f.guards)
}

// count is how often an effect is there, or will be.
func (f *farEnd) count(what string) (n int) {
	f.far.Lock()
	defer f.far.Unlock()
	for _, e := range f.effects {
		if e.what == what {
			n++
		}
	}
	return n
}
