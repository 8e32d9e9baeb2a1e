package weather

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"
)

// Wrap puts the weather in front of a server. A client that goes away while its request travels is not served.
func (w *Weather) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v := w.arrive(r)
		defer w.leave()
		if v.down || v.fault.Kind == Drop || !sleep(r.Context(), v.travels()) {
			w.end(v)
		}
		w.tellTime(rw.Header())
		switch f := v.fault; f.Kind {
		case TooMany:
			w.answered(v, http.StatusTooManyRequests)
			w.refuse(rw, f.D)
		case TooManyBare:
			w.answered(v, http.StatusTooManyRequests)
			w.refuse(rw, 0)
		case HTML503:
			w.answered(v, http.StatusServiceUnavailable)
			unavailable(rw)
		case Cut:
			quietly(next, w.copy(v)())
			panic(http.ErrAbortHandler)
		case Late:
			w.afterwards(f.D, next, w.copy(v)())
			panic(http.ErrAbortHandler)
		case Duplicate:
			again := w.copy(v)
			quietly(next, again())
			w.serve(v, next, rw, again())
		default:
			w.serve(v, next, rw, r)
		}
	})
}

// travels is how long the way to the server takes.
func (v *visit) travels() time.Duration {
	if v.fault.Kind == Delay {
		return v.latency + v.fault.D
	}
	return v.latency
}

// end ends the connection of a request that the server does not see.
func (w *Weather) end(v *visit) {
	w.lost(v)
	panic(http.ErrAbortHandler)
}

func (w *Weather) serve(v *visit, next http.Handler, rw http.ResponseWriter, r *http.Request) {
	seen := &statusWriter{ResponseWriter: rw}
	defer func() { w.answered(v, seen.status) }()
	next.ServeHTTP(seen, r)
	if seen.status == 0 {
		seen.status = http.StatusOK // what net/http writes for a handler that wrote nothing
	}
}

// copy reads a request's body and gives a function that makes the same request again, and again. It outlives its
// client. A body whose end never came was not a request.
func (w *Weather) copy(v *visit) func() *http.Request {
	body, err := io.ReadAll(v.r.Body)
	if err != nil {
		w.end(v)
	}
	return func() *http.Request {
		again := v.r.Clone(context.WithoutCancel(v.r.Context()))
		again.Body = io.NopCloser(bytes.NewReader(body))
		return again
	}
}

// quietly does the work of a request whose answer nobody gets.
func quietly(next http.Handler, r *http.Request) {
	defer func() {
		if e := recover(); e != nil && e != http.ErrAbortHandler {
			panic(e)
		}
	}()
	next.ServeHTTP(httptest.NewRecorder(), r)
}

// afterwards does the work of a request d from now, unless the server is closed before.
func (w *Weather) afterwards(d time.Duration, next http.Handler, r *http.Request) {
	words := "late " + r.Method + " " + r.URL.Path
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.late = append(w.late, words)
	w.work.Go(func() {
		if sleep(w.ctx, d) {
			quietly(next, r.WithContext(w.ctx))
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		i := slices.Index(w.late, words)
		w.late = slices.Delete(w.late, i, i+1)
	})
}

func unavailable(rw http.ResponseWriter) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(rw, "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>\n")
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

// statusWriter remembers the status. It gives its inner writer to http.ResponseController.
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
