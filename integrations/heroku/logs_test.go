package heroku_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

var hello = heroku.LogLine{At: time.Date(2026, 11, 22, 13, 51, 22, 0, time.UTC), Source: "app", Dyno: "run.1000", Text: "hi"}

func TestLogsAreReadInEitherForm(t *testing.T) {
	t.Parallel()
	const line = "2026-11-22T13:51:22Z app[run.1000]: hi"
	long := strings.Repeat("x", 70<<10)
	for name, c := range map[string]struct {
		media, body string
		want        []heroku.LogLine
		last        string
	}{
		"events":              {"text/event-stream", "id: 1001\ndata: " + line + "\n\n: beat\n\nid: 1002\ndata: " + line + "\n\n", []heroku.LogLine{hello, hello}, "1002"},
		"events with CR":      {"text/event-stream; charset=utf-8", "id: 1001\r\ndata: " + line + "\r\n\r\n", []heroku.LogLine{hello}, "1001"},
		"an event that's cut": {"text/event-stream", "id: 1\ndata: " + line + "\n\nid: 2\ndata: " + line + "\n", []heroku.LogLine{hello}, "1"},
		"an id alone":         {"text/event-stream", "id: 1\n\ndata:" + line + "\n\n", []heroku.LogLine{hello}, "1"},
		"plain":               {"text/plain", line + "\n" + line, []heroku.LogLine{hello, hello}, ""},
		"of no form":          {"text/plain", "hello\n\n\xff\n", []heroku.LogLine{{Text: "hello"}, {}, {}}, ""},
		"a long line":         {"text/plain", long + "\n" + line + "\n", []heroku.LogLine{{Text: long[:64<<10]}, hello}, ""},
		"nothing":             {"text/plain", "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cl, j := dial(t, reply(200, c.body, "Content-Type", c.media))
				var got []heroku.LogLine
				last, err := cl.ReadLogs(t.Context(), stream, "", func(l heroku.LogLine) { got = append(got, l) })
				if diff := cmp.Diff(c.want, got); diff != "" || err != nil || last != c.last {
					t.Errorf("last %q, %v: %s", last, err, diff)
				}
				h := j.all()[0].Header
				if h.Get("Authorization") != "" || strings.Contains(fmt.Sprint(h), token) || h.Get("Accept") != "text/event-stream" || h.Get("Last-Event-Id") != "" {
					t.Error(h)
				}
			})
		})
	}
}

func TestLogsThatBreakGoOnBehindTheLastLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		event := func(id int) string {
			return fmt.Sprintf("id: %d\ndata: 2026-11-22T13:51:22Z app[run.1000]: %d\n\n", id, id)
		}
		c, j := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			if r.Header.Get("Last-Event-Id") == "2" {
				_, _ = io.WriteString(w, event(3))
				return
			}
			_, _ = io.WriteString(w, event(1)+event(2)+"id: 3\ndata: 2026")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		var got []string
		each := func(l heroku.LogLine) { got = append(got, l.Text) }
		last, err := c.ReadLogs(t.Context(), stream, "", each)
		if e := failure(t, err); e.Kind != heroku.Unreachable || last != "2" {
			t.Errorf("last %q, %v", last, e)
		}
		if last, err = c.ReadLogs(t.Context(), stream, last, each); err != nil || last != "3" || strings.Join(got, "") != "123" || len(j.all()) != 2 {
			t.Errorf("%v, last %q, %v", got, last, err)
		}
	})
}

func TestLogErrorsAreToldApartWithoutTheAddress(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		answer http.HandlerFunc
		kind   heroku.Kind
		status int
		took   time.Duration
	}{
		"403":      {text(403, "s3cret"), heroku.Forbidden, 403, 0},
		"404":      {text(404, "s3cret"), heroku.NotFound, 404, 0},
		"503":      {html(503), heroku.Unavailable, 503, 0},
		"redirect": {reply(302, "", "Location", "http://elsewhere.example/s3cret"), heroku.Malformed, 302, 0},
		"dropped":  {drop, heroku.Unreachable, 0, 0},
		"hangs":    {hang, heroku.Unreachable, 0, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := dial(t, f.answer)
				start := time.Now()
				last, err := c.ReadLogs(t.Context(), stream, "7", func(heroku.LogLine) { t.Error("a line") })
				e := failure(t, err)
				if e.Kind != f.kind || e.Status != f.status || last != "7" || time.Since(start) != f.took || e.Ambiguous {
					t.Errorf("after %v, last %q: %v", time.Since(start), last, e)
				}
				if strings.Contains(fmt.Sprintf("%v %+v", err, *e), "s3cret") {
					t.Error(err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, text(200, ""))
		for _, u := range []heroku.StreamURL{"", "x", "ftp://h/", "http://u:p@h/"} {
			if _, err := c.ReadLogs(t.Context(), u, "", nil); heroku.KindOf(err) != heroku.Invalid || len(j.all()) != 0 {
				t.Error(err)
			}
		}
	})
}

func TestATailLastsUntilItsReaderLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "one\n")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(time.Hour):
				_, _ = io.WriteString(w, "two\n")
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			case <-r.Context().Done():
			}
		}))
		ctx, leave := context.WithCancel(t.Context())
		var got []string
		_, err := c.ReadLogs(ctx, stream, "", func(l heroku.LogLine) {
			if got = append(got, l.Text); l.Text == "two" {
				leave()
			}
		})
		if e := failure(t, err); !errors.Is(err, context.Canceled) || len(got) != 2 {
			t.Errorf("%v, %v", got, e)
		}
	})
}

func TestAnUploadCarriesNeitherTokenNorType(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		answer    http.HandlerFunc
		kind      heroku.Kind // "" for success
		ambiguous bool
	}{
		"taken":   {text(200, ""), "", false},
		"403":     {text(403, "s3cret"), heroku.Forbidden, false},
		"500":     {text(500, "s3cret"), heroku.Unavailable, true},
		"dropped": {drop, heroku.Unreachable, true},
		"hangs":   {hangWithBody, heroku.Unreachable, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got string
				c, j := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					b, _ := io.ReadAll(r.Body)
					got = string(b)
					f.answer(w, r)
				}))
				start := time.Now()
				err := c.Upload(t.Context(), heroku.Source{Put: stream}, strings.NewReader("tarball"), 7)
				r := j.all()[0]
				if r.Method != http.MethodPut || r.ContentLength != 7 || r.Header["Content-Type"] != nil || r.Header["Authorization"] != nil || len(j.all()) != 1 {
					t.Errorf("%s of %d bytes with %v", r.Method, r.ContentLength, r.Header)
				}
				if f.kind == "" {
					if err != nil || got != "tarball" {
						t.Errorf("%q, %v", got, err)
					}
					return
				}
				e := failure(t, err)
				if e.Kind != f.kind || e.Ambiguous != f.ambiguous || strings.Contains(fmt.Sprintf("%+v", *e), "s3cret") || time.Since(start) > 5*time.Minute {
					t.Errorf("ambiguous %v after %v: %v", e.Ambiguous, time.Since(start), e)
				}
			})
		})
	}
}

func FuzzLogLine(f *testing.F) {
	f.Add("2026-11-22T13:51:22.123456+00:00 heroku[run.1]: Process exited with status 1")
	f.Add("2026-11-22T13:51:22Z app[web.1]: \xff")
	f.Fuzz(func(t *testing.T, s string) {
		l := heroku.ParseLogLine(s)
		if !utf8.ValidString(l.Text) || len(l.Text) > len(s) {
			t.Errorf("%q", l.Text)
		}
		if n, ok := l.ExitLine(); ok && (n < 0 || n > 255 || l.Source != "heroku") {
			t.Errorf("%d from %q", n, s)
		}
	})
}
