package slacksim

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeWithin = 10 * time.Second // a client that takes longer to read a frame is given up
	lingerMost  = time.Minute      // so long a connection stays open after the close handshake
)

// state is where a socket is in its life.
type state int

const (
	greeting state = iota // before hello
	open                  // takes envelopes
	leaving               // was told to disconnect: still heard, but gets no more envelopes
	ended
)

// socket is one client's connection. Its fields are guarded by the server's lock, but for those of the queue.
type socket struct {
	n      int
	conn   *websocket.Conn
	frames *frameCounter
	state  state
	dead   bool // half open: nothing passes in either direction any more, and the connection stays
	done   chan struct{}

	mu    sync.Mutex
	queue []outgoing
	wake  chan struct{}
}

// outgoing is a frame to write, or a close frame with the connection's end after it.
type outgoing struct {
	data []byte
	code int           // of a close frame
	mark chan struct{} // closed in place of writing, when all before is written
}

func (k *socket) host() string { return fmt.Sprintf("applink-sim-%d", k.n) }

// push queues a text frame for the writer; it never blocks.
func (k *socket) push(data []byte) { k.add(outgoing{data: data}) }

func (k *socket) add(o outgoing) {
	k.mu.Lock()
	k.queue = append(k.queue, o)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *socket) take() []outgoing {
	k.mu.Lock()
	defer k.mu.Unlock()
	q := k.queue
	k.queue = nil
	return q
}

// writeTo is the one goroutine that writes a socket's frames and pings.
func (s *Server) writeTo(k *socket) {
	defer s.wg.Done()
	pings := time.NewTicker(s.opts.PingEvery)
	defer pings.Stop()
	for n := 1; ; {
		select {
		case <-k.done:
			return
		case <-pings.C:
			if s.silent(k, true) {
				continue
			}
			payload := fmt.Sprintf("Ping from %s %d", k.host(), n)
			n++
			if err := k.conn.WriteControl(websocket.PingMessage, []byte(payload), time.Now().Add(writeWithin)); err != nil {
				s.lost(k, err)
			}
		case <-k.wake:
			s.flush(k)
		}
	}
}

func (s *Server) flush(k *socket) {
	for _, o := range k.take() {
		if o.mark != nil {
			close(o.mark)
			continue
		}
		if s.silent(k, false) {
			continue
		}
		deadline := time.Now().Add(writeWithin)
		if o.code != 0 {
			_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, ""), deadline)
			s.lost(k, fmt.Errorf("closed with %d", o.code))
			return
		}
		_ = k.conn.SetWriteDeadline(deadline)
		if err := k.conn.WriteMessage(websocket.TextMessage, o.data); err != nil {
			s.lost(k, err)
			return
		}
	}
}

// silent tells whether nothing may be written now. It cuts the socket when Slack is down.
func (s *Server) silent(k *socket, ping bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.weather.Down() {
		s.gone(k, "Slack is down")
	}
	return k.state == ended || k.dead || ping && s.link.noPings
}

// readFrom is the one goroutine that reads a socket.
func (s *Server) readFrom(k *socket) {
	defer s.wg.Done()
	k.conn.SetReadLimit(1 << 20)
	for {
		_, data, err := k.conn.ReadMessage()
		var goodbye *websocket.CloseError
		if errors.As(err, &goodbye) && goodbye.Code != websocket.CloseAbnormalClosure {
			s.lingerOn(k, err)
			return
		}
		if err != nil {
			s.lost(k, err)
			return
		}
		s.heard(k, data)
	}
}

func (s *Server) heard(k *socket, data []byte) {
	frames := k.frames.take()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.weather.Down() {
		s.gone(k, "Slack is down")
	}
	if k.state == ended || k.dead {
		return
	}
	s.takeAck(k, data, frames)
}

// pong answers a client's ping, as Slack does, with the same payload.
func (s *Server) pong(k *socket, payload string) error {
	if s.silent(k, false) {
		return nil
	}
	return k.conn.WriteControl(websocket.PongMessage, []byte(payload), time.Now().Add(writeWithin))
}

// closeFrame answers a client's close frame with the same code, behind what was sent before: nothing may follow it.
func (s *Server) closeFrame(k *socket, code int) error {
	s.mu.Lock()
	silent := k.dead || s.link.noClose
	if k.state == open {
		k.state = leaving
	}
	s.mu.Unlock()
	if silent {
		return nil
	}
	mark := make(chan struct{})
	k.add(outgoing{mark: mark})
	select {
	case <-mark:
	case <-k.done:
		return nil
	}
	if code == websocket.CloseNoStatusReceived {
		code = websocket.CloseNormalClosure
	}
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(writeWithin))
	return nil
}

// lingerOn leaves the TCP connection open after the close handshake, as Slack does, until the client ends it.
func (s *Server) lingerOn(k *socket, err error) {
	s.mu.Lock()
	s.takeOut(k, err.Error())
	s.link.linger[k] = struct{}{}
	if s.closed || s.link.hangUp {
		_ = k.conn.NetConn().Close()
	}
	s.mu.Unlock()
	_ = k.conn.NetConn().SetReadDeadline(time.Now().Add(lingerMost))
	_, _ = io.Copy(io.Discard, k.conn.NetConn())
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.link.linger, k)
	_ = k.conn.NetConn().Close()
}

func (s *Server) lost(k *socket, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone(k, err.Error())
}
