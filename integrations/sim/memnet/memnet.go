// Package memnet is a network in memory: listeners by address, and connections that are net.Pipe.
//
// It exists so that the whole bot and the simulated servers can talk inside a testing/synctest bubble, where
// real sockets would stop the clock. Whatever is dialled and not listened to fails, so nothing can reach
// outside unnoticed.
package memnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
)

// Network holds the listeners. The zero value is ready.
type Network struct {
	mu        sync.Mutex
	listeners map[string]*listener
}

// Listen answers at an address such as "127.0.0.1:4011" from now on, until the listener is closed.
func (n *Network) Listen(addr string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[addr] != nil {
		return nil, fmt.Errorf("listen %s: %w", addr, syscall.EADDRINUSE)
	}
	if n.listeners == nil {
		n.listeners = map[string]*listener{}
	}
	l := &listener{network: n, addr: address(addr), conns: make(chan net.Conn), closed: make(chan struct{})}
	n.listeners[addr] = l
	return l, nil
}

// DialContext connects to a listener. It fits http.Transport.DialContext and websocket.Dialer.NetDialContext.
// An address that nobody listens at answers "connection refused".
func (n *Network) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	n.mu.Lock()
	l := n.listeners[addr]
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: network, Addr: address(addr), Err: syscall.ECONNREFUSED}
	if l == nil {
		return nil, refused
	}
	client, server := net.Pipe()
	select {
	case l.conns <- &conn{Conn: server, local: l.addr, remote: address("127.0.0.1:1")}:
		return &conn{Conn: client, local: address("127.0.0.1:1"), remote: l.addr}, nil
	case <-l.closed:
		return nil, errors.Join(refused, client.Close(), server.Close())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), client.Close(), server.Close())
	}
}

type listener struct {
	network *Network
	addr    address
	conns   chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.closed: // first: who closes a listener gets no connection after that
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		delete(l.network.listeners, string(l.addr))
		l.network.mu.Unlock()
		close(l.closed)
	})
	return nil
}

func (l *listener) Addr() net.Addr { return l.addr }

// conn gives a pipe the addresses that it stands for.
type conn struct {
	net.Conn
	local, remote address
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }
