package slack

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// maxErrorBody is how much is read of an answer other than 200.
const maxErrorBody = 16 << 10

// watcher is the HTTP client of a Client. It notes each answer, and puts a Retry-After into the whole seconds that are
// all slack-go can read: with any other it would take a plain 429 for a broken answer.
type watcher struct{ http *http.Client }

// Do sends a request.
func (w watcher) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, unsent{err}
	}
	resp, err := w.http.Do(r)
	if err != nil {
		return nil, err
	}
	a, _ := r.Context().Value(answerKey{}).(*answer)
	if a == nil {
		return resp, nil
	}
	a.status = resp.StatusCode
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what there is of it
	_ = resp.Body.Close()
	a.code = codeOf(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if after := resp.Header.Get("Retry-After"); after != "" {
		resp.Header.Set("Retry-After", wholeSeconds(after, time.Now()))
		if resp.Header.Get("Retry-After") == "" {
			resp.Header.Del("Retry-After")
		}
	}
	return resp, nil
}

// wholeSeconds reads a Retry-After (seconds, perhaps with a fraction, or a date), rounded up; "" if it is neither.
func wholeSeconds(after string, now time.Time) string {
	if f, err := strconv.ParseFloat(after, 64); err == nil && f >= 0 && f < 1e6 {
		return strconv.Itoa(int(math.Ceil(f)))
	}
	if t, err := http.ParseTime(after); err == nil {
		return strconv.Itoa(int(math.Ceil(max(0, t.Sub(now).Seconds()))))
	}
	return ""
}

// unsent is a context's error from before a request was sent.
type unsent struct{ error }

// Unwrap gives the context's error.
func (u unsent) Unwrap() []error { return []error{u.error, errNotSent} }
