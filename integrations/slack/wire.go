package slack

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// writeTimeout bounds one write. What cannot be written for so long never will be: the connection is half open.
	writeTimeout = 5 * time.Second
	// lingering is how long a wire that slack-go has left stays open for acknowledgements that are still due.
	lingering = ackDeadline
)

// errWireClosed says that nothing can be written to a wire any more.
var errWireClosed = errors.New("the connection is closed")

// wire is the network connection under one WebSocket. slack-go reads from it, and writes only whole control frames
// (pongs); acknowledgements are written to it by send, as whole frames between those.
//
// slack-go drops a connection as soon as a disconnect frame is read. The wire then stops reading, but is kept until
// what came before that frame is acknowledged: see retire.
type wire struct {
	net.Conn
	lastRead *atomic.Int64 // the session's; Unix nanoseconds
	closed   func(*wire)   // called once, at the real end

	over chan struct{} // closed then, too

	writing sync.Mutex // held for a whole frame

	mu       sync.Mutex
	ended    bool
	left     bool // slack-go called Close
	retired  bool // nothing that slack-go read from it is still on its way to a handler
	parting  bool // the goodbye is to be said when nothing is due
	said     bool // it was: nothing is written any more, and what comes in until the answer is acknowledged elsewhere
	unacked  int
	linger   *time.Timer
	farewell *time.Timer // ends the wait for what is due, then for the answer
}

func newWire(c net.Conn, lastRead *atomic.Int64, closed func(*wire)) *wire {
	return &wire{Conn: c, lastRead: lastRead, closed: closed, over: make(chan struct{})}
}

// Read counts any byte as a sign of life, pings included. When the far end is gone the wire ends: a write would still
// succeed, and be lost.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.lastRead.Store(time.Now().UnixNano())
	}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		w.end()
	}
	return n, err
}

// Write is for slack-go, which writes one whole frame at a time. Nothing may follow a close frame, with which it answers one.
func (w *wire) Write(p []byte) (int, error) {
	closes := len(p) > 0 && p[0] == finalClose
	w.writing.Lock()
	if w.hasSaid() {
		w.writing.Unlock()
		if closes { // Slack's answer to ours. slack-go drops what it has not yet handed over as soon as this returns.
			w.hearOut()
			w.end()
		}
		return len(p), nil
	}
	defer w.writing.Unlock()
	n, err := w.put(p, time.Now().Add(writeTimeout))
	if closes {
		w.end()
	}
	return n, err
}

// SetDeadline and SetWriteDeadline leave writing alone: each write sets its own deadline.
func (w *wire) SetDeadline(t time.Time) error { return w.SetReadDeadline(t) }

// SetWriteDeadline does nothing.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// SetReadDeadline is not obeyed after Close, which relies on a deadline of its own.
func (w *wire) SetReadDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left {
		return nil
	}
	return w.Conn.SetReadDeadline(t)
}

// Close is slack-go leaving: reading ends now.
func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left || w.ended {
		return nil
	}
	w.left = true
	return w.Conn.SetReadDeadline(time.Unix(1, 0))
}

// put sends p in one piece, for who holds the lock of writing. After an error the stream may hold half a frame, so the wire
// ends.
func (w *wire) put(p []byte, deadline time.Time) (int, error) {
	if err := w.Conn.SetWriteDeadline(deadline); err != nil {
		return 0, errWireClosed
	}
	n, err := w.Conn.Write(p)
	if err != nil {
		w.end()
	}
	return n, err
}

// send writes one text message.
func (w *wire) send(message []byte, deadline time.Time) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	if w.isOver() {
		return errWireClosed
	}
	_, err := w.put(textFrame(message), deadline)
	return err
}

func (w *wire) isOver() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended || w.said
}

func (w *wire) hasSaid() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said
}

// serves tells whether envelopes of other wires may be acknowledged here.
func (w *wire) serves() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.ended && !w.left && !w.parting
}

// expect notes that an envelope came in here and wants an acknowledgement.
func (w *wire) expect() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unacked++
}

// settle notes that such an envelope was acknowledged, or never will be.
func (w *wire) settle() {
	w.mu.Lock()
	w.unacked--
	quiet := w.unacked <= 0
	done, part := w.retired && quiet, w.parting && quiet
	w.mu.Unlock()
	switch {
	case done:
		w.end()
	case part:
		w.sayGoodbye()
	}
}

// retire ends the wire when nothing is due on it any more, at the latest when an acknowledgement would be worthless.
func (w *wire) retire() {
	w.mu.Lock()
	w.retired = true
	done := w.unacked <= 0
	if !done && !w.ended {
		w.linger = time.AfterFunc(lingering, w.end)
	}
	w.mu.Unlock()
	if done {
		w.end()
	}
}

// end closes the connection.
func (w *wire) end() {
	w.mu.Lock()
	again := w.ended
	w.ended = true
	for _, t := range []*time.Timer{w.linger, w.farewell} {
		if t != nil {
			t.Stop()
		}
	}
	w.mu.Unlock()
	if again {
		return
	}
	close(w.over)
	_ = w.Conn.Close()
	w.closed(w)
}
