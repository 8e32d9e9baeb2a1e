package heroku

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	maxText     = 500 // runes of a foreign sentence that are kept
	maxWarnings = 64  // distinct ones that are told
)

// refusal reads an answer that is no success. A body that is not Heroku's JSON gives no word to the error: it may
// be anybody's page.
func (w *wire) refusal(resp *http.Response, body []byte, cl *call) *Error {
	var said struct{ ID, Message string }
	e := &Error{Status: resp.StatusCode, RequestID: cl.requestID, RetryAfter: retryAfter(resp.Header)}
	if json.Unmarshal(body, &said) == nil && (said.ID != "" || said.Message != "") {
		e.ID, e.Message = w.clean(said.ID), w.clean(said.Message)
	} else {
		e.Message = "the answer is " + form(resp.Header, body)
	}
	e.Kind = kindOf(resp.StatusCode, said.ID)
	return e
}

// clean makes a foreign sentence one short line without the token.
func (w *wire) clean(s string) string {
	return line(strings.ReplaceAll(s, w.token, "[token]"))
}

// unusable finds the successes that carry nothing to decode, and those that are not the API's at all. Bare is a call
// that wants nothing to decode.
func unusable(h http.Header, body []byte, bare bool) *Error {
	switch text := bytes.TrimSpace(body); {
	case len(body) > maxBody:
		return &Error{Kind: Malformed, Message: "the answer is longer than " + strconv.Itoa(maxBody>>20) + " MB"}
	case bare && len(text) == 0:
		return nil
	case len(text) == 0 || string(text) == "null":
		return &Error{Kind: Malformed, Message: "the answer is empty"}
	case form(h, body) == "text/html":
		return &Error{Kind: Unavailable, Message: "the answer is text/html"}
	default:
		return nil
	}
}

// form names what a body is, for a sentence.
func form(h http.Header, body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "empty"
	}
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return "of no known type"
	}
	if strings.HasSuffix(kind, "json") {
		return "no error as the API describes it"
	}
	return line(kind)
}

// retryAfter reads seconds or a date. 0 is: not said.
func retryAfter(h http.Header) time.Duration {
	s := h.Get("Retry-After")
	if n, ok := count(s); ok {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// count reads a number that cannot be negative.
func count(s string) (int, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	return int(n), err == nil
}

// line makes foreign text one line of at most maxText runes.
func line(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText-1]) + "…"
	}
	return s
}

// warnings tells each distinct warning once.
type warnings struct {
	tell func(string)
	mu   sync.Mutex
	told map[string]bool
}

func newWarnings(tell func(string)) *warnings {
	return &warnings{tell: tell, told: map[string]bool{}}
}

func (w *warnings) note(text string) {
	if text = line(text); text == "" || w.tell == nil || !w.first(text) {
		return
	}
	w.tell(text)
}

func (w *warnings) first(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.told[text] || len(w.told) == maxWarnings {
		return false
	}
	w.told[text] = true
	return true
}
