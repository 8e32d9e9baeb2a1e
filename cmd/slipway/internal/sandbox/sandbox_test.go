package sandbox

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNothingOffLoopbackIsCalled(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"slack.com:443", "192.0.2.1:80", "[2001:db8::1]:80", "0.0.0.0:80", "localhost.example:80", "localhost:80", ":80", "[::ffff:192.0.2.1]:80"} {
		c, err := loopback(t.Context(), "tcp", addr)
		if err == nil {
			_ = c.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "the sandbox calls nothing outside this machine") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestThisMachineIsCalled(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c, err := loopback(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

func TestServersListenOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	s, err := listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for _, l := range s.listeners {
		if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("it listens on %v", l.Addr())
		}
	}
}

func TestAnInterruptEndsEveryKindOfWaiting(t *testing.T) {
	t.Parallel()
	never := func() bool { return false }
	for name, wait := range map[string]func(c *clock){
		"settling": func(c *clock) { c.Settle(never) },
		"waiting":  func(c *clock) { c.Wait(never) },
		"staying":  func(c *clock) { c.stay() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithTimeout(t.Context(), 5*time.Second)
				defer interrupt()
				begin := time.Now()
				wait(&clock{ctx: ctx, meanwhile: func() {}})
				if took := time.Since(begin); took < 5*time.Second || took > 6*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestWhatHappensIsShownWhileSomebodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shown := 0
		c := &clock{ctx: t.Context(), meanwhile: func() { shown++ }}
		left := 20
		c.Wait(func() bool { left--; return left == 0 })
		if shown != 20 {
			t.Errorf("it was shown %d times", shown)
		}
	})
}
