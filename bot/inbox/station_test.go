package inbox_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/store"
	"slipway/integrations/sim/memnet"
)

const (
	gitHubSecret = "It's a Secret to Everybody"
	herokuSecret = "a secret of an app"
)

// station is an inbox that listens on a port, with a database of its own.
type station struct {
	t     testing.TB
	store *store.Store
	inbox *inbox.Inbox
	log   *logged

	url    string
	client *http.Client
}

// setting changes how a station is built.
type setting func(*store.Options, *inbox.Options)

// newStation has an inbox that only receives, until run.
func newStation(t testing.TB, settings ...setting) *station {
	t.Helper()
	s := open(t, settings...)
	server := httptest.NewServer(s.inbox.Handler())
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	return s
}

// newBubbleStation is the same for a bubble, where real sockets would stop the clock.
func newBubbleStation(t testing.TB, settings ...setting) *station {
	t.Helper()
	s := open(t, settings...)
	var network memnet.Network
	l, err := network.Listen("inbox.test:80")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: s.inbox.Handler()}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	transport := &http.Transport{DialContext: network.DialContext}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		serving.Wait()
		time.Sleep(time.Second) // net/http lets closed connections linger
	})
	s.url, s.client = "http://inbox.test:80", &http.Client{Transport: transport}
	return s
}

// open makes an inbox with a database of its own, to which nothing can be sent yet.
func open(t testing.TB, settings ...setting) *station {
	t.Helper()
	s := &station{t: t, log: &logged{}}
	log := slogTo(s.log)
	so := store.Options{Path: filepath.Join(t.TempDir(), "inbox.db"), Log: log, Unsafe: true}
	io := inbox.Options{Log: log, GitHubSecrets: [][]byte{[]byte(gitHubSecret)}, HerokuSecrets: [][]byte{[]byte(herokuSecret)}}
	for _, set := range settings {
		set(&so, &io)
	}
	var err error
	s.store, err = store.Open(t.Context(), so)
	if err != nil {
		t.Fatal(err)
	}
	io.Store = s.store
	s.inbox = inbox.New(io)
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run works what comes until the test ends, or stop is called.
func (s *station) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { s.inbox.Run(ctx) })
	stop = func() {
		cancel()
		done.Wait()
	}
	s.t.Cleanup(stop)
	return stop
}

// patience is how long a test waits for what takes some seconds on a machine that has nothing else to do.
const patience = 5 * time.Minute

// settle waits until nothing is left to do.
func (s *station) settle() {
	s.t.Helper()
	for deadline := time.Now().Add(patience); s.inbox.Busy() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("still busy with %d; the log:\n%s", s.inbox.Busy(), s.log)
		}
	}
}

// message is a request to a receiver.
type message struct {
	path   string
	header map[string]string
	body   []byte
}

// fromGitHub is a delivery as GitHub makes it, signed.
func fromGitHub(id, event string, body []byte) message {
	return message{"/webhooks/github", map[string]string{
		"Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": id,
		"X-Hub-Signature": "sha1=" + hex.EncodeToString(mac1(gitHubSecret, body)), "X-Hub-Signature-256": signature(gitHubSecret, body),
	}, body}
}

// fromHeroku is a delivery as Heroku makes it, signed.
func fromHeroku(body []byte) message {
	return message{"/webhooks/heroku", map[string]string{
		"Content-Type": "application/json", "Heroku-Webhook-Hmac-SHA256": base64.StdEncoding.EncodeToString(mac(herokuSecret, body)),
	}, body}
}

// with gives the message with other headers; an empty one is left out.
func (m message) with(header ...string) message {
	changed := map[string]string{}
	for name, value := range m.header {
		changed[name] = value
	}
	for i := 0; i < len(header); i += 2 {
		changed[header[i]] = header[i+1]
	}
	m.header = changed
	return m
}

func (m message) request(ctx context.Context, url string) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+m.path, bytes.NewReader(m.body))
	if err != nil {
		panic(err)
	}
	for name, value := range m.header {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

// post gives the status of the answer and its text.
func (s *station) post(m message) (int, string) {
	s.t.Helper()
	return s.send(m.request(s.t.Context(), s.url))
}

func (s *station) send(r *http.Request) (int, string) {
	s.t.Helper()
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Error(err)
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Error(err)
	}
	return answer.StatusCode, strings.TrimSpace(string(text))
}

// want posts and fails the test when the answer is another.
func (s *station) want(status int, m message) {
	s.t.Helper()
	if got, text := s.post(m); got != status {
		s.t.Errorf("answered %d %q, want %d", got, text, status)
	}
}

// rows asks the database; each row is its columns as text, with a space between.
func (s *station) rows(columns int, sql string, args ...any) []string {
	s.t.Helper()
	return rowsOf(s.t, s.store, columns, sql, args...)
}

func rowsOf(t testing.TB, st *store.Store, columns int, sql string, args ...any) []string {
	t.Helper()
	var found []string
	err := st.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		found = nil
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		for rows.Next() {
			texts := make([]*string, columns)
			dest := make([]any, columns)
			for i := range texts {
				dest[i] = &texts[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			var shown []string
			for _, text := range texts {
				if text == nil {
					shown = append(shown, "null")
				} else {
					shown = append(shown, *text)
				}
			}
			found = append(found, strings.Join(shown, " "))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (s *station) stored() int {
	s.t.Helper()
	return len(s.rows(1, `select id from deliveries`))
}

func mac(secret string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return h.Sum(nil)
}

func mac1(secret string, body []byte) []byte {
	h := hmac.New(sha1.New, []byte(secret))
	h.Write(body)
	return h.Sum(nil)
}

func signature(secret string, body []byte) string {
	return "sha256=" + hex.EncodeToString(mac(secret, body))
}

// run event n in a repository, as small as one can be.
func runEvent(n int) []byte {
	return fmt.Appendf(nil, `{"action":"completed","repository":{"full_name":"Penny-University/penny_university"},
		"workflow_run":{"id":%d,"run_number":%d,"run_attempt":1,"path":".github/workflows/test.yml","name":"CI","event":"push","status":"completed",
		"conclusion":"success","head_sha":"%040d","head_branch":"master","created_at":"2026-11-01T10:00:00Z","updated_at":"2026-11-01T10:05:00Z"}}`, n, n, n)
}

func slogTo(l *logged) *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// logged keeps the lines of a log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
