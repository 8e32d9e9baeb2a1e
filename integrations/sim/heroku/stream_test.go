package herokusim

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// outputURL starts a release with a two-line release command and gives the address of its output.
func outputURL(t *testing.T, s *site) (url string, done <-chan struct{}) {
	t.Helper()
	s.app.NextReleasePhase(false, "one\ntwo")
	done = goDo(func() { _, _ = s.app.SetConfig(t.Context(), "A", "1", "") })
	sleepUntil(time.Second)
	return s.get(t, "/apps/penny-university/releases/123").object(t)["output_stream_url"].(string), done
}

// "release-phase output: GET `output_stream_url` with NO auth header; 404 = release command not started yet"
func TestOutputIsReadWithoutCredentialsOnceTheCommandStarted(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		url, done := outputURL(t, s)
		if !strings.HasPrefix(url, base+"/streams/") || strings.Contains(url, s.app.Releases()[0].ID) {
			t.Errorf("the output is at %s", url)
		}
		if a := s.get(t, url, "Authorization: "); a.StatusCode != http.StatusNotFound {
			t.Errorf("before the command started: %d %s", a.StatusCode, a.body)
		}
		sleepUntil(3 * time.Second)
		if a := s.get(t, url); a.StatusCode != http.StatusBadRequest || strings.Contains(a.body, "one") {
			t.Errorf("with a token: %d %s", a.StatusCode, a.body)
		}
		<-done
		a := s.get(t, url, "Authorization: ")
		if a.StatusCode != 200 || a.body != "one\ntwo" || a.Header.Get("Content-Type") != "text/plain" {
			t.Errorf("in the end: %d %q %v", a.StatusCode, a.body, a.Header)
		}
		if a := s.get(t, "/streams/0123", "Authorization: "); a.StatusCode != http.StatusNotFound {
			t.Errorf("a guessed address: %d", a.StatusCode)
		}
	})
}

// "`text/plain` …; Release output works the same": what is printed is seen when it is printed, and the end is the end.
func TestOutputComesWhileTheCommandRuns(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		url, done := outputURL(t, s)
		sleepUntil(3 * time.Second)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got []string
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			got = append(got, lines.Text()+" at "+time.Now().UTC().Format("05"))
		}
		// The command starts at 2 s and runs for 8 s. Without a line end, "two" is complete at the end of the stream.
		if want := "one at 06, two at 10"; strings.Join(got, ", ") != want {
			t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
		}
		<-done
	})
}

// "resume with `Range` (plain)"
func TestOutputIsResumedByRange(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		url, done := outputURL(t, s)
		<-done
		for header, want := range map[string]struct {
			status int
			body   string
		}{
			"bytes=0-": {200, "one\ntwo"},
			"bytes=4-": {206, "two"},
			"bytes=7-": {416, ""},
			"bytes=-4": {416, ""},
			"lines=1-": {416, ""},
		} {
			a := s.get(t, url, "Authorization: ", "Range: "+header)
			if a.StatusCode != want.status || want.status != 416 && a.body != want.body {
				t.Errorf("%s: %d %q", header, a.StatusCode, a.body)
			}
		}
	})
}

// A stream that is resumed at its end while the command runs waits for more.
func TestOutputResumedAtItsEndWaitsForMore(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		url, done := outputURL(t, s)
		sleepUntil(7 * time.Second)
		if a := s.get(t, url, "Authorization: ", "Range: bytes=4-"); a.body != "two" || a.StatusCode != 206 {
			t.Errorf("got %d %q", a.StatusCode, a.body)
		}
		<-done
	})
}

// Build output is the same kind of stream: "`output_stream_url`: … no auth header … A secret."
func TestBuildOutputIsAStreamToo(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		b := s.get(t, "/apps/penny-university/builds").list(t)[0]
		a := s.get(t, b["output_stream_url"].(string), "Authorization: ")
		if !strings.HasPrefix(a.body, "-----> Building on the heroku-24 stack\n") {
			t.Errorf("got %d %q", a.StatusCode, a.body)
		}
	})
}

// An open stream must not hold up Close.
func TestCloseEndsStreams(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		url, _ := outputURL(t, s)
		sleepUntil(3 * time.Second)
		got := make(chan answer, 1)
		go func() { got <- s.get(t, url, "Authorization: ") }()
		sleepUntil(4 * time.Second)
		s.Close()
		if a := <-got; a.body != "" {
			t.Errorf("got %q", a.body)
		}
	})
}
