package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Error is what a call of the Web API ended with.
type Error struct {
	Method string // such as chat.postMessage; "response_url" for Respond
	// Code is Slack's word for it, such as channel_not_found; "ratelimited" for every 429; empty if Slack said none.
	Code       string
	Status     int           // of the HTTP answer; 0 if there was none
	RetryAfter time.Duration // as Slack asked; 0 if it did not, even if it was a 429
	Needed     string        // with missing_scope: the scopes that are missing, as Slack lists them
	Details    []string      // what Slack finds wrong with blocks, in its words
	Ambiguous  bool          // the call writes, and may have been carried out all the same
	Err        error         // as it came
}

// Error says what was called and what came of it.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Slack %s: %s", e.Method, e.what())
	if e.Needed != "" {
		fmt.Fprintf(&b, " (needs %s)", e.Needed)
	}
	if len(e.Details) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(e.Details, "; "))
	}
	if e.Ambiguous {
		b.WriteString("; it may have been done")
	}
	return b.String()
}

func (e *Error) what() string {
	switch {
	case e.RetryAfter > 0:
		return fmt.Sprintf("too many requests, wait %v", e.RetryAfter)
	case e.Code != "":
		return e.Code
	case e.Status != 0 && e.Status != http.StatusOK:
		return fmt.Sprintf("HTTP %d", e.Status)
	}
	return e.Err.Error()
}

// Unwrap gives the error as it came.
func (e *Error) Unwrap() error { return e.Err }

// RateLimited tells whether the method is to be left alone for RetryAfter, or for a while if that is 0.
func (e *Error) RateLimited() bool {
	return e.Status == http.StatusTooManyRequests || e.Code == rateLimited || e.Code == "rate_limited"
}

const rateLimited = "ratelimited"

// Whether a method changes something; only then a lost answer is ambiguous.
type effect bool

const (
	reads  effect = false
	writes effect = true
)

// failure sorts what slack-go returns. The answer holds what the HTTP client saw of this call.
func failure(method string, does effect, err error, a *answer) error {
	if err == nil {
		return nil
	}
	e := &Error{Method: method, Status: a.status, Code: a.code, Err: err}
	var (
		refused slackgo.SlackErrorResponse
		limited *slackgo.RateLimitedError
	)
	switch {
	case errors.As(err, &refused):
		e.Code, e.Needed, e.Details = refused.Err, refused.Needed, refused.ResponseMetadata.Messages
		// fatal_error and internal_error: "part may have succeeded".
		e.Ambiguous = e.Code == "fatal_error" || e.Code == "internal_error"
	case errors.As(err, &limited):
		e.Code, e.RetryAfter = rateLimited, limited.RetryAfter
	case e.Status == http.StatusTooManyRequests:
		e.Code = rateLimited
	case e.Status >= 500:
		e.Ambiguous = true
	case e.Status >= 300:
		// refused by whoever answered
	case e.Status == http.StatusOK && word.MatchString(err.Error()):
		e.Code = err.Error() // a response URL answers in plain text
	case e.Status == http.StatusOK:
		e.Ambiguous = true // done, and the answer cannot be read
	default:
		e.Ambiguous = !neverSent(err)
	}
	e.Ambiguous = e.Ambiguous && does == writes
	return e
}

// word is how Slack's error codes look.
var word = regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)+$`)

// neverSent tells of errors that came before anything was written.
func neverSent(err error) bool {
	if errors.Is(err, errNotSent) {
		return true
	}
	dial, ok := errors.AsType[*net.OpError](err)
	return ok && dial.Op == "dial"
}

// errNotSent marks a call whose time was over before it began.
var errNotSent = errors.New("not sent")

// answer is what the HTTP client saw of one call, kept because slack-go's errors tell less.
type answer struct {
	status int
	code   string // of an answer other than 200
}

type answerKey struct{}

// watch gives the context of one call, and where its answer will be.
func watch(ctx context.Context) (context.Context, *answer) {
	a := &answer{}
	return context.WithValue(ctx, answerKey{}, a), a
}

// codeOf finds Slack's code in the body of an answer other than 200: in JSON, or as the only word of a text.
func codeOf(body []byte) string {
	var reply struct{ Error string }
	if json.Unmarshal(body, &reply) == nil {
		return reply.Error
	}
	if text := strings.TrimSpace(string(body)); word.MatchString(text) {
		return text
	}
	return ""
}
