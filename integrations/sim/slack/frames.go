package slacksim

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
	"sync"
)

// frameCounter counts the WebSocket frames of which each message of a client is made. The websocket library
// joins them silently, and Slack may not (facts/slack.md, "The ack").
type frameCounter struct {
	mu       sync.Mutex
	head     []byte // of the frame being read, while incomplete
	skip     int64  // bytes of mask and payload still to pass
	current  int    // frames of the message being read
	messages []int  // frames of the messages that are complete and not taken
}

// take gives the number of frames of the oldest complete message.
func (f *frameCounter) take() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.messages) == 0 {
		return 1
	}
	n := f.messages[0]
	f.messages = f.messages[1:]
	return n
}

func (f *frameCounter) see(b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(b) > 0 {
		if f.skip > 0 {
			n := min(f.skip, int64(len(b)))
			f.skip -= n
			b = b[n:]
			continue
		}
		f.head = append(f.head, b[0])
		b = b[1:]
		if body, ok := frameBody(f.head); ok {
			f.count(f.head[0])
			f.skip, f.head = body, f.head[:0]
		}
	}
}

// count looks at a frame's first byte: FIN is its high bit, and opcodes from 8 on are control frames.
func (f *frameCounter) count(first byte) {
	if first&0x0f >= 8 {
		return
	}
	f.current++
	if first&0x80 != 0 {
		f.messages = append(f.messages, f.current)
		f.current = 0
	}
}

// frameBody gives the length of what follows a complete frame header (RFC 6455, 5.2), without the mask, which is
// part of the header here.
func frameBody(head []byte) (int64, bool) {
	if len(head) < 2 {
		return 0, false
	}
	size, length := 2, int64(head[1]&0x7f)
	switch length {
	case 126:
		size = 4
	case 127:
		size = 10
	}
	mask := 0
	if head[1]&0x80 != 0 {
		mask = 4
	}
	if len(head) < size+mask {
		return 0, false
	}
	switch size {
	case 4:
		length = int64(binary.BigEndian.Uint16(head[2:]))
	case 10:
		length = int64(binary.BigEndian.Uint64(head[2:]))
	}
	return length, true
}

// countingHijacker gives the websocket library a connection whose incoming bytes are counted.
type countingHijacker struct {
	http.ResponseWriter
	frames *frameCounter
}

func (h *countingHijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &countingConn{Conn: conn, frames: h.frames}, rw, nil
}

type countingConn struct {
	net.Conn
	frames *frameCounter
}

func (c *countingConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.frames.see(b[:n])
	return n, err
}
