package heroku

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Kind is what went wrong, as far as a caller acts on it.
type Kind string

// The kinds.
const (
	NotFound        Kind = "not found"                 // 404; also what an account without access sees
	Unauthorized    Kind = "token refused"             // 401
	Forbidden       Kind = "forbidden"                 // 403, with the token's scope or the account's role too small
	TwoFactor       Kind = "second factor asked for"   // 403 two_factor; an authorization's token usually skips it
	Suspended       Kind = "account suspended"         // 403 suspended
	PaymentRequired Kind = "payment required"          // 402, the account is delinquent
	Conflict        Kind = "conflict"                  // 409
	Invalid         Kind = "request refused"           // 422 and the other 4xx; also a name that cannot be asked for
	OutOfQuota      Kind = "rate limit reached"        // 429; RetryAfter if the API said so
	NotStarted      Kind = "not started"               // 404 of an output stream: its command did not begin yet
	Unavailable     Kind = "unavailable"               // 5xx, or a page of HTML in place of an answer
	Unreachable     Kind = "unreachable"               // no whole answer: network, time limit, or the context ended
	Malformed       Kind = "answer not understandable" // a success that cannot be read, an unasked-for redirect
)

// KindOf gives the kind of an error from here, "" for any other.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// Error is a call that failed. Neither its text nor its fields hold the token, a stream's address, or a body
// that was not Heroku's own error message.
type Error struct {
	Op         string // what was asked: "releases of penny-university"
	Kind       Kind
	Status     int           // of the answer; 0 when there was none
	ID         string        // Heroku's word for the error: "not_found"
	Message    string        // Heroku's sentence, or ours when it sent none
	RequestID  string        // of the answer, else the one that was sent: Heroku's support asks for it
	Ambiguous  bool          // a change was asked for, and may have been made all the same
	RetryAfter time.Duration // 0 when the API did not say
	Err        error         // beneath: a network's, a context's or a decoder's error
}

// Error tells operation, kind and reason. The request id is left out so that the same failure reads the same.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("heroku: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(string(e.Kind))
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Status != 0 {
		b.WriteString(" (" + strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.ID)) + ")")
	}
	if e.Ambiguous {
		b.WriteString("; it may have been done")
	}
	return b.String()
}

// Unwrap gives what lies beneath, so that errors.Is finds context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

// LogValue gives a log the parts, the request id among them.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("text", e.Error()), slog.String("kind", string(e.Kind))}
	if e.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", e.RequestID))
	}
	if e.Ambiguous {
		attrs = append(attrs, slog.Bool("ambiguous", true))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	return slog.GroupValue(attrs...)
}

// leavesOpen tells whether a change that was sent may have been made: not if it was refused in so many words.
func (e *Error) leavesOpen() bool {
	return e.Status == 0 || e.Status >= 500 || e.Status/100 == 2
}

// kindOf sorts the answers that are no success. Id is the error's own word for itself.
func kindOf(status int, id string) Kind {
	switch {
	case status >= 500:
		return Unavailable
	case status == 401:
		return Unauthorized
	case status == 402:
		return PaymentRequired
	case status == 403 && id == "two_factor":
		return TwoFactor
	case status == 403 && id == "suspended":
		return Suspended
	case status == 403:
		return Forbidden
	case status == 404:
		return NotFound
	case status == 409:
		return Conflict
	case status == 429:
		return OutOfQuota
	case status >= 400:
		return Invalid
	default:
		return Malformed
	}
}
