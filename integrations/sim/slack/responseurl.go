package slacksim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is a response_url.
type hook struct {
	path    string
	user    *User
	channel *channel
	message *Message // the message that it came from or that it made, which replace_original means; nil if none
	at      time.Time
	uses    int
}

func (s *Server) newHook(kind string, u *User, c *channel, m *Message) *hook {
	n := s.ids.next("hook")
	h := &hook{path: fmt.Sprintf("/%s/%s/%d/%024x", kind, teamID, 3000000+n, n), user: u, channel: c, message: m, at: time.Now()}
	s.hooks[h.path] = h
	return h
}

func (s *Server) hookURL(h *hook) string { return s.base() + h.path }

// serveHook answers what is sent to a response_url.
func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	a, bad := readArgs(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[r.URL.Path]
	var code string
	switch {
	case h == nil:
		s.fault("%s: no such response_url", r.URL.Path)
		code = "expired_url"
	case time.Since(h.at) > hookLife:
		s.fault("response_url used %v after it was made", time.Since(h.at))
		code = "expired_url"
	case h.uses >= hookUses:
		s.fault("response_url used more than %d times", hookUses)
		code = "used_url"
	}
	if code != "" {
		writeJSON(w, http.StatusNotFound, map[string]any{"ok": false, "error": code})
		return
	}
	if wait := s.hookWait(h); wait > 0 {
		refuse(w, wait)
		return
	}
	err := error(nil)
	if bad != "" {
		err = failure(bad)
	} else {
		err = s.respond(h, &call{args: a, method: "response_url"})
	}
	if err != nil {
		code, _, _ = strings.Cut(err.Error(), ":")
		writeJSON(w, http.StatusBadRequest, map[string]any{"ok": false, "error": code})
		return
	}
	h.uses++
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok"))
}

func (s *Server) hookWait(h *hook) time.Duration {
	if s.opts.NoLimits {
		return 0
	}
	return s.limits.perSecond("hook " + h.path)
}

// respond does what a message for a response_url, or in the ack of a slash command, asks for.
func (s *Server) respond(h *hook, c *call) error {
	if h.channel.Archived {
		return failure("is_archived")
	}
	if c.yes("delete_original") {
		if h.message == nil || h.channel.find(h.message.TS) == nil {
			return failure("message_not_found")
		}
		s.remove(h.channel, h.message, Deleted)
		return nil
	}
	in, err := s.draft(c, true)
	if err != nil {
		return err
	}
	if c.yes("replace_original") && h.message != nil && h.channel.find(h.message.TS) != nil {
		s.rewrite(h.message, in, true)
		return nil
	}
	in.ThreadTS = c.str("thread_ts")
	if c.str("response_type") == "in_channel" {
		s.post(h.channel, in)
	} else {
		s.whisper(h.channel, h.user.ID, in)
	}
	if h.message == nil {
		h.message = in
	}
	return nil
}

// commandReply shows the message that came in the ack of a slash command.
func (s *Server) commandReply(h *hook, reply []byte) {
	if len(reply) == 0 {
		return
	}
	c := &call{method: "ack"}
	if json.Unmarshal(reply, &c.json) != nil {
		s.fault("the ack of a slash command is no message: %.80s", reply)
		return
	}
	if err := s.respond(h, c); err != nil {
		s.fault("the message in the ack of a slash command: %v", err)
		s.tell(h.user.ID, h.channel.ID, "invalid_response", "The command's answer could not be shown: "+err.Error())
	}
}
