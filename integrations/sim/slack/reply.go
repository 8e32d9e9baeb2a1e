package slacksim

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// callError is an answer with ok false.
type callError struct {
	code     string
	messages []string // of response_metadata
	more     map[string]any
}

func (e *callError) Error() string {
	if len(e.messages) == 0 {
		return e.code
	}
	return e.code + ": " + strings.Join(e.messages, "; ")
}

func failure(code string, messages ...string) error {
	return &callError{code: code, messages: messages}
}

// missingScope says which scope a call lacks.
func (s *Server) missingScope(needed string) error {
	return &callError{code: "missing_scope", more: map[string]any{
		"needed": needed, "provided": strings.Join(s.opts.Scopes, ","),
	}}
}

// answer writes a method's answer with what every answer carries.
func (s *Server) answer(w http.ResponseWriter, m method, c *call, out map[string]any, err error) {
	h := w.Header()
	h.Set("X-Slack-Req-Id", s.ids.uuid("4e91"))
	if !m.app {
		h.Set("X-OAuth-Scopes", strings.Join(s.opts.Scopes, ","))
		h.Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	}
	if out == nil {
		out = map[string]any{}
	}
	out["ok"] = err == nil
	meta, _ := out["response_metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
	}
	var e *callError
	if errors.As(err, &e) {
		out["error"] = e.code
		for k, v := range e.more {
			out[k] = v
		}
		if len(e.messages) > 0 {
			meta["messages"] = e.messages
			if strings.HasPrefix(e.code, "invalid_blocks") {
				out["errors"] = e.messages
			}
		}
	}
	if len(c.warnings) > 0 {
		out["warning"] = strings.Join(c.warnings, ",")
		meta["warnings"] = c.warnings
	}
	if len(meta) > 0 {
		out["response_metadata"] = meta
	}
	writeJSON(w, http.StatusOK, out)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(v))
}

// refuse is Slack's 429. A wait of 0 leaves Retry-After out.
func refuse(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	writeJSON(w, http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"})
}
