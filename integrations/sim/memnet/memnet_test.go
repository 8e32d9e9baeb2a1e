package memnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/sim/memnet"
)

const addr = "127.0.0.1:4011"

func listen(t *testing.T, n *memnet.Network) net.Listener {
	t.Helper()
	l, err := n.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pair gives both ends of a connection.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	n := &memnet.Network{}
	l := listen(t, n)
	accepted := make(chan net.Conn)
	go func() { c, _ := l.Accept(); accepted <- c }()
	client, err := n.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return client, <-accepted
}

func TestAClientAndAServerTalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &memnet.Network{}
		l := listen(t, n)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Minute)
			_, _ = io.WriteString(w, r.Host+" "+r.RemoteAddr)
		})}
		done := make(chan error)
		go func() { done <- server.Serve(l) }()
		client := &http.Client{Transport: &http.Transport{DialContext: n.DialContext}}
		start := time.Now()
		answer, err := client.Get("http://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if want := addr + " 127.0.0.1:1"; string(body) != want || time.Since(start) != time.Minute {
			t.Errorf("%q after %v, want %q after 1 min", body, time.Since(start), want)
		}
		client.CloseIdleConnections()
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve gives %v", err)
		}
	})
}

func TestNobodyListensElsewhere(t *testing.T) {
	t.Parallel()
	n := &memnet.Network{}
	l := listen(t, n)
	_ = l.Close()
	for _, to := range []string{"127.0.0.1:4012", "api.github.com:443", addr} {
		c, err := n.DialContext(t.Context(), "tcp", to)
		var op *net.OpError
		if c != nil || !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &op) || op.Addr.String() != to {
			t.Errorf("%s: %v, %v", to, c, err)
		}
	}
}

func TestAnAddressIsListenedToOnceAtATime(t *testing.T) {
	t.Parallel()
	n := &memnet.Network{}
	l := listen(t, n)
	if _, err := n.Listen(addr); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a second listener gives %v", err)
	}
	if l.Addr().String() != addr || l.Addr().Network() != "tcp" {
		t.Errorf("the address is %v", l.Addr())
	}
	_ = l.Close()
	_ = listen(t, n).Close()
}

func TestAClosedListenerLetsGoOfThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &memnet.Network{}
		l := listen(t, n)
		dialled := make(chan error)
		go func() { _, err := n.DialContext(t.Context(), "tcp", addr); dialled <- err }()
		synctest.Wait() // nobody accepts
		_, _ = l.Close(), l.Close()
		if err := <-dialled; !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the dial gives %v", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept gives %v", err)
		}

		l = listen(t, n)
		accepted := make(chan error)
		go func() { _, err := l.Accept(); accepted <- err }()
		synctest.Wait()
		_ = l.Close()
		if err := <-accepted; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept gives %v", err)
		}
	})
}

func TestADialEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &memnet.Network{}
		l := listen(t, n)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := n.DialContext(ctx, "tcp", addr)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		_ = l.Close()
	})
}

func TestACutConnectionIsSeenAtBothEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t)
		reading := make(chan error)
		go func() { _, err := server.Read(make([]byte, 1)); reading <- err }()
		synctest.Wait()
		_ = client.Close()
		if err := <-reading; !errors.Is(err, io.EOF) {
			t.Errorf("the far end reads %v", err)
		}
		if _, err := server.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the far end writes %v", err)
		}
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the near end reads %v", err)
		}
	})
}

func TestADeadlineIsExact(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := pair(t)
		defer client.Close()
		defer server.Close()
		for name, do := range map[string]func() error{
			"read":  func() error { _, err := client.Read(make([]byte, 1)); return err },
			"write": func() error { _, err := client.Write([]byte("x")); return err },
		} {
			start := time.Now()
			_ = client.SetDeadline(start.Add(time.Minute))
			if err := do(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Minute {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
		}
	})
}
