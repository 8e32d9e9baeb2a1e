package slack

import (
	"bufio"
	"net"
	"net/http/httptest"
)

// upgrade lets a WebSocket server take over a connection that no HTTP server has made.
type upgrade struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return u.conn, bufio.NewReadWriter(bufio.NewReader(u.conn), bufio.NewWriter(u.conn)), nil
}
