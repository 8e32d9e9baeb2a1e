package slack

import (
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// wired gives a wire, the far end of its connection, and whether it has ended.
func wired(t *testing.T) (w *wire, far net.Conn, ended *atomic.Bool) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = near.Close(); _ = far.Close() })
	ended = new(atomic.Bool)
	return newWire(near, new(atomic.Int64), func(*wire) { ended.Store(true) }), far, ended
}

func TestAWireThatWasLeftWaitsForWhatIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, far, ended := wired(t)
		go func() { _, _ = io.Copy(io.Discard, far) }()
		w.expect()
		w.expect()
		_ = w.Close()
		w.retire()
		if _, err := w.Read(make([]byte, 1)); err == nil || ended.Load() || w.serves() {
			t.Errorf("after leaving: read %v, ended %v, serves others %v", err, ended.Load(), w.serves())
		}
		for range 2 {
			if err := w.send([]byte("{}"), time.Now().Add(time.Second)); err != nil || ended.Load() {
				t.Errorf("send: %v, ended %v", err, ended.Load())
			}
			w.settle()
		}
		if !ended.Load() {
			t.Error("it is still open when nothing is due")
		}
		if err := w.send([]byte("{}"), time.Now().Add(time.Second)); err == nil {
			t.Error("an ended wire takes a message")
		}
	})
}

func TestAWireDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, ended := wired(t)
		w.expect()
		w.retire()
		time.Sleep(lingering - time.Millisecond)
		synctest.Wait()
		if ended.Load() {
			t.Error("it ended early")
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if !ended.Load() {
			t.Error("it is open for ever")
		}
	})
}

func TestAWireEndsWithItsFarEnd(t *testing.T) {
	t.Parallel()
	w, far, ended := wired(t)
	_ = far.Close()
	if _, err := w.Read(make([]byte, 1)); err == nil || !ended.Load() {
		t.Errorf("read %v, ended %v", err, ended.Load())
	}
}

func TestNothingFollowsACloseFrame(t *testing.T) {
	t.Parallel()
	w, far, ended := wired(t)
	go func() { _, _ = io.Copy(io.Discard, far) }()
	if _, err := w.Write([]byte{0x8a, 0x80, 1, 2, 3, 4}); err != nil || ended.Load() {
		t.Errorf("a pong: %v, ended %v", err, ended.Load())
	}
	if _, err := w.Write([]byte{0x88, 0x80, 1, 2, 3, 4}); err != nil || !ended.Load() {
		t.Errorf("a close frame: %v, ended %v", err, ended.Load())
	}
}

func TestAWriteThatNobodyTakesEndsTheWireInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, ended := wired(t)
		start := time.Now()
		if err := w.send([]byte("{}"), start.Add(time.Second)); err == nil || !ended.Load() || time.Since(start) != time.Second {
			t.Errorf("send: %v after %v, ended %v", err, time.Since(start), ended.Load())
		}
	})
}

func TestFramesAreNotMixed(t *testing.T) {
	t.Parallel()
	w, far, _ := wired(t)
	pong := []byte{0x8a, 0x84, 0, 0, 0, 0, 'p', 'o', 'n', 'g'}
	go func() {
		for range 50 {
			_, _ = w.Write(pong)
		}
	}()
	go func() {
		for range 50 {
			_ = w.send([]byte(`{"envelope_id":"e"}`), time.Now().Add(5*time.Second))
		}
	}()
	var kinds []byte
	for range 100 {
		head := make([]byte, 2)
		if _, err := io.ReadFull(far, head); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, far, 4+int64(head[1]&0x7f)); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, head[0])
	}
	slices.Sort(kinds)
	if len(slices.Compact(kinds)) != 2 {
		t.Errorf("frames of the kinds %x", slices.Compact(kinds))
	}
}
