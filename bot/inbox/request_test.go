package inbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"slipway/bot/inbox"
)

func TestOtherMethodsAndPlacesAreRefused(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/webhooks/github", 405},
		{"PUT", "/webhooks/heroku", 405},
		{"DELETE", "/webhooks/github", 405},
		{"POST", "/webhooks/gitlab", 404},
		{"POST", "/webhooks", 404},
	} {
		m := fromGitHub("1", "ping", nil)
		r := m.request(t.Context(), s.url)
		r.Method, r.URL.Path = c.method, c.path
		if got, _ := s.send(r); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got, c.want)
		}
	}
}

func TestADeliveryNeedsItsName(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	whole := fromGitHub("1", "ping", nil)
	for name, m := range map[string]message{
		"no id":                   whole.with("X-GitHub-Delivery", ""),
		"a long id":               whole.with("X-GitHub-Delivery", strings.Repeat("x", 201)),
		"an id with a blank":      whole.with("X-GitHub-Delivery", "a b"),
		"an id of no letters":     whole.with("X-GitHub-Delivery", "\xff"),
		"no event":                whole.with("X-GitHub-Event", ""),
		"Heroku, no id":           fromHeroku([]byte(`{"resource":"dyno"}`)),
		"Heroku, a number for id": fromHeroku([]byte(`{"id":7,"resource":"dyno"}`)),
		"Heroku, a zero in it":    fromHeroku([]byte(`{"id":"\u0000","resource":"dyno"}`)),
		"Heroku, no JSON":         fromHeroku([]byte(`lava`)),
		"Heroku, nothing":         fromHeroku(nil),
	} {
		if status, text := s.post(m); status != http.StatusBadRequest || text == "" {
			t.Errorf("%s: %d %q", name, status, text)
		}
	}
	if n := s.stored(); n != 0 {
		t.Errorf("%d are stored", n)
	}
}

func TestFormsAreUnderstood(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.run()
	asForm := func(id string, form []byte) message {
		return fromGitHub(id, "workflow_run", form).with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	s.want(202, asForm("1", []byte(url.Values{"payload": {string(runEvent(7))}}.Encode())))
	s.want(400, asForm("2", []byte("body="+url.QueryEscape(string(runEvent(7))))))
	s.want(400, asForm("3", []byte("payload=%zz")))
	wrong := asForm("4", []byte("payload={}"))
	wrong.header["X-Hub-Signature-256"] = signature(gitHubSecret, []byte("{}")) // of the JSON, and not of the form
	s.want(401, wrong)
	s.settle()
	want := fmt.Sprintf("1 workflow_run %d null", len(runEvent(7)))
	if got := s.rows(4, `select id, event, size, trouble from deliveries`); len(got) != 1 || got[0] != want {
		t.Errorf("stored is %q, want %q", got, want)
	}
}

func TestABodyMayHave25MBAndNotOneByteMore(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	body := bytes.Repeat([]byte("lava "), inbox.MostBody/5+1)
	for _, c := range []struct {
		name string
		size int
		want int
	}{
		{"25 MB", inbox.MostBody, 202},
		{"one byte more", inbox.MostBody + 1, 413},
		{"25 MB, of a length that is not told", -inbox.MostBody, 202},
		{"one byte more, of a length that is not told", -inbox.MostBody - 1, 413},
	} {
		n := max(c.size, -c.size)
		m := fromGitHub(strings.ReplaceAll(c.name, " ", "-"), "push", body[:n])
		r := m.request(t.Context(), s.url)
		if c.size < 0 {
			r.ContentLength, r.Body, r.GetBody = -1, io.NopCloser(bytes.NewReader(m.body)), nil
		}
		if got, text := s.send(r); got != c.want {
			t.Errorf("%s: %d %q, want %d", c.name, got, text, c.want)
		}
	}
	want := []string{fmt.Sprint(inbox.MostBody), fmt.Sprint(inbox.MostBody)}
	if got := s.rows(1, `select size from deliveries`); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the stored sizes are %v, want %v", got, want)
	}
}

func TestTheNextRequestOfAConnectionFollowsARefusedOne(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var both bytes.Buffer
	unsigned := message{path: "/webhooks/github", body: make([]byte, 1<<20)} // more than net/http drops by itself
	for _, m := range []message{unsigned, fromGitHub("1", "ping", []byte("{}"))} {
		if err := m.request(t.Context(), s.url).Write(&both); err != nil {
			t.Fatal(err)
		}
	}
	go func() { _, _ = conn.Write(both.Bytes()) }() // ends with the connection
	got := make([]byte, 0, 4096)
	for !strings.Contains(string(got), "202 Accepted") {
		some := make([]byte, 512)
		n, err := conn.Read(some)
		got = append(got, some[:n]...)
		if err != nil {
			t.Fatalf("%v after\n%s", err, got)
		}
	}
	if !strings.HasPrefix(string(got), "HTTP/1.1 401 ") {
		t.Errorf("%s", got)
	}
}
