package herokusim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// fault is an error as the API tells it: "{id,message,url?}".
type fault struct {
	status  int
	ID      string `json:"id"`
	Message string `json:"message"`
	URL     string `json:"url,omitempty"`
	Limit   *int   `json:"limit,omitempty"` // of cannot_run_above_limit, as is the size
	Size    string `json:"size,omitempty"`
}

func (f *fault) Error() string { return f.ID + ": " + f.Message }

// notFound is the answer for what does not exist, or may not be seen.
func notFound(what string) *fault {
	return &fault{status: http.StatusNotFound, ID: "not_found", Message: "Couldn't find that " + what + "."}
}

// reply is an answer ready to be written, but for its headers.
type reply struct {
	status int
	body   []byte
}

// encode makes a value a reply with its ETag, and a 304 instead when the client has just that: "`ETag` on every answer;
// `If-None-Match` -> 304, empty body".
func encode(r *http.Request, h http.Header, status int, v any) reply {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("herokusim: a view that is no JSON: %v", err)) // ours to mend: views are plain structs
	}
	tag := `"` + digest(string(body), h.Get("Next-Range"))[:32] + `"`
	h.Set("ETag", tag)
	if r.Method == http.MethodGet && status/100 == 2 && matches(r.Header.Get("If-None-Match"), tag) {
		return reply{status: http.StatusNotModified}
	}
	h.Set("Content-Type", "application/json")
	return reply{status, body}
}

func (a reply) write(w http.ResponseWriter) {
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // fails only for a client that went away
}

// matches tells whether an If-None-Match names the tag. Weak tags are as good as strong ones here.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}
