package heroku_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"slipway/integrations/heroku"
)

const stream = heroku.StreamURL("http://" + address + "/streams/s3cret?sig=s3cret")

// text answers with plain text.
func text(status int, body string) http.HandlerFunc {
	return reply(status, body, "Content-Type", "text/plain")
}

func TestOutputIsReadWithoutTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, text(200, "Running migrations:\n  Applying users.0007... OK\n"))
		got, err := c.Output(t.Context(), stream)
		if err != nil || got != "Running migrations:\n  Applying users.0007... OK\n" {
			t.Errorf("%q, %v", got, err)
		}
		r := j.all()[0]
		if _, sent := r.Header["Authorization"]; sent || r.RequestURI != "/streams/s3cret?sig=s3cret" || r.UserAgent() != "slipway/test" {
			t.Errorf("%s with %v", r.RequestURI, r.Header)
		}
		if strings.Contains(fmt.Sprint(r.Header), token) {
			t.Error("the token was sent")
		}
	})
}

func TestOutputErrorsAreToldApartWithoutTheAddress(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		answer http.HandlerFunc
		kind   heroku.Kind
		status int
	}{
		"404":        {text(404, "s3cret"), heroku.NotStarted, 404},
		"403":        {text(403, "s3cret"), heroku.Forbidden, 403},
		"429":        {text(429, "s3cret"), heroku.OutOfQuota, 429},
		"503":        {html(503), heroku.Unavailable, 503},
		"redirect":   {reply(302, "", "Location", "http://elsewhere.example/s3cret"), heroku.Malformed, 302},
		"dropped":    {drop, heroku.Unreachable, 0},
		"broken off": {breakOff, heroku.Unreachable, 200},
		"hangs":      {hang, heroku.Unreachable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, f.answer)
				_, err := c.Output(t.Context(), stream)
				e := failure(t, err)
				if e.Kind != f.kind || e.Status != f.status || e.Op != "output" {
					t.Errorf("kind %q, status %d, want %q, %d: %v", e.Kind, e.Status, f.kind, f.status, e)
				}
				if strings.Contains(fmt.Sprintf("%v %+v", err, *e), "s3cret") {
					t.Errorf("the error tells the address or the body: %v", err)
				}
				for _, r := range j.all() {
					if r.Host != address {
						t.Errorf("went to %s", r.Host)
					}
				}
			})
		})
	}
}

func TestOutputRefusesWhatIsNoStream(t *testing.T) {
	t.Parallel()
	c, err := heroku.New(heroku.Options{Token: token, HTTP: unused{t}})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []heroku.StreamURL{"", "s3cret", "/streams/s3cret", "ftp://x/s3cret", "://s3cret", "https://me:s3cret@x/", "http://release-output.heroku.com/s3cret", "https://x/s3cret\n"} {
		_, err := c.Output(t.Context(), u)
		if e := failure(t, err); e.Kind != heroku.Invalid || strings.Contains(e.Error(), "s3cret") {
			t.Errorf("%q: %v", string(u), e)
		}
	}
}

type unused struct{ t *testing.T }

func (u unused) RoundTrip(*http.Request) (*http.Response, error) {
	u.t.Error("a request was sent")
	return nil, errors.New("unused")
}

func TestOutputKeepsTheLastWholeLinesOf64KB(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&all, "line %d é\n", i)
		}
		c, _ := dial(t, text(200, all.String()))
		got, err := c.Output(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > 64<<10 || len(got) < 64<<10-30 || !strings.HasPrefix(got, "line ") || !strings.HasSuffix(got, "line 99999 é\n") {
			t.Errorf("%d bytes from %q to %q", len(got), got[:20], got[len(got)-20:])
		}
	})
}

func TestOutputIsText(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct{ in, want string }{
		"nothing":          {"", ""},
		"no last newline":  {"a\nb", "a\nb"},
		"keep-alive NULs":  {"a\x00\x00b\n", "ab\n"},
		"a torn character": {"a\xc3\nb\n", "a\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := dial(t, text(200, f.in))
				if got, err := c.Output(t.Context(), stream); err != nil || got != f.want {
					t.Errorf("%q, %v; want %q", got, err, f.want)
				}
			})
		})
	}
}

func TestOneEndlessLineIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, text(200, strings.Repeat("é", 50_000)+"x"))
		got, err := c.Output(t.Context(), stream)
		if err != nil || !utf8.ValidString(got) || len(got) > 64<<10 || len(got) < 64<<10-3 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

func TestOutputThatStillGrowsIsGivenWithTheReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "so far\n")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		got, err := c.Output(ctx, stream)
		if got != "so far\n" || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Second {
			t.Errorf("%q, %v after %v", got, err, time.Since(start))
		}
		start = time.Now()
		got, err = c.Output(t.Context(), stream)
		if got != "so far\n" || heroku.KindOf(err) != heroku.Unreachable || time.Since(start) != 10*time.Second {
			t.Errorf("%q, %v after %v", got, err, time.Since(start))
		}
	})
}

func TestOutputThatBrokeOffIsReadAgainFromItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, oneAfterTheOther(breakOff, drop, text(200, "whole\n")))
		if got, err := c.Output(t.Context(), stream); err != nil || got != "whole\n" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestAStreamsAddressShowsItselfToNobody(t *testing.T) {
	t.Parallel()
	r := heroku.Release{Version: 7, OutputURL: stream}
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "release", r, "stream", stream)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "release", r, "stream", stream)
	stored, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	type plain heroku.Release // without String
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, stream, r, plain(r))
	}
	if shown := out.String() + string(stored); strings.Contains(shown, "s3cret") || strings.Contains(shown, fmt.Sprintf("%x", "s3cret")) {
		t.Error(shown)
	}
	if string(stream) == "" || fmt.Sprint(heroku.StreamURL("")) != "" {
		t.Error("an empty address must show as empty, and a value must be there")
	}
}
