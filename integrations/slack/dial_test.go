package slack

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAProxyIsAskedForTheConnection(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, proxy, answer, wantErr string }{
		{"it agrees", "http://ann:secret@proxy.example:3128", "HTTP/1.1 200 OK\r\n\r\n", ""},
		{"it refuses", "http://ann:secret@proxy.example:3128", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "proxy http://ann:xxxxx@proxy.example:3128: CONNECT wss-primary.slack.com:443: 403 Forbidden"},
		{"another kind of proxy", "socks5://proxy.example:1080", "", "proxy socks5://proxy.example:1080: only http:// proxies are supported"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			proxy, err := url.Parse(tt.proxy)
			if err != nil {
				t.Fatal(err)
			}
			client, server := net.Pipe()
			defer server.Close()
			go func() {
				r, err := http.ReadRequest(bufio.NewReader(server))
				if err == nil && r.Method == http.MethodConnect && r.Host == "wss-primary.slack.com:443" && r.Header.Get("Proxy-Authorization") == "Basic YW5uOnNlY3JldA==" {
					_, _ = io.WriteString(server, tt.answer)
				}
				_ = server.Close()
			}()
			dial := func(_ context.Context, _, addr string) (net.Conn, error) {
				if addr != "proxy.example:3128" {
					t.Errorf("dialled %s", addr)
				}
				return client, nil
			}
			_, err = dialThrough(t.Context(), dial, proxy, "wss-primary.slack.com:443")
			switch {
			case tt.wantErr == "" && err != nil, tt.wantErr != "" && (err == nil || err.Error() != tt.wantErr):
				t.Errorf("got %v, want %q", err, tt.wantErr)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Errorf("%v shows the password", err)
			}
		})
	}
}
