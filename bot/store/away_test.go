package store_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
)

// relay stands between a store and its Postgres.
type relay struct {
	listener net.Listener
	far      string
	done     sync.WaitGroup

	mu     sync.Mutex
	frozen chan struct{} // open: nothing passes; nil: everything does
	conns  []net.Conn
}

// relayed gives the address of a database behind a relay.
func relayed(t *testing.T) (*relay, string) {
	t.Helper()
	u, err := url.Parse(pgtest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: l, far: u.Host}
	r.done.Go(r.accept)
	t.Cleanup(func() {
		_ = l.Close()
		r.cut()
		r.done.Wait()
	})
	u.Host = l.Addr().String()
	return r, u.String()
}

func (r *relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", r.far)
		if err != nil {
			_ = near.Close()
			continue
		}
		r.mu.Lock()
		r.conns = append(r.conns, near, far)
		r.mu.Unlock()
		r.done.Go(func() { r.copy(near, far) })
		r.done.Go(func() { r.copy(far, near) })
	}
}

func (r *relay) copy(to, from net.Conn) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 1<<15)
	for {
		n, err := from.Read(buffer)
		r.mu.Lock()
		frozen := r.frozen
		r.mu.Unlock()
		if frozen != nil {
			<-frozen
		}
		if _, writing := to.Write(buffer[:n]); writing != nil || errors.Is(err, io.EOF) || err != nil {
			return
		}
	}
}

// freeze lets nothing pass, without a word.
func (r *relay) freeze() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frozen = make(chan struct{})
}

// cut ends all connections, and what was frozen.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.frozen != nil {
		close(r.frozen)
		r.frozen = nil
	}
	for _, c := range r.conns {
		_ = c.Close()
	}
	r.conns = nil
}

func nothing(context.Context, *store.Tx) error { return nil }

// late is more than the three seconds in which the store tells that a database is away: the machine may be busy.
const late = 10 * time.Second

func TestAPostgresThatIsGoneIsAwayWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	r, address := relayed(t)
	s := open(t, store.Options{URL: address})
	exec(t, s, things)
	insert := func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "insert into things (name) values ('a')")
		return err
	}
	away := func(what string, work func(context.Context, *store.Tx) error) {
		t.Helper()
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // as a command has
		defer cancel()
		if err := s.Do(ctx, work); !store.Away(err) {
			t.Errorf("%s: %v", what, err)
		}
		if d := time.Since(begun); d > late {
			t.Errorf("%s: told after %s", what, d)
		}
	}
	cut := func(ctx context.Context, tx *store.Tx) error { r.cut(); return insert(ctx, tx) }
	away("connections end in a transaction", cut)
	away("a connection ends before the commit", func(ctx context.Context, tx *store.Tx) error { defer r.cut(); return insert(ctx, tx) })
	if n := number(t, s, "select count(*) from things"); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
	away("it goes silent in a transaction", func(ctx context.Context, tx *store.Tx) error { r.freeze(); return insert(ctx, tx) })
	away("it is silent", nothing)
	r.cut()
	if n := number(t, s, "select count(*) from things"); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
	if err := r.listener.Close(); err != nil {
		t.Error(err)
	}
	r.cut()
	away("nobody listens", nothing)
}

func TestADatabaseThatNobodyOpenedIsAway(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, o := range map[string]store.Options{
		"silent":    {URL: "postgres://u:hunter2@" + silent.Addr().String() + "/db"},
		"no server": {URL: "postgres://u:hunter2@127.0.0.1:1/db"},
		"no folder": {Path: filepath.Join(t.TempDir(), "nowhere", "slipway.db"), Shared: true},
	} {
		begun := time.Now()
		_, err := store.Open(t.Context(), o)
		if err == nil || (o.URL != "" && !store.Away(err)) {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(begun); d > late {
			t.Errorf("%s: told after %s", name, d)
		}
	}
}

func TestALongTransactionOfOthersIsAway(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: filepath.Join(t.TempDir(), "slipway.db"), Unsafe: true, Patience: 50 * time.Millisecond})
	begun, release := make(chan struct{}), make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		do(t, s, func(context.Context, *store.Tx) error {
			close(begun)
			<-release
			return nil
		})
	})
	<-begun
	if err := s.Do(t.Context(), nothing); !store.Away(err) {
		t.Errorf("got %v", err)
	}
	close(release)
	done.Wait()
	do(t, s, nothing)
}
