package slack

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	handshakeTimeout = 10 * time.Second
	// writeBuffer keeps what slack-go writes unfragmented; Slack takes no acknowledgement of 20 KB or more anyway.
	writeBuffer = 32 << 10
)

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// dialer makes slack-go's connections, each with a wire under it; plain makes those without encryption.
func dialer(plain, dial dialFunc, roots *x509.CertPool, wrap func(net.Conn) net.Conn) *websocket.Dialer {
	return &websocket.Dialer{
		HandshakeTimeout: handshakeTimeout,
		WriteBufferSize:  writeBuffer,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := plain(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return wrap(c), nil
		},
		NetDialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialTLS(ctx, dial, roots, network, addr)
			if err != nil {
				return nil, err
			}
			return wrap(c), nil
		},
	}
}

// errPlain is a socket's address that is less safe than the API that gave it.
var errPlain = errors.New("the address of the socket is not encrypted, and the API's is")

// plainDial makes connections without encryption, only where the API itself is called without. People's commands come
// through a socket, and whoever could read its one-use ticket on the way could take them.
func plainDial(apiURL string, dial dialFunc) dialFunc {
	if strings.HasPrefix(apiURL, "http://") {
		return dial
	}
	return func(context.Context, string, string) (net.Conn, error) { return nil, errPlain }
}

// dialTLS is what the dialer would do by itself, were the wire not wanted above the encryption.
func dialTLS(ctx context.Context, dial dialFunc, roots *x509.CertPool, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	t := tls.Client(c, &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err := t.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("TLS handshake with %s: %w", addr, err)
	}
	return t, nil
}

// dialFromHere connects directly, or through the proxy that HTTPS_PROXY names.
func dialFromHere(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: addr}})
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return d.DialContext(ctx, network, addr)
	}
	return dialThrough(ctx, d.DialContext, proxy, addr)
}

// dialThrough asks an HTTP proxy for a connection to addr.
func dialThrough(ctx context.Context, dial dialFunc, proxy *url.URL, addr string) (net.Conn, error) {
	if proxy.Scheme != "http" {
		return nil, fmt.Errorf("proxy %s: only http:// proxies are supported", proxy.Redacted())
	}
	port := proxy.Port()
	if port == "" {
		port = "80"
	}
	c, err := dial(ctx, "tcp", net.JoinHostPort(proxy.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("proxy %s: %w", proxy.Redacted(), err)
	}
	if err := connect(ctx, c, proxy, addr); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("proxy %s: %w", proxy.Redacted(), err)
	}
	return c, nil
}

func connect(ctx context.Context, c net.Conn, proxy *url.URL, addr string) error {
	defer context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })()
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		r.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := r.Write(c); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), r) // nothing can follow it: with TLS the client speaks first
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("CONNECT %s: %s", addr, answer.Status)
	}
	return nil
}
