package weather

import (
	"net/http"
	"time"
)

// SetSkew makes the server's clock, as its answers tell it in their Date, go ahead of ours by d. To a client whose own clock
// is slow that is how it looks.
func (w *Weather) SetSkew(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skew = d
}

// tellTime puts the time of a clock that is not ours into an answer; net/http does it for the others.
func (w *Weather) tellTime(h http.Header) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.skew != 0 {
		h.Set("Date", time.Now().Add(w.skew).UTC().Format(http.TimeFormat))
	}
}
