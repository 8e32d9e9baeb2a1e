package heroku_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slipway/integrations/heroku"
)

// carrier is a transport without a network.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// endless is a body without end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestAnAnswerLongerThan32MBIsNotReadOn(t *testing.T) {
	t.Parallel()
	c, err := heroku.New(heroku.Options{Token: token, HTTP: carrier(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(endless{})}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.App(t.Context(), "shop")
	if e := failure(t, err); e.Kind != heroku.Malformed || e.Message != "the answer is longer than 32 MB" {
		t.Error(e)
	}
}

func TestATransportThatNamesTheStreamIsNotRepeated(t *testing.T) {
	t.Parallel()
	c, err := heroku.New(heroku.Options{Token: token, HTTP: carrier(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("no route")}
	})})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Output(t.Context(), "https://release-output.heroku.com/streams/s3cret")
	if e := failure(t, err); e.Kind != heroku.Unreachable || strings.Contains(e.Error(), "s3cret") || !strings.Contains(e.Error(), "no route") {
		t.Error(e)
	}
}
