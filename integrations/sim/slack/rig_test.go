package slacksim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
)

// The people and channels of the tests.
const (
	alice, carol, erin = "U01ALICE00", "U01CAROL00", "U02ERIN000"
	deploys, general   = "C01DEPLOYS", "C01GENERAL"
	secret, old        = "C01SECRET0", "C01OLD0000"
	shared             = "C01SHARED0"
)

// rig is a simulated Slack on a network in memory, with the official client. It lives in a bubble.
type rig struct {
	*slacksim.Server
	t    *testing.T
	net  memnet.Network
	http *http.Client
	api  *slack.Client
}

// in runs f in a bubble with a simulated Slack.
func in(t *testing.T, opts slacksim.Options, f func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newRig(t, opts)) })
}

func newRig(t *testing.T, opts slacksim.Options) *rig {
	t.Helper()
	opts.URL = "http://slack.test:80"
	r := &rig{Server: slacksim.New(opts), t: t}
	l, err := r.net.Listen("slack.test:80")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: r.Server}
	served := make(chan struct{})
	go func() { _ = srv.Serve(l); close(served) }()
	transport := &http.Transport{DialContext: r.net.DialContext}
	r.http = &http.Client{Transport: transport, Timeout: time.Minute}
	r.api = r.client(r.BotToken())
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		r.Close()
		_ = srv.Close()
		<-served
	})
	r.people()
	return r
}

func (r *rig) client(bot string) *slack.Client {
	return slack.New(bot, slack.OptionAppLevelToken(r.AppToken()), slack.OptionAPIURL("http://slack.test:80/api/"),
		slack.OptionHTTPClient(r.http))
}

func (r *rig) people() {
	r.AddUser(slacksim.User{ID: alice, Name: "alice", RealName: "Alice Adams", Email: "alice@example.com"})
	r.AddUser(slacksim.User{ID: carol, Name: "carol", Guest: true})
	r.AddUser(slacksim.User{ID: erin, Name: "erin", TeamID: "T02ELSE000", Stranger: true, Email: "erin@else.example"})
	r.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", BotIn: true, Members: []string{alice, carol}})
	r.AddChannel(slacksim.Channel{ID: general, Name: "general", Members: []string{alice}})
	r.AddChannel(slacksim.Channel{ID: secret, Name: "secret", Private: true, Members: []string{alice}})
	r.AddChannel(slacksim.Channel{ID: old, Name: "old", Archived: true, BotIn: true, Members: []string{alice}})
	r.AddChannel(slacksim.Channel{ID: shared, Name: "shared", ExtShared: true, BotIn: true, Members: []string{alice, erin}})
}

// answer is a decoded answer of the Web API.
type answer struct {
	map_   map[string]any
	status int
	header http.Header
}

func (a answer) str(name string) string {
	s, _ := a.map_[name].(string)
	return s
}

// call posts a JSON body with the bot's token in the header.
func (r *rig) call(method string, body map[string]any) answer {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	token := r.BotToken()
	if method == "apps.connections.open" {
		token = r.AppToken()
	}
	return r.send("/api/"+method, "application/json; charset=utf-8", string(raw), token)
}

// send posts a body as it is.
func (r *rig) send(path, contentType, body, bearer string) answer {
	r.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://slack.test:80"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		r.t.Fatalf("POST %s: %v", path, err)
	}
	defer resp.Body.Close()
	out := answer{status: resp.StatusCode, header: resp.Header}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = json.Unmarshal(text, &out.map_)
	return out
}

// socket is a bare client of Socket Mode: it reads frames and acks only when told.
type socket struct {
	r    *rig
	conn *websocket.Conn
	in   chan map[string]any
	gone chan error
}

// ticket asks for a socket's address.
func (r *rig) ticket() string {
	r.t.Helper()
	a := r.call("apps.connections.open", nil)
	if a.str("url") == "" {
		r.t.Fatalf("apps.connections.open: %v", a.map_)
	}
	return a.str("url")
}

func (r *rig) dial(url string) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{NetDialContext: r.net.DialContext, WriteBufferSize: 64 << 10}
	return d.DialContext(context.Background(), url, nil)
}

// socket connects and reads hello.
func (r *rig) socket() *socket {
	r.t.Helper()
	k := r.bare()
	if hello := k.next(); hello["type"] != "hello" {
		r.t.Fatalf("first frame: %v, want hello", hello)
	}
	return k
}

// bare connects and reads nothing.
func (r *rig) bare() *socket {
	r.t.Helper()
	conn, _, err := r.dial(r.ticket())
	if err != nil {
		r.t.Fatal(err)
	}
	k := &socket{r: r, conn: conn, in: make(chan map[string]any, 100), gone: make(chan error, 1)}
	go func() {
		for {
			var frame map[string]any
			if err := conn.ReadJSON(&frame); err != nil {
				k.gone <- err
				return
			}
			k.in <- frame
		}
	}()
	r.t.Cleanup(func() { _ = conn.Close() })
	return k
}

// next gives the next frame, within a minute of simulated time.
func (k *socket) next() map[string]any {
	k.r.t.Helper()
	select {
	case f := <-k.in:
		return f
	case err := <-k.gone:
		k.r.t.Fatalf("socket ended: %v", err)
	case <-time.After(time.Minute):
		k.r.t.Fatal("no frame in a minute")
	}
	return nil
}

// quiet fails if a frame is there.
func (k *socket) quiet() {
	k.r.t.Helper()
	synctest.Wait()
	select {
	case f := <-k.in:
		k.r.t.Fatalf("unexpected frame: %v", f)
	default:
	}
}

// ack acknowledges a frame, with a payload or nil.
func (k *socket) ack(frame map[string]any, payload any) {
	k.r.t.Helper()
	body := map[string]any{"envelope_id": frame["envelope_id"]}
	if payload != nil {
		body["payload"] = payload
	}
	if err := k.conn.WriteJSON(body); err != nil {
		k.r.t.Fatal(err)
	}
	synctest.Wait()
}

func payloadOf(frame map[string]any) map[string]any {
	p, _ := frame["payload"].(map[string]any)
	return p
}

// at digs a value out of nested maps and lists: at(v, "actions", 0, "value").
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			l, _ := v.([]any)
			if key >= len(l) {
				return nil
			}
			v = l[key]
		}
	}
	return v
}

func (r *rig) command(text string) *slacksim.Delivery {
	r.t.Helper()
	d, err := r.Command(alice, deploys, "/deploy", text)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

// kinds gives what the journal holds from a position on, as "kind:text".
func (r *rig) kinds(from int) []string {
	entries, _ := r.Journal(from)
	out := []string{}
	for _, e := range entries {
		text := e.Text
		switch {
		case e.Message != nil:
			text = e.Message.Text
		case e.View != nil:
			text = e.View.Title
		}
		out = append(out, string(e.Kind)+":"+text)
	}
	return out
}

// button is an actions block with one button.
func button(label, action, value string) map[string]any {
	return map[string]any{"type": "actions", "block_id": "acts", "elements": []any{map[string]any{
		"type": "button", "action_id": action, "value": value, "text": map[string]any{"type": "plain_text", "text": label},
	}}}
}

func section(text string) map[string]any {
	return map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": text}}
}

func plainText(text string) map[string]any { return map[string]any{"type": "plain_text", "text": text} }

// claims checks that the facts really say what a test says that they do. Where the facts are not at hand, the
// quotes stand unchecked.
func claims(t *testing.T, quotes ...string) {
	t.Helper()
	text := facts()
	if text == "" {
		t.Logf("facts/slack.md is not here; unchecked: %q", quotes)
		return
	}
	for _, q := range quotes {
		if !strings.Contains(text, squeeze(q)) {
			t.Errorf("facts/slack.md does not say %q", q)
		}
	}
}

// facts is facts/slack.md on one line, or empty.
var facts = sync.OnceValue(func() string {
	text, err := os.ReadFile(filepath.Join(dataPath("SLIPWAY_FACTS", "facts"), "slack.md"))
	if err != nil {
		return ""
	}
	return squeeze(string(text))
})

var spaces = regexp.MustCompile(`\s+`)

func squeeze(s string) string {
	return spaces.ReplaceAllString(strings.ReplaceAll(s, "*", ""), " ")
}

// dataPath is the folder of a kind of data that lies beside the project.
func dataPath(env, name string) string {
	if p := os.Getenv(env); p != "" {
		return p
	}
	return filepath.Join("..", "..", "..", "..", "shared", name)
}
