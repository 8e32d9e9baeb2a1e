package githubsim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object. Its keys come out sorted, so that the same state is the same bytes and the same ETag.
type object = map[string]any

// fault is an error as GitHub answers it.
type fault struct {
	status  int
	message string
	doc     string   // below https://docs.github.com/
	errors  []object // of 422
}

func (f *fault) Error() string { return fmt.Sprintf("%d %s", f.status, f.message) }

func (f *fault) body() []byte {
	doc := f.doc
	if doc == "" {
		doc = "rest"
	}
	o := object{"message": f.message, "documentation_url": "https://docs.github.com/" + doc, "status": strconv.Itoa(f.status)}
	if f.errors != nil {
		o["errors"] = f.errors
	}
	return encode(o)
}

// notFound is what GitHub says of what is not there, and of what the caller may not know to be there.
func notFound() *fault { return &fault{status: http.StatusNotFound, message: "Not Found"} }

// raw is a body that is no JSON.
type raw struct {
	mediaType string
	body      string
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("githubsim: %v", err)) // every answer is made of plain values
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// common sets what every answer has.
func (s *Server) common(h http.Header) {
	h.Set("Server", "GitHub.com")
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	h.Set("X-GitHub-Api-Version-Selected", "2022-11-28")
	h.Set("X-Content-Type-Options", "nosniff")
}

// requestID is an id of GitHub's form, made from what was asked, so that it does not depend on the order in
// which requests that run beside each other arrive.
func requestID(what string) string {
	sum := strings.ToUpper(hex.EncodeToString(sha(what)))
	return strings.Join([]string{sum[:4], sum[4:10], sum[10:17], sum[17:24], sum[24:32]}, ":")
}

func sha(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// reply is an answer other than a plain 200.
type reply struct {
	status   int
	body     any    // nil: none at all
	location string // of a redirect
}

// write sends a body whole, with its length.
func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// answer is one finished answer.
type answer struct {
	status int
	body   []byte
}

// finish makes the answer of what a handler gave: the ETag of a success, which spends no quota when the client
// has it already, or the fault.
func finish(header http.Header, r *http.Request, result any, err error) answer {
	if err != nil {
		var f *fault
		if !errors.As(err, &f) {
			f = &fault{status: http.StatusInternalServerError, message: err.Error()}
		}
		return answer{f.status, f.body()}
	}
	if sent, ok := result.(reply); ok {
		if sent.location != "" {
			header.Set("Location", sent.location)
		}
		if sent.body == nil {
			return answer{status: sent.status}
		}
		return answer{sent.status, encode(sent.body)}
	}
	var body []byte
	if text, ok := result.(raw); ok {
		header.Set("Content-Type", text.mediaType+"; charset=utf-8")
		header.Set("X-GitHub-Media-Type", "github.v3; param=raw")
		body = []byte(text.body)
	} else {
		body = encode(result)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return answer{http.StatusOK, body}
	}
	tag := `W/"` + hex.EncodeToString(sha(header.Get("Content-Type")+"\n"+header.Get("Link")+"\n"+string(body))) + `"`
	header.Set("ETag", tag)
	header.Set("Cache-Control", "private, max-age=60")
	header.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP")
	if matches(r.Header.Get("If-None-Match"), tag) {
		return answer{status: http.StatusNotModified}
	}
	return answer{http.StatusOK, body}
}

// matches compares as RFC 9110 wants it for If-None-Match: weakly.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// stamp is a time as GitHub writes it, or null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// orNull is a text, or null where there is none.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
