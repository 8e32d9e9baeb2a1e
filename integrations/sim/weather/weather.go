// Package weather stands between a simulated server and its clients: it delays, drops, cuts, doubles and
// refuses their requests when told to, and keeps the list of what was asked.
//
// It is apart from the servers because all three meet the same weather, and because what a request does
// when the line is cut must not depend on which server it was for.
package weather

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"time"
)

// Kind says how a fault shows itself to the client.
type Kind string

// The kinds, as a conversation spells them.
const (
	Delay       Kind = "delay"     // the request travels for D longer, then all is well
	Drop        Kind = "drop"      // the connection ends; nothing was done
	Duplicate   Kind = "duplicate" // the request arrives twice; the second answer is the one that is seen
	Cut         Kind = "cut"       // the work is done, then the connection ends without an answer
	Late        Kind = "late"      // the connection ends at once, and the work is done D afterwards
	TooMany     Kind = "429"       // refused, with Retry-After
	TooManyBare Kind = "429-bare"  // refused, without Retry-After
	HTML503     Kind = "html-503"  // refused by a proxy, in HTML
)

// Fault hits requests of one method and path.
type Fault struct {
	Method string // "*" for any
	Path   string // as path.Match takes it, a "*" standing for one element; "*" alone for any path
	Kind   Kind
	D      time.Duration // of Delay and Late; of TooMany the Retry-After, rounded up to seconds
	Always bool          // stays until Clear; otherwise the fault hits once
}

// ParseFault reads the words after the server's name in a "!fault" line:
// METHOD PATH KIND [DURATION] [always].
func ParseFault(words []string) (Fault, error) {
	if len(words) < 3 {
		return Fault{}, fmt.Errorf("a fault reads: METHOD PATH KIND [DURATION] [always]")
	}
	f := Fault{Method: strings.ToUpper(words[0]), Path: words[1], Kind: Kind(words[2])}
	if _, err := path.Match(f.Path, "/"); err != nil {
		return Fault{}, fmt.Errorf("path %q: %w", f.Path, err)
	}
	rest := words[3:]
	if len(rest) > 0 && rest[len(rest)-1] == "always" {
		f.Always = true
		rest = rest[:len(rest)-1]
	}
	if len(rest) > 1 {
		return Fault{}, fmt.Errorf("a fault reads: METHOD PATH KIND [DURATION] [always]")
	}
	if len(rest) == 1 {
		d, err := time.ParseDuration(rest[0])
		if err != nil || d < 0 {
			return Fault{}, fmt.Errorf("%q is no duration; write it like 5s or 200ms", rest[0])
		}
		f.D = d
	}
	switch f.Kind {
	case Delay, Late:
		if f.D == 0 {
			return Fault{}, fmt.Errorf("%s needs a duration, such as 5s", f.Kind)
		}
	case TooMany:
		if f.D == 0 {
			f.D = time.Second
		}
	case Drop, Duplicate, Cut, TooManyBare, HTML503:
		if f.D != 0 {
			return Fault{}, fmt.Errorf("%s takes no duration", f.Kind)
		}
	default:
		return Fault{}, fmt.Errorf("%q is no kind of fault; the kinds are delay, drop, duplicate, cut, late, 429, 429-bare and html-503", f.Kind)
	}
	return f, nil
}

func (f Fault) hits(r *http.Request) bool {
	if f.Method != "*" && f.Method != r.Method {
		return false
	}
	if f.Path == "*" {
		return true
	}
	ok, _ := path.Match(f.Path, r.URL.Path)
	return ok
}

// Request is one request as the server saw it.
type Request struct {
	At     time.Time // when it arrived
	Method string
	Path   string // without the query
	Query  string
	Agent  string // the User-Agent
	Status int    // of the answer; 0 while under way, or when the connection ended without one
	Fault  Kind   // what the weather did to it, if anything
}

// Weather is the weather of one server. The zero value is not ready: use New.
type Weather struct {
	refuse func(w http.ResponseWriter, retryAfter time.Duration)

	mu       sync.Mutex
	latency  time.Duration
	down     bool
	faults   []Fault
	requests []Request
	inFlight int
	keep     int
	dropped  int // requests no longer kept

	late   sync.WaitGroup
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
	w.cancel()
	w.late.Wait()
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

// Add lets a fault hit the next request that it matches.
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

// Requests gives what was asked so far from position from on, oldest first, and the position after it. The last
// 100,000 are kept.
func (w *Weather) Requests(from int) ([]Request, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.dropped + len(w.requests)
	from = min(max(from-w.dropped, 0), len(w.requests))
	return append([]Request(nil), w.requests[from:]...), next
}

// Wrap puts the weather in front of a server.
func (w *Weather) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		fault, latency, down, n := w.arrive(r)
		defer w.leave()
		if down || fault.Kind == Drop {
			panic(http.ErrAbortHandler)
		}
		if !sleep(r.Context(), latency) {
			panic(http.ErrAbortHandler)
		}
		switch fault.Kind {
		case Delay:
			if !sleep(r.Context(), fault.D) {
				panic(http.ErrAbortHandler)
			}
		case TooMany:
			w.answered(n, http.StatusTooManyRequests)
			w.refuse(rw, fault.D)
			return
		case TooManyBare:
			w.answered(n, http.StatusTooManyRequests)
			w.refuse(rw, 0)
			return
		case HTML503:
			w.answered(n, http.StatusServiceUnavailable)
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(rw, "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>\n")
			return
		case Duplicate:
			first := replay(r)
			next.ServeHTTP(httptest.NewRecorder(), first())
			r = first()
		case Cut:
			next.ServeHTTP(httptest.NewRecorder(), replay(r)())
			panic(http.ErrAbortHandler)
		case Late:
			again := replay(r)
			w.late.Add(1)
			go func() {
				defer w.late.Done()
				if sleep(w.ctx, fault.D) {
					next.ServeHTTP(httptest.NewRecorder(), again().WithContext(w.ctx))
				}
			}()
			panic(http.ErrAbortHandler)
		}
		seen := &statusWriter{ResponseWriter: rw}
		defer func() { w.answered(n, seen.status) }()
		next.ServeHTTP(seen, r)
	})
}

// replay reads the request's body and gives back a function that makes the same request again.
func replay(r *http.Request) func() *http.Request {
	body, _ := io.ReadAll(r.Body)
	return func() *http.Request {
		again := r.Clone(context.WithoutCancel(r.Context()))
		again.Body = io.NopCloser(bytes.NewReader(body))
		return again
	}
}

func (w *Weather) arrive(r *http.Request) (f Fault, latency time.Duration, down bool, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight++
	if !w.down {
		for i := range w.faults {
			if !w.faults[i].hits(r) {
				continue
			}
			f = w.faults[i]
			if !f.Always {
				w.faults = append(w.faults[:i:i], w.faults[i+1:]...)
			}
			break
		}
	}
	if len(w.requests) == w.keep {
		half := w.keep / 2
		w.requests = append([]Request(nil), w.requests[half:]...)
		w.dropped += half
	}
	w.requests = append(w.requests, Request{
		At: time.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Agent: r.UserAgent(), Fault: f.Kind,
	})
	return f, w.latency, w.down, w.dropped + len(w.requests) - 1
}

func (w *Weather) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight--
}

func (w *Weather) answered(n, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := n - w.dropped; i >= 0 {
		w.requests[i].Status = status
	}
}

// sleep waits for d and tells whether it was let to.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// statusWriter remembers the status. It gives its inner writer to http.ResponseController and to hijackers.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusWriter) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
