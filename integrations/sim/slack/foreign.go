package slacksim

// Foreign is what the sockets of somebody else do who connects with the app's token.
type Foreign int

// The kinds of foreign sockets. Slack gives "each payload to any one of" an app's sockets, so that "a second slipway with the same
// app token steals half of the commands" (facts/slack.md, "disconnect, several sockets").
const (
	Counted Foreign = iota // hello's num_connections counts them; no envelope happens to go to one
	Taking                 // they get their share of the envelopes too, and acknowledge none
)

// ForeignSockets has somebody else hold n sockets from now on; 0: nobody does. They count for the limit of ten. A real client
// that connects with the token does the same and more.
func (s *Server) ForeignSockets(n int, kind Foreign) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link.foreign = nil
	for range n {
		k := &socket{wake: make(chan struct{}, 1)} // nobody reads its queue
		if kind == Taking {
			k.state = open
		}
		s.link.foreign = append(s.link.foreign, k)
	}
}
