package weather

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// visit is one request on its way through the weather.
type visit struct {
	r       *http.Request
	n       int // its position in the list of requests
	latency time.Duration
	down    bool
	tied    bool // a fair fault may hit it, which is decided a moment later
	fault   Fault
}

// arrive writes a request down and says what it meets.
func (w *Weather) arrive(r *http.Request) *visit {
	v := w.enter(r)
	if v.tied {
		time.Sleep(time.Nanosecond) // in a bubble: until all have arrived that arrive now
		w.decide()
	}
	return v
}

func (w *Weather) enter(r *http.Request) *visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight++
	v := &visit{r: r, n: w.write(r), latency: w.latency, down: w.down}
	switch i := w.matching(r); {
	case v.down || i < 0:
	case w.faults[i].Fair:
		v.tied = true
		w.tied = append(w.tied, v)
	default:
		w.meet(v, i)
	}
	return v
}

// decide gives the faults to the requests that arrived together.
func (w *Weather) decide() {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortStableFunc(w.tied, func(a, b *visit) int { return strings.Compare(a.address(), b.address()) })
	for _, v := range w.tied {
		if i := w.matching(v.r); i >= 0 {
			w.meet(v, i)
		}
	}
	w.tied = nil
}

func (v *visit) address() string { return v.r.Method + " " + v.r.URL.RequestURI() }

// matching is the position of the first fault that hits a request, or -1.
func (w *Weather) matching(r *http.Request) int {
	return slices.IndexFunc(w.faults, func(f Fault) bool { return f.hits(r) })
}

// meet lets a request meet a fault, which is spent by that unless it stays.
func (w *Weather) meet(v *visit, fault int) {
	v.fault = w.faults[fault]
	w.request(v).Fault = v.fault.Kind
	if !v.fault.Always {
		w.faults = slices.Delete(w.faults, fault, fault+1)
	}
}

// write adds a request to the list and gives its position.
func (w *Weather) write(r *http.Request) int {
	if len(w.requests) == w.keep {
		half := w.keep / 2
		w.requests = slices.Clone(w.requests[half:])
		w.dropped += half
	}
	w.requests = append(w.requests, Request{
		At: time.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Agent: r.UserAgent(),
	})
	return w.dropped + len(w.requests) - 1
}

// request is what is written down of a visit; something to write into when that is not kept any more.
func (w *Weather) request(v *visit) *Request {
	if i := v.n - w.dropped; i >= 0 {
		return &w.requests[i]
	}
	return &Request{}
}

// lost says that the server never saw it.
func (w *Weather) lost(v *visit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.request(v).Lost = true
}

func (w *Weather) answered(v *visit, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.request(v).Status = status
}

func (w *Weather) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight--
}
