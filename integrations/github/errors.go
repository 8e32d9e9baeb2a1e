package github

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what went wrong, as far as a caller would act differently.
type Kind string

// The kinds, in the words that errors show.
const (
	NotFound     Kind = "not found"        // 404, 410; also a commit GitHub does not know, and what the token may not see
	Unauthorized Kind = "token refused"    // 401
	Forbidden    Kind = "not allowed"      // 403 that is no limit, 451; Accepted may say which permission is missing
	OutOfQuota   Kind = "out of quota"     // the primary limit is used up; Until says until when
	SlowDown     Kind = "asked too fast"   // a secondary limit or 429; Until says until when
	NotReady     Kind = "not ready yet"    // 202: GitHub is still working it out; 404 of a job's log: not sealed, or no such job
	Unavailable  Kind = "GitHub is unwell" // 5xx, or a web page in place of an answer
	Unreachable  Kind = "not reached"      // no whole answer came: network, timeout, or the caller's context ended
	Invalid      Kind = "refused as wrong" // 422 and the other 4xx, and what we refuse to ask
	Malformed    Kind = "not understood"   // an answer came and makes no sense
)

// Error is what every method of Client fails with.
type Error struct {
	Op        string    // what was asked: "compare a1b2...c3d4 of penny-university/penny_university"
	Kind      Kind      // what went wrong
	Status    int       // of the answer; 0 if none came, or none was asked for
	Message   string    // GitHub's words, or ours; one line, no token in it
	RequestID string    // X-GitHub-Request-Id, for GitHub's support
	Accepted  string    // X-Accepted-GitHub-Permissions: what the token would need, such as "actions=read"
	Ambiguous bool      // a change was asked for, and may have been made all the same
	Until     time.Time // of OutOfQuota and SlowDown always, of Unavailable if it was said: not before then
	Err       error     // what lies below, if anything; context.Canceled and context.DeadlineExceeded can be found
}

// Error tells the thing first and its trouble second.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, e.Kind)
	if !e.Until.IsZero() {
		fmt.Fprintf(&b, " until %s", e.Until.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	var facts []string
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("status %d", e.Status))
	}
	if e.Accepted != "" && e.Kind == Forbidden {
		facts = append(facts, "needs "+e.Accepted)
	}
	if e.RequestID != "" {
		facts = append(facts, "request "+e.RequestID)
	}
	if len(facts) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(facts, ", "))
	}
	if e.Ambiguous {
		b.WriteString("; it may have been done")
	}
	return b.String()
}

// Unwrap gives what lies below.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of an error from here, "" for any other.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// hiding takes a secret out of every text, as a far end may echo what it was sent, and then bounds the text.
func (e *Error) hiding(hide func(string) string) *Error {
	for _, text := range []*string{&e.Op, &e.Message, &e.RequestID, &e.Accepted} {
		*text = cut(hide(*text))
	}
	if e.Err != nil {
		if text := e.Err.Error(); hide(text) != text {
			e.Err = errors.New(hide(text))
		}
	}
	return e
}

// invalid refuses a question, most often before it is asked.
func invalid(op, format string, args ...any) *Error {
	return &Error{Op: cut(line(op)), Kind: Invalid, Message: cut(line(fmt.Sprintf(format, args...)))}
}
