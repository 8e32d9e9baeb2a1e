package inbox

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	mostBody   = 25 << 20 // bytes; GitHub sends nothing larger
	mostBodies = 32 << 20 // bytes of all that are held at once
	large      = 1 << 20  // bytes; of larger bodies one is held at a time, so that they leave room for the others
	usual      = 64 << 10 // bytes; buffers of this size are used again

	forBody  = 10 * time.Second // to read a body, or to drop it: GitHub waits no longer
	forPlace = 3 * time.Second  // to wait until there is memory for it
)

// bodies bounds the memory that bodies take.
type bodies struct {
	places  *semaphore.Weighted // bytes
	large   chan struct{}       // has something in it while nobody holds a large one
	buffers sync.Pool           // *[usual]byte
}

func newBodies() *bodies {
	b := &bodies{places: semaphore.NewWeighted(mostBodies), large: make(chan struct{}, 1)}
	b.large <- struct{}{}
	b.buffers.New = func() any { return new([usual]byte) }
	return b
}

// body is a request's body in memory. It is freed once.
type body struct {
	bytes  []byte
	of     *bodies
	held   int64        // of places
	large  bool         // holds the place of a large one
	buffer *[usual]byte // nil: none of the pool's
}

var (
	tooLarge = &refusal{http.StatusRequestEntityTooLarge, "A delivery has 25 MB at most."}
	crowded  = &refusal{http.StatusServiceUnavailable, "Too much is arriving at once; send it again later."}
	broken   = &refusal{http.StatusBadRequest, "The body ended too early, or took too long."}
)

// read reads the whole body, when there is memory for it.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (*body, *refusal) {
	size := r.ContentLength
	if size > mostBody {
		return nil, tooLarge
	}
	got, no := b.hold(r.Context(), size)
	if no != nil {
		return nil, no
	}
	if no := got.fill(w, r, size); no != nil {
		got.free()
		return nil, no
	}
	return got, nil
}

// hold waits for memory. A size that is not told (-1) may turn out to be any.
func (b *bodies) hold(ctx context.Context, size int64) (*body, *refusal) {
	got := &body{of: b, held: max(size, usual)} // a smaller one has a buffer of that size
	if size < 0 {
		got.held = mostBody
	}
	ctx, cancel := context.WithTimeout(ctx, forPlace)
	defer cancel()
	if got.held > large {
		select {
		case <-b.large:
			got.large = true
		case <-ctx.Done():
			return nil, crowded
		}
	}
	if b.places.Acquire(ctx, got.held) != nil {
		got.held = 0
		got.free()
		return nil, crowded
	}
	return got, nil
}

func (got *body) fill(w http.ResponseWriter, r *http.Request, size int64) *refusal {
	until(w, forBody)
	var err error
	switch {
	case size < 0:
		got.bytes, err = io.ReadAll(io.LimitReader(r.Body, mostBody+1))
	case size <= usual:
		got.buffer = got.of.buffers.Get().(*[usual]byte)
		got.bytes = got.buffer[:size]
		_, err = io.ReadFull(r.Body, got.bytes)
	default:
		got.bytes = make([]byte, size)
		_, err = io.ReadFull(r.Body, got.bytes)
	}
	switch {
	case err != nil:
		return broken
	case len(got.bytes) > mostBody:
		return tooLarge
	}
	until(w, 0)
	return nil
}

// shrink gives back what the body holds, but for so many bytes of memory. Its bytes must not be used any more.
func (got *body) shrink(to int) {
	keep := min(got.held, int64(to)) // of what was held, which may be more than the bytes
	if keep < got.held {
		got.of.places.Release(got.held - keep)
	}
	got.held = keep
	if got.buffer != nil {
		got.of.buffers.Put(got.buffer)
	}
	got.bytes, got.buffer = nil, nil
	if got.large {
		got.of.large <- struct{}{}
		got.large = false
	}
}

// free gives back all of it.
func (got *body) free() { got.shrink(0) }

// drop reads what is left of a body, so that the sender gets its answer instead of a broken connection.
func drop(w http.ResponseWriter, r *http.Request) {
	until(w, forBody)
	if _, err := io.Copy(io.Discard, r.Body); err == nil {
		until(w, 0)
	}
}

// until bounds the reading of a request's body in time; 0 takes the bound away. It stays when the body did not come in time,
// or net/http would wait for the rest before it sends the answer.
func until(w http.ResponseWriter, d time.Duration) {
	var deadline time.Time
	if d > 0 {
		deadline = time.Now().Add(d)
	}
	_ = http.NewResponseController(w).SetReadDeadline(deadline) // where this cannot be, nothing has to be waited for
}
