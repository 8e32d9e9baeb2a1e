package herokusim

import (
	"context"
	"strings"
	"sync"
)

// stream is the output of a build or a release command, read while it grows.
type stream struct {
	url string // secret: whoever knows it may read

	mu      sync.Mutex
	text    []byte
	started bool // the command runs, or ran
	ended   bool
	changed chan struct{} // closed and replaced at each change
}

// newStream opens a stream at an address that cannot be guessed; the server's lock is held.
func (s *Server) newStream(kind, id string) *stream {
	secret := digest("stream", kind, id)
	st := &stream{url: s.opts.URL + "/streams/" + secret, changed: make(chan struct{})}
	s.streams[secret] = st
	return st
}

func (st *stream) start()            { st.change(func() { st.started = true }) }
func (st *stream) end()              { st.change(func() { st.ended = true }) }
func (st *stream) write(text string) { st.change(func() { st.text = append(st.text, text...) }) }

func (st *stream) change(f func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	f()
	close(st.changed)
	st.changed = make(chan struct{})
}

// look gives what there is from an offset on, whether more may come, and what is closed when it did.
func (st *stream) look(offset int) (text []byte, started, ended bool, changed <-chan struct{}) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.text[min(offset, len(st.text)):], st.started, st.ended, st.changed
}

// follow gives out each line until the stream ends, or ctx does.
func (st *stream) follow(ctx context.Context, line func(string)) error {
	var read int
	var rest string
	for {
		text, _, ended, changed := st.look(read)
		read += len(text)
		rest += string(text)
		for {
			whole, after, found := strings.Cut(rest, "\n")
			if !found {
				break
			}
			line(whole)
			rest = after
		}
		if ended {
			if rest != "" {
				line(rest)
			}
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
