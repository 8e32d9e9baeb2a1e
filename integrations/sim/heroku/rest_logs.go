package herokusim

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The measures of a log session. "The URL is short-lived".
const (
	linesDefault    = 100
	logSessionLives = 5 * time.Minute
)

// logSession is a way to read a log. The server's lock guards it.
type logSession struct {
	app     *App
	filter  filter
	lines   int
	tail    bool
	created time.Time
}

type logSessionView struct {
	CreatedAt  string `json:"created_at"`
	ID         string `json:"id"`
	LogplexURL string `json:"logplex_url"`
	UpdatedAt  string `json:"updated_at"`
}

// createLogSession: "`POST /apps/{app}/log-sessions` `{"dyno":"run.1234","tail":true,"lines":1500,"source":"app"}` -> 201
// `{"logplex_url":"https://..."}`".
func (s *Server) createLogSession(r *request) (any, error) {
	var body struct {
		Dyno, Source string
		Lines        int
		Tail         bool
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	now, n := time.Now(), len(s.sessions)+1
	secret := digest("log session", n)
	s.sessions[secret] = &logSession{
		app: r.app, filter: filter{body.Dyno, body.Source}, lines: min(cmp.Or(body.Lines, linesDefault), logKept),
		tail: body.Tail, created: now,
	}
	return created(logSessionView{
		CreatedAt: stamp(now), ID: uuid("log session", n), LogplexURL: s.opts.URL + "/logplex/" + secret, UpdatedAt: stamp(now),
	}), nil
}

// serveLogs gives the lines of a session, and with tail those that come: as SSE to who asks for that, "plain text
// otherwise". A session that is too old is gone.
func (s *Server) serveLogs(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "log sessions take no Authorization header", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	session := s.sessions[r.PathValue("secret")]
	s.mu.Unlock()
	if session == nil || time.Since(session.created) >= logSessionLives {
		http.NotFound(w, r)
		return
	}
	events := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	w.Header().Set("Content-Type", "text/plain")
	if events {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	last, _ := strconv.Atoi(r.Header.Get("Last-Event-Id")) // absent or foreign: from the beginning
	s.copyLogs(w, r, session, last, events)
}

func (s *Server) copyLogs(w http.ResponseWriter, r *http.Request, session *logSession, last int, events bool) {
	control := http.NewResponseController(w)
	for first := last == 0; ; first = false {
		s.mu.Lock()
		lines := session.app.log.since(last, session.filter)
		changed := session.app.log.wait()
		s.mu.Unlock()
		if first {
			lines = lines[max(0, len(lines)-session.lines):]
		}
		for _, line := range lines {
			last = line.n
			if err := line.write(w, events); err != nil {
				return
			}
		}
		if !session.tail {
			return
		}
		_ = control.Flush() // a writer that cannot flush gives all at the end
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// write gives a line out: as an event "`id: 1001\ndata: …\n\n`", or plain.
func (l logLine) write(w io.Writer, event bool) error {
	form := "%[2]s\n"
	if event {
		form = "id: %d\ndata: %s\n\n"
	}
	_, err := fmt.Fprintf(w, form, l.n, l)
	return err
}
