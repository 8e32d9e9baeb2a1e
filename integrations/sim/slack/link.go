package slacksim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10
	ticketLife = 30 * time.Second
)

// link is the state of Socket Mode.
type link struct {
	tickets  map[string]time.Time // unused ones, with the time at which they expire
	sockets  []*socket            // all that are not gone, oldest first
	count    int                  // connects so far
	turn     int                  // of the round robin
	disabled bool
	flap     string // each new socket is told to disconnect for this reason, right after hello
	noHello  bool
	noPings  bool
	noClose  bool
	hangUp   bool
	foreign  []*socket            // of clients that are not there: they are counted, and some take envelopes
	fading   int                  // sockets that are gone and still counted
	doubles  int                  // events that are still to be sent twice by mistake
	linger   map[*socket]struct{} // said goodbye to, with the TCP connection still open
}

// connectionsOpen is apps.connections.open: it gives out a ticket for one socket.
func connectionsOpen(s *Server, c *call) (map[string]any, error) {
	if s.link.disabled {
		return nil, failure(s.opts.Unverified.LinkDisabledCode)
	}
	ticket := s.ids.uuid("71c7")
	s.link.tickets[ticket] = time.Now().Add(ticketLife)
	ws := "ws" + strings.TrimPrefix(s.base(), "http")
	return map[string]any{
		"url": fmt.Sprintf("%s/link/?ticket=%s&app_id=%s", ws, ticket, url.QueryEscape(appID)),
		"response_metadata": map[string]any{
			"scopes":         []string{"connections:write", "authorizations:read"},
			"acceptedScopes": []string{"connections:write"},
		},
	}, nil
}

// spend takes a ticket and tells what is wrong with it, if anything.
func (s *Server) spend(ticket string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.link.tickets[ticket]
	delete(s.link.tickets, ticket)
	switch {
	case !ok:
		s.fault("connect with a ticket that is used or unknown: %q", ticket)
		return "ticket used or unknown"
	case time.Now().After(until):
		s.fault("connect with an expired ticket: %q", ticket)
		return "ticket expired"
	case s.link.disabled:
		return "socket mode is off"
	}
	return ""
}

// serveLink is the endpoint of the sockets.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	if s.weather.Down() {
		panic(http.ErrAbortHandler)
	}
	if wrong := s.spend(r.URL.Query().Get("ticket")); wrong != "" {
		http.Error(w, wrong, http.StatusUnauthorized)
		return
	}
	up := websocket.Upgrader{
		CheckOrigin:     func(*http.Request) bool { return true }, // clients send https://api.slack.com
		ReadBufferSize:  4096,                                     // so that frames are read through the counting connection
		WriteBufferSize: 4096,
	}
	watch := &frameCounter{}
	conn, err := up.Upgrade(&countingHijacker{ResponseWriter: w, frames: watch}, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = conn.Close()
		return
	}
	s.join(conn, watch, r.UserAgent())
}

// join takes a fresh socket in: it says hello soon.
func (s *Server) join(conn *websocket.Conn, frames *frameCounter, agent string) {
	s.link.count++
	k := &socket{n: s.link.count, conn: conn, frames: frames, wake: make(chan struct{}, 1), done: make(chan struct{})}
	s.stats.Connects = append(s.stats.Connects, Connect{Socket: k.n, Agent: agent, At: time.Now()})
	s.link.sockets = append(s.link.sockets, k)
	k.conn.SetPingHandler(func(payload string) error { return s.pong(k, payload) })
	k.conn.SetCloseHandler(func(code int, _ string) error { return s.closeFrame(k, code) })
	s.wg.Add(2)
	go s.writeTo(k)
	go s.readFrom(k)
	if len(s.link.sockets)+len(s.link.foreign) > maxSockets {
		s.bye(k, "too_many_websockets")
		return
	}
	s.after(s.opts.HelloAfter, func() { s.hello(k) })
	if s.opts.RefreshEvery > 0 {
		s.after(s.opts.RefreshEvery, func() { s.refresh(k) })
	}
}

// hello opens a socket for envelopes.
func (s *Server) hello(k *socket) {
	if k.state != greeting || s.link.noHello {
		return
	}
	now := time.Now()
	s.connect(k).Hello = now
	k.state = open
	left := 5 * time.Hour
	if s.opts.RefreshEvery > 0 {
		left = s.opts.RefreshEvery
	}
	k.push(encode(map[string]any{
		"type": "hello", "num_connections": len(s.link.sockets) + len(s.link.foreign) + s.link.fading,
		"debug_info": map[string]any{
			"host": k.host(), "started": now.UTC().Format("2006-01-02 15:04:05.000"),
			"build_number": 54, "approximate_connection_time": int(left.Seconds()),
		},
		"connection_info": map[string]any{"app_id": appID},
	}))
	if s.link.flap != "" {
		s.bye(k, s.link.flap)
	}
}

// connect is the record of a socket.
func (s *Server) connect(k *socket) *Connect { return &s.stats.Connects[k.n-1] }

// nextSocket is where the next envelope goes: round robin over the open sockets; nil if there is none.
func (s *Server) nextSocket() *socket {
	if s.weather.Down() {
		s.cutAll("Slack is down")
	}
	takers := s.takers()
	if len(takers) == 0 {
		return nil
	}
	k := takers[s.link.turn%len(takers)]
	s.link.turn++
	return k
}

// takers are all that envelopes go to.
func (s *Server) takers() []*socket {
	out := s.openSockets()
	for _, k := range s.link.foreign {
		if k.state == open {
			out = append(out, k)
		}
	}
	return out
}

// openSockets are those that take envelopes, oldest first.
func (s *Server) openSockets() []*socket {
	var out []*socket
	for _, k := range s.link.sockets {
		if k.state == open {
			out = append(out, k)
		}
	}
	return out
}

// gone takes a socket out, whoever ended it, and closes the connection.
func (s *Server) gone(k *socket, why string) {
	s.takeOut(k, why)
	_ = k.conn.NetConn().Close()
}

func (s *Server) takeOut(k *socket, why string) {
	if k.state == ended {
		return
	}
	k.state = ended
	c := s.connect(k)
	c.Ended, c.Why = time.Now(), why
	if d := s.opts.Unverified.CountGone; d > 0 {
		s.link.fading++
		s.after(d, func() { s.link.fading-- })
	}
	s.link.sockets = slices.DeleteFunc(s.link.sockets, func(x *socket) bool { return x == k })
	close(k.done)
}
