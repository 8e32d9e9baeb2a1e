package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	gh "github.com/google/go-github/v60/github"
)

// classify turns what go-github says into our error, without Op. go-github's own errors end here: they are its types.
func classify(resp *gh.Response, err error) *Error {
	e, ours := errors.AsType[*Error](err)
	if !ours {
		e = &Error{}
	}
	if resp != nil && resp.Response != nil {
		e.Status = resp.StatusCode
		e.RequestID = line(resp.Header.Get("X-Github-Request-Id"))
		e.Accepted = line(resp.Header.Get("X-Accepted-Github-Permissions"))
	}
	if ours || e.fromAnswer(err) || e.fromNetwork(err) {
		return e
	}
	// What is left came after a whole answer: the decoder could not read it.
	e.Kind, e.Message, e.Err = Malformed, line(err.Error()), err
	return e
}

// fromAnswer reads the errors by which go-github reports an answer.
func (e *Error) fromAnswer(err error) bool {
	if _, ok := errors.AsType[*gh.AcceptedError](err); ok {
		e.Kind = NotReady
		return true
	}
	if r, ok := errors.AsType[*gh.RateLimitError](err); ok {
		e.fromQuota(r)
		return true
	}
	if a, ok := errors.AsType[*gh.AbuseRateLimitError](err); ok {
		e.Kind, e.Message = SlowDown, line(a.Message)
		e.wait(a.Response.Header)
		if a.RetryAfter != nil && len(a.Response.Header) == 0 { // go-github answered, not GitHub
			e.Status, e.Message, e.Until = 0, notAsked, time.Now().Add(*a.RetryAfter).UTC()
		}
		return true
	}
	if t, ok := errors.AsType[*gh.TwoFactorAuthError](err); ok {
		e.Kind, e.Message = Unauthorized, line(t.Message)
		return true
	}
	if r, ok := errors.AsType[*gh.ErrorResponse](err); ok {
		e.Message = explain(r)
		e.fromStatus(r.Response)
		return true
	}
	return false
}

// fromQuota reads a spent quota, whether GitHub said so or go-github remembered it and did not ask.
func (e *Error) fromQuota(r *gh.RateLimitError) {
	e.Kind, e.Message, e.Until = OutOfQuota, line(r.Message), r.Rate.Reset.UTC()
	if len(r.Response.Header) == 0 {
		e.Status, e.Message = 0, notAsked
	}
	if r.Rate.Reset.IsZero() {
		e.wait(r.Response.Header)
	}
}

// wait sets Until from Retry-After, or to what GitHub asks for when it does not say.
func (e *Error) wait(h http.Header) {
	now := time.Now()
	if e.Until = retryAfter(h, now); e.Until.IsZero() {
		e.Until = now.Add(unsaidWait).UTC()
	}
}

func (e *Error) fromStatus(r *http.Response) {
	limited := r.StatusCode == http.StatusForbidden || r.StatusCode == http.StatusTooManyRequests
	switch s := r.StatusCode; {
	case limited && r.Header.Get(headerRemaining) == "0":
		e.Kind = OutOfQuota
		if e.Until = resetTime(r.Header); e.Until.IsZero() {
			e.wait(r.Header)
		}
	case s == http.StatusTooManyRequests, limited && r.Header.Get(headerRetryAfter) != "":
		e.Kind = SlowDown
		e.wait(r.Header)
	case isHTML(r.Header):
		e.Kind, e.Message = Unavailable, webPage
		e.Until = retryAfter(r.Header, time.Now())
	case s == http.StatusUnauthorized:
		e.Kind = Unauthorized
	case s == http.StatusForbidden, s == http.StatusUnavailableForLegalReasons:
		e.Kind = Forbidden
	case s == http.StatusNotFound, s == http.StatusGone, s == http.StatusUnprocessableEntity && strings.HasPrefix(e.Message, "No commit found"):
		e.Kind = NotFound // a commit that GitHub does not know is a 422 there
	case s >= 500:
		e.Kind = Unavailable
		e.Until = retryAfter(r.Header, time.Now())
	case s >= 400:
		e.Kind = Invalid
	default: // a 304 to a question without If-None-Match, a redirect without a place to go
		e.Kind = Malformed
	}
}

// fromNetwork reads what came in place of an answer.
func (e *Error) fromNetwork(err error) bool {
	if b, ok := errors.AsType[*badAnswer](err); ok {
		e.Kind, e.Status, e.Message = b.kind, b.status, b.text
		if b.kind == SlowDown {
			e.Until = time.Now().Add(unsaidWait).UTC()
		}
		return true
	}
	u, ok := errors.AsType[*url.Error](err)
	switch {
	case err == context.Canceled: // go-github gives the bare error of a context that ended
		e.Kind, e.Message, e.Err = Unreachable, "given up before an answer came", err
	case err == context.DeadlineExceeded: // and a dialer's own timeout, which is one too, wrapped
		e.Kind, e.Message, e.Err = Unreachable, "no answer in the time there was", err
	case ok:
		e.Kind, e.Message, e.Err = Unreachable, line(u.Err.Error()), u.Err
	default:
		return false
	}
	return true
}

// explain gives GitHub's message with the details that a 422 adds to it.
func explain(r *gh.ErrorResponse) string {
	parts := []string{r.Message}
	for _, d := range r.Errors {
		if d.Message == "" {
			d.Message = strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Resource, d.Field, d.Code))
		}
		parts = append(parts, d.Message)
	}
	return line(strings.Join(parts, "; "))
}

// line makes foreign text fit for one line of a log: no control characters.
func line(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
}

// cut shortens a text to 300 runes. It comes after the token is hidden: half a token would not be found.
func cut(s string) string {
	const most = 300
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
