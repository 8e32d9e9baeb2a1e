package herokusim

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// serveStream gives the output of a build or release command as it grows, until it ends. Its address is the secret:
// "GET `output_stream_url` with NO auth header; 404 = release command not started yet".
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "output streams take no Authorization header", http.StatusBadRequest)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		http.Error(w, "not simulated: output as text/event-stream", http.StatusNotImplemented)
		return
	}
	s.mu.Lock()
	st := s.streams[r.PathValue("secret")]
	s.mu.Unlock()
	if st == nil {
		http.NotFound(w, r)
		return
	}
	text, started, ended, _ := st.look(0)
	if !started {
		http.NotFound(w, r)
		return
	}
	offset, ok := resumeAt(r.Header.Get("Range"))
	if !ok || ended && offset > 0 && offset >= len(text) {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", len(text)))
		http.Error(w, "the range is not satisfiable", http.StatusRequestedRangeNotSatisfiable)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Accept-Ranges", "bytes")
	if offset > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-/*", offset))
		w.WriteHeader(http.StatusPartialContent)
	}
	s.copyStream(r.Context(), w, st, offset)
}

// copyStream writes what comes, as it comes.
func (s *Server) copyStream(ctx context.Context, w http.ResponseWriter, st *stream, offset int) {
	control := http.NewResponseController(w)
	for {
		text, _, ended, changed := st.look(offset)
		offset += len(text)
		if _, err := w.Write(text); err != nil {
			return
		}
		if ended {
			return
		}
		_ = control.Flush() // a writer that cannot flush gives all at the end
		select {
		case <-changed:
		case <-ctx.Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// resumeAt reads "bytes=120-", which resumes a stream: "resume with `Range` (plain)". Other forms are not ok.
func resumeAt(header string) (offset int, ok bool) {
	if header == "" {
		return 0, true
	}
	from, isBytes := strings.CutPrefix(header, "bytes=")
	from, isOpen := strings.CutSuffix(from, "-")
	n, err := strconv.Atoi(from)
	return n, isBytes && isOpen && err == nil && n >= 0
}
