package heartbeat

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

const (
	// every is the time between two calls.
	every = time.Minute
	// again is how soon it is asked again whether all is healthy, after it was not: the next call follows at once.
	again = 2 * time.Second
	// patience is how long a call may take, and how long it may take to find out whether all is healthy. Two of them end
	// well before the next call.
	patience = 10 * time.Second
)

// Options say whom to call and when.
type Options struct {
	URL     string       // what is called; "": nobody watches. It is never logged
	HTTP    *http.Client // what calls; its redirects are not followed
	Log     *slog.Logger
	Healthy func(ctx context.Context) error // why all is not healthy, in a few words for the log; nil when it is
}

// Heartbeat is the calls to one watchdog.
type Heartbeat struct {
	url     string
	client  http.Client
	healthy func(context.Context) error
	log     *slog.Logger

	ill, unheard bool // what was logged last
}

// New makes one that calls nobody before Run.
func New(o Options) *Heartbeat {
	h := &Heartbeat{url: o.URL, client: *o.HTTP, healthy: o.Healthy, log: o.Log}
	// An answer from elsewhere says nothing of the watchdog, and the address would be told there.
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// Run calls until ctx ends: at once when all is healthy, and a minute after the call before began. Without an address it
// does nothing. What goes wrong is logged once, and once more when it is over.
func (h *Heartbeat) Run(ctx context.Context) {
	if h.url == "" {
		return
	}
	for ctx.Err() == nil {
		next := time.Now().Add(every)
		if h.well(ctx) {
			h.beat(ctx)
		} else {
			next = time.Now().Add(again)
		}
		sleep(ctx, time.Until(next))
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// well asks whether all is healthy.
func (h *Heartbeat) well(ctx context.Context) bool {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := h.healthy(limited)
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil && !h.ill:
		h.log.Warn("the heartbeat stops: slipway is not healthy", "why", err)
	case err == nil && h.ill:
		h.log.Info("the heartbeat goes on: slipway is healthy again")
	}
	h.ill = err != nil
	return !h.ill
}

// beat calls once.
func (h *Heartbeat) beat(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := h.call(limited)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil && !h.unheard:
		h.log.Warn("the watchdog at HEARTBEAT_URL does not take the heartbeat", "why", err)
	case err == nil && h.unheard:
		h.log.Info("the watchdog at HEARTBEAT_URL takes the heartbeat again")
	}
	h.unheard = err != nil
}
