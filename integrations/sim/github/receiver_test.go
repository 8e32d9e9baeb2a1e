package githubsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	receiverAddress = "127.0.0.1:8080"
	secret          = "s3cret"
)

// receiver takes webhooks as a bot does.
type receiver struct {
	w    world
	stop func()

	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request) // nil: 202
	got    []received
}

type received struct {
	header http.Header
	body   []byte
}

// receive listens for webhooks and adds a hook that sends all of these events to it.
func (w world) receive(events ...string) *receiver {
	w.Helper()
	rec := &receiver{w: w}
	rec.stop = w.serve(receiverAddress, rec)
	w.Cleanup(rec.stop)
	if len(events) > 0 {
		w.s.AddHook("penny/university", HookSpec{URL: "http://" + receiverAddress + "/hook", Secret: secret, ContentType: "json", Events: events})
		w.settle()
		rec.take() // the ping
	}
	return rec
}

func (rec *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	rec.mu.Lock()
	rec.got = append(rec.got, received{r.Header, body})
	answer := rec.answer
	rec.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// answers sets how the receiver answers from now on.
func (rec *receiver) answers(how func(w http.ResponseWriter, r *http.Request)) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.answer = how
}

// take gives what has come since it was last asked.
func (rec *receiver) take() []received {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	got := rec.got
	rec.got = nil
	return got
}

// names are the events and actions of what has come.
func (rec *receiver) names() []string {
	var names []string
	for _, d := range rec.take() {
		names = append(names, d.name())
	}
	return names
}

func (d received) event() string { return d.header.Get("X-GitHub-Event") }
func (d received) guid() string  { return d.header.Get("X-GitHub-Delivery") }

// payload is what was sent, out of its form if it is in one.
func (d received) payload() map[string]any {
	text := d.body
	if d.header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		form, _ := url.ParseQuery(string(d.body))
		text = []byte(form.Get("payload"))
	}
	var o map[string]any
	if err := json.Unmarshal(text, &o); err != nil {
		panic(err)
	}
	return o
}

func (d received) name() string {
	action, _ := d.payload()["action"].(string)
	return strings.TrimSpace(d.event() + " " + action)
}

// signed tells whether the signature is that of exactly these bytes.
func (d received) signed() bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(d.body)
	return d.header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(mac.Sum(nil))
}

// at reads a value deep in a payload: "pull_request.head.sha".
func at(o any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		inner, _ := o.(map[string]any)
		o = inner[key]
	}
	return o
}

const day = 24 * time.Hour
