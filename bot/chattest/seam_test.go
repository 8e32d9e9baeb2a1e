package chattest

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"slipway/integrations/sim/memnet"
)

// listening is a network with one server, that hands out what it accepts.
func listening(t *testing.T) (*memnet.Network, chan net.Conn) {
	t.Helper()
	network := &memnet.Network{}
	l, err := network.Listen("a:1")
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn, 10)
	go func() {
		defer close(accepted)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return network, accepted
}

func TestACutSeamEndsEveryConnectionAndRefusesNewOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network, accepted := listening(t)
		s := newSeam(network.DialContext)
		var near, far []net.Conn
		for range 3 {
			c, err := s.Dial(t.Context(), "tcp", "a:1")
			if err != nil {
				t.Fatal(err)
			}
			near, far = append(near, c), append(far, <-accepted)
		}
		if err := near[2].Close(); err != nil || len(s.conns) != 2 {
			t.Fatalf("%v, %d connections are left", err, len(s.conns))
		}
		reading := make(chan error)
		go func() { _, err := near[0].Read(make([]byte, 1)); reading <- err }()
		synctest.Wait()

		s.Cut()
		if err := <-reading; err == nil {
			t.Error("a read went on")
		}
		for i, c := range far {
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("the far end of %d sees %v", i, err)
			}
		}
		if _, err := near[1].Write([]byte("x")); err == nil {
			t.Error("a write went through")
		}
		if _, err := s.Dial(t.Context(), "tcp", "a:1"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("a dial gives %v", err)
		}
		if len(accepted) > 0 {
			t.Error("a dial behind the cut reached the server")
		}
		s.Cut() // again
	})
}

func TestADialThatIsUnderWayWhenTheSeamIsCutIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		s := newSeam(func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(time.Second)
			return near, nil
		})
		dialled := make(chan error)
		go func() { _, err := s.Dial(t.Context(), "tcp", "a:1"); dialled <- err }()
		synctest.Wait()
		s.Cut()
		if err := <-dialled; !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the dial gives %v", err)
		}
		if _, err := far.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("the far end sees %v", err)
		}
	})
}
