package herokusim

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// session makes a log session and gives its address.
func (s *site) session(t *testing.T, body string) string {
	t.Helper()
	a := s.send(t, "POST", "/apps/penny-university/log-sessions", body, "Accept: "+sdk)
	if a.StatusCode != 201 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.object(t)["logplex_url"].(string)
}

// "GET that without auth: SSE with `Accept: text/event-stream` (`data: 2026-11-22T13:51:22Z app[run.1000]: hi`), plain
// text otherwise"; "events `id: 1001\ndata: …\n\n`; the stream closes at the end"; "`source:"app"` hides the exit line"
func TestLogsAreReadBack(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		name := s.start(t, `{"command":"echo hi; echo there; exit 2"}`)
		time.Sleep(10 * time.Second)
		const at = "2000-01-01T00:00:05Z "
		up, hi, there := at+"heroku["+name+"]: State changed from starting to up", at+"app["+name+"]: hi", at+"app["+name+"]: there"
		exit, end := at+"heroku["+name+"]: Process exited with status 2", at+"heroku["+name+"]: State changed from up to complete"
		for _, c := range []struct {
			body, accept string
			want         []string
		}{
			{`{"dyno":"` + name + `"}`, "*/*", []string{up, hi, there, exit, end}},
			{`{"dyno":"` + name + `","source":"app"}`, "*/*", []string{hi, there}},
			{`{"dyno":"run","source":"heroku"}`, "*/*", []string{up, exit, end}},
			{`{"lines":2}`, "*/*", []string{exit, end}},
			{`{"dyno":"web.1"}`, "*/*", nil},
			{`{"dyno":"` + name + `","source":"app"}`, "text/event-stream", []string{"id: 1002\ndata: " + hi + "\n", "id: 1003\ndata: " + there + "\n"}},
		} {
			a := s.get(t, s.session(t, c.body), "Authorization: ", "Accept: "+c.accept)
			want := ""
			for _, line := range c.want {
				want += line + "\n"
			}
			if a.StatusCode != 200 || a.body != want {
				t.Errorf("%s: got %d\n%s\nwant\n%s", c.body, a.StatusCode, a.body, want)
			}
		}
		url := s.session(t, `{}`)
		if a := s.get(t, url); a.StatusCode != http.StatusBadRequest {
			t.Errorf("with a token: %d", a.StatusCode)
		}
		// "The URL is short-lived: on 403/404 at reconnect make a new log-session"
		time.Sleep(5 * time.Minute)
		if a := s.get(t, url, "Authorization: "); a.StatusCode != http.StatusNotFound {
			t.Errorf("5 min later: %d", a.StatusCode)
		}
	})
}

// "Start the log-session before or right at the create": with tail what comes is seen as it comes, and an EventSource that
// connects again goes on behind the last event that it has.
func TestLogsAreFollowed(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.OnRun(func(ctx context.Context, r Run) int {
			for range 3 {
				r.Print("tick")
				_ = r.Pass(ctx, time.Minute)
			}
			return 0
		})
		url := s.session(t, `{"dyno":"run","tail":true,"source":"app"}`)
		s.start(t, `{"command":"clock"}`)
		read := func(last string, until time.Duration) string {
			ctx, cancel := context.WithTimeout(t.Context(), until)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", "text/event-stream")
			r.Header.Set("Last-Event-Id", last)
			resp, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var got []string
			for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
				if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
					got = append(got, id+" at "+time.Now().UTC().Format("04:05"))
				}
			}
			return strings.Join(got, ", ")
		}
		if got := read("", 90*time.Second); got != "1002 at 00:05, 1003 at 01:05" {
			t.Errorf("first: %s", got)
		}
		if got := read("1002", 90*time.Second); got != "1003 at 01:30, 1004 at 02:05" {
			t.Errorf("again: %s", got)
		}
	})
}

// "Logplex keeps ~1500 lines"
func TestTheLogKeepsItsLastLines(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.OnRun(func(_ context.Context, r Run) int {
			for range 5000 {
				r.Print("x")
			}
			r.Print("last")
			return 0
		})
		s.start(t, `{"command":"much"}`)
		time.Sleep(10 * time.Second)
		lines := strings.Split(strings.TrimSpace(s.get(t, s.session(t, `{"lines":100000}`), "Authorization: ").body), "\n")
		if len(lines) != 1500 || !strings.HasSuffix(lines[1497], "last") {
			t.Errorf("%d lines, the third last %q", len(lines), lines[len(lines)-3])
		}
	})
}

// What the platform says of the formation's dynos is in the log too.
func TestTheFormationsDynosAreInTheLog(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if err := s.app.Crash("web"); err != nil {
			t.Fatal(err)
		}
		s.do(t, "DELETE", dynos+"/web.1")
		time.Sleep(10 * time.Second)
		want := "heroku: State changed from up to crashed\nheroku: State changed from crashed to down\nheroku: State changed from starting to up"
		if got := s.log("web.1"); got != want {
			t.Errorf("log\n%s\nwant\n%s", got, want)
		}
	})
}
