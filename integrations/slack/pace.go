package slack

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// What Slack is promised: an apps.connections.open at most once a second and ten in any minute. Both are kept with a
// little to spare, because Slack counts when requests arrive and we only know when they leave.
const (
	opensPerWindow = 10
	openWindow     = 61 * time.Second
	openSpacing    = 1050 * time.Millisecond

	// After slowAfter connections in a row that failed or died young, the rest of the budget is spent slowly: a server
	// that recovers is met within seconds, not after most of a minute of silence.
	slowAfter   = 4
	slowSpacing = 10 * time.Second
	youngDeath  = 10 * time.Second
)

// pace holds all sockets of a session together to the promised number of opens. slack-go itself reconnects without
// any pause when a connection was made and then lost.
type pace struct {
	mu        sync.Mutex
	opens     [opensPerWindow]time.Time // a ring of the latest, those still to come included
	oldest    int
	failures  int // in a row
	notBefore time.Time
}

// wait returns when the next open may be sent, or with the context's error.
func (p *pace) wait(ctx context.Context) error {
	for {
		if err := sleepUntil(ctx, p.reserve(time.Now())); err != nil {
			return err
		}
		if !p.paused(time.Now()) { // by the other socket, meanwhile
			return nil
		}
	}
}

// sleepUntil returns at a time, or at once if that has come. It makes no timer then: two that are over when they are waited
// for crash a synctest bubble under the race detector (go1.26.8, both run in the bubble's one race context).
func sleepUntil(ctx context.Context, at time.Time) error {
	d := time.Until(at)
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reserve takes the next free moment.
func (p *pace) reserve(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	spacing := openSpacing
	if p.failures >= slowAfter {
		spacing = slowSpacing
	}
	latest := p.opens[(p.oldest+opensPerWindow-1)%opensPerWindow]
	at := now
	for _, t := range []time.Time{latest.Add(spacing), p.opens[p.oldest].Add(openWindow), p.notBefore} {
		if t.After(at) {
			at = t
		}
	}
	p.opens[p.oldest] = at
	p.oldest = (p.oldest + 1) % opensPerWindow
	return at
}

// ended takes note of how long a connection lived; 0 for one that was never made.
func (p *pace) ended(lived time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lived >= youngDeath {
		p.failures = 0
		return
	}
	p.failures++
}

// pause keeps all sockets from opening for as long as Slack asked for.
func (p *pace) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notBefore = time.Now().Add(d)
}

func (p *pace) paused(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.notBefore.After(now)
}

// opener is the HTTP client of one life. It waits outside of http.Client, whose Timeout would count the waiting.
type opener struct {
	http *http.Client
	pace *pace
	life *life
}

// Do sends an apps.connections.open when its turn has come.
func (o *opener) Do(r *http.Request) (*http.Response, error) {
	if !o.life.opening() {
		return nil, errParted
	}
	if err := o.pace.wait(r.Context()); err != nil {
		return nil, err
	}
	return o.http.Do(r)
}
