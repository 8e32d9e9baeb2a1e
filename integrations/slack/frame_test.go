package slack

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestAFrameReadsAsOneMessageWhateverItsSize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 125, 126, 127, 20_479, 65_535, 65_536, 70_000} {
		want := strings.Repeat("ä", n)[:n]
		client, server := net.Pipe()
		up := &upgrade{ResponseRecorder: httptest.NewRecorder(), conn: server}
		go func() { // the server's half of the handshake, then our frame
			buf := make([]byte, 4096)
			_, _ = client.Read(buf)
			_, _ = client.Write(textFrame([]byte(want)))
		}()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for k, v := range map[string]string{
			"Connection": "upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		} {
			r.Header.Set(k, v)
		}
		ws, err := (&websocket.Upgrader{}).Upgrade(up, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		kind, got, err := ws.ReadMessage()
		if err != nil || kind != websocket.TextMessage || string(got) != want {
			t.Errorf("%d bytes: kind %d, %d bytes, equal %v, err %v", n, kind, len(got), string(got) == want, err)
		}
		_ = client.Close()
		_ = ws.Close()
	}
}
