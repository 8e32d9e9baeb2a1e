package github

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds what one answer may take of our memory, in bytes. The biggest known, a page of runs or a
// comparison with its patches, stays far below.
const maxAnswer = 32 << 20

// wire is one exchange with GitHub: it adds the token, notes the quota and reads the whole body, so that an answer
// cut in the middle is a network error here, where it can still be asked again, and not a puzzle for the decoder.
type wire struct {
	next  http.RoundTripper
	root  *url.URL
	who   credential
	quota gauge
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	if sameHost(req.URL, w.root) {
		if err := w.who.authorize(req.Context(), req.Header); err != nil {
			return nil, err
		}
	}
	resp, err := carry(w.next, req)
	if err != nil {
		return nil, err
	}
	w.quota.note(resp.Header)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if err := refuse(req, resp, body); err != nil {
		return nil, err
	}
	calm(resp)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (w *wire) CloseIdleConnections() { closeIdle(w.next) }

// badAnswer is an answer that asking again would not mend.
type badAnswer struct {
	kind   Kind
	status int
	text   string
}

func (b *badAnswer) Error() string { return b.text }

// refuse stops answers that go-github would take for good: it reads an empty body as an empty result.
func refuse(req *http.Request, resp *http.Response, body []byte) error {
	switch {
	case len(body) > maxAnswer:
		return &badAnswer{Malformed, resp.StatusCode, fmt.Sprintf("the answer is larger than %d MB", maxAnswer>>20)}
	case resp.StatusCode == http.StatusOK && isHTML(resp.Header):
		return &badAnswer{Unavailable, resp.StatusCode, webPage}
	case resp.StatusCode == http.StatusOK && len(body) == 0 && req.Header.Get("Accept") != acceptRaw:
		return &badAnswer{Malformed, resp.StatusCode, "the answer is empty"}
	}
	return nil
}

const webPage = "a web page answered, not the API; something in between is in the way, or the address is wrong"

// calm hides a reset time that go-github would make too much of: it refuses every call until then. One is years away
// by mistake; another is that of the primary limit on a 403 about a secondary one without Retry-After, up to an hour
// away. Our own hold waits as long as GitHub asks.
func calm(resp *http.Response) {
	h := resp.Header
	if ownQuota(h) { // go-github would take it for that of the REST API
		setApart(h)
	}
	secondary := resp.StatusCode == http.StatusForbidden && h.Get(headerRemaining) != "0" && h.Get(headerRetryAfter) == ""
	if secondary || resetTime(h).IsZero() {
		h.Del(headerReset)
	}
}

// setApart makes of another quota's end a time to wait, and leaves nothing else of it.
func setApart(h http.Header) {
	if reset := resetTime(h); h.Get(headerRemaining) == "0" && h.Get(headerRetryAfter) == "" && !reset.IsZero() {
		h.Set(headerRetryAfter, strconv.Itoa(int(max(time.Until(reset), 0).Seconds())))
	}
	for _, name := range []string{headerLimit, headerRemaining, headerReset} {
		h.Del(name)
	}
}

// stayHome follows the redirect of a renamed repository, and none to another host: what answers there is not GitHub.
// A 301 would turn a change into a question, whose answer says nothing of the change.
func stayHome(root *url.URL) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		switch {
		case wantsLocation(req.Context()) && req.Response.StatusCode == http.StatusFound:
			return http.ErrUseLastResponse
		case !sameHost(req.URL, root):
			return &badAnswer{Unavailable, 0, fmt.Sprintf("redirected to another host, %s://%s", req.URL.Scheme, req.URL.Host)}
		case req.Method != via[0].Method:
			return &badAnswer{Invalid, req.Response.StatusCode, "redirected, as GitHub does when a repository was renamed; use its new name"}
		case len(via) > 3:
			return &badAnswer{Malformed, 0, "redirected more than 3 times"}
		}
		return nil
	}
}

func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Host, b.Host)
}

func isHTML(h http.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return kind == "text/html"
}

func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
