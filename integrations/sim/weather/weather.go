// Package weather stands between a simulated server and its clients: it delays, drops, cuts, doubles and
// refuses their requests when told to, and keeps the list of what was asked.
//
// It is apart from the servers because all three meet the same weather, and because what a request does
// when the line is cut must not depend on which server it was for.
package weather

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one request as the server saw it.
type Request struct {
	At     time.Time // when it arrived
	Method string
	Path   string // without the query
	Query  string
	Agent  string // the User-Agent
	Status int    // of the answer; 0 while under way, or when the connection ended without one
	Fault  Kind   // what the weather did to it, if anything
	Lost   bool   // the connection ended before the server saw it
}

// Weather is the weather of one server. The zero value is not ready: use New.
type Weather struct {
	refuse func(w http.ResponseWriter, retryAfter time.Duration)

	mu       sync.Mutex
	latency  time.Duration
	down     bool
	skew     time.Duration
	faults   []Fault
	tied     []*visit // those that a fair fault may hit
	requests []Request
	inFlight int
	keep     int
	dropped  int // requests no longer kept

	closed bool
	late   []string // what is still to be done of requests whose connection has ended
	work   sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
}

// New gives fair weather. Refuse writes the server's own 429; a retryAfter of 0 means that the header is left out.
func New(refuse func(w http.ResponseWriter, retryAfter time.Duration)) *Weather {
	ctx, cancel := context.WithCancel(context.Background())
	return &Weather{refuse: refuse, ctx: ctx, cancel: cancel, keep: 100_000}
}

// Close ends the late work that is still waiting for its time, undone, and waits for what runs.
func (w *Weather) Close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.cancel()
	w.work.Wait()
}

// SetLatency makes each request take d before the server sees it.
func (w *Weather) SetLatency(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.latency = d
}

// SetDown makes the server unreachable (every connection ends without an answer) until it is called with false.
func (w *Weather) SetDown(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
}

// Down tells whether the server is unreachable now.
func (w *Weather) Down() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.down
}

// Add lets a fault hit the next request that it matches. Of several faults the first that was added hits.
func (w *Weather) Add(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, f)
}

// Clear takes back the faults that have not hit, and those that stay.
func (w *Weather) Clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// InFlight is the number of requests that have arrived and are not answered.
func (w *Weather) InFlight() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inFlight
}

// Open names the late work that is not done yet: "late POST /apps/penny-university/releases".
func (w *Weather) Open() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := slices.Clone(w.late)
	slices.Sort(open)
	return open
}

// Requests gives what was asked so far from position from on, oldest first, and the position after it. The last
// 100,000 are kept.
func (w *Weather) Requests(from int) ([]Request, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.dropped + len(w.requests)
	from = min(max(from-w.dropped, 0), len(w.requests))
	return slices.Clone(w.requests[from:]), next
}
