package githubsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // GitHub still sends the old signature, too
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	digest "hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"slipway/integrations/sim/weather"
)

// The limits of deliveries: facts 0.5 and 6.1.
const (
	deliveryTime = 10 * time.Second
	deliveryKept = 3 * 24 * time.Hour
	answerKept   = 64 << 10 // bytes of the answer that are shown
)

// Delivery is one webhook that was sent, or that was lost on the way.
type Delivery struct {
	ID             int64
	Hook           int64
	At             time.Time // when it was answered or given up
	GUID           string
	Event, Action  string
	Redelivery     bool
	Status         int    // of the answer; 0: there was none
	Error          string // GitHub's words: "OK", "Invalid HTTP Response: 500", "timed out", "failed to connect to host"
	Duration       time.Duration
	URL            string
	RequestHeader  http.Header
	Body           []byte // as it was sent: JSON, or a form that holds it
	ResponseHeader http.Header
	ResponseBody   []byte // its beginning
	RepositoryID   int64  // 0: of an App's ping
	InstallationID int64  // 0: of a repository's hook

	payload []byte // the JSON
	about   Event
}

// Deliveries gives what was sent so far from position from on, in the order in which it was answered or given up,
// and the position after it. They are kept for three days.
func (s *Server) Deliveries(from int) ([]Delivery, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetDeliveries()
	next := s.forgotten + len(s.deliveries)
	from = min(max(from-s.forgotten, 0), len(s.deliveries))
	var list []Delivery
	for _, d := range s.deliveries[from:] {
		list = append(list, *d)
	}
	return list, next
}

// forgetDeliveries drops those that are older than three days.
func (s *Server) forgetDeliveries() {
	n := 0
	for n < len(s.deliveries) && s.now().Sub(s.deliveries[n].At) > deliveryKept {
		n++
	}
	s.deliveries = s.deliveries[n:]
	s.forgotten += n
}

// Outgoing is the queue in front of the webhooks, with its faults.
func (s *Server) Outgoing() *weather.Outgoing { return s.outgoing }

// send queues a delivery to a hook. The bytes are made now.
func (s *Server) send(h *hook, r *Repo, e Event, payload object) {
	d := Delivery{ID: s.next("delivery"), Hook: h.id, Event: e.Name, Action: e.Action, about: e}
	if r != nil {
		d.RepositoryID = r.id
	}
	if h.app != nil {
		d.InstallationID = h.app.installation(r)
		if d.InstallationID != 0 {
			payload["installation"] = object{"id": d.InstallationID, "node_id": nodeID("MDIz", d.InstallationID)}
			defer delete(payload, "installation") // it is the App's alone
		}
	}
	d.payload = encode(payload)
	e.At = time.Time{}
	key := fmt.Sprintf("%d %+v", h.id, e)
	s.asked[key]++
	d.GUID = guid(fmt.Sprintf("%s %d", key, s.asked[key]))
	s.queue(h, d)
}

// guid is an id of the form that GitHub gives to deliveries, made from what is told.
func guid(what string) string {
	sum := hex.EncodeToString(sha(what))
	return fmt.Sprintf("%s-%s-11%s-8%s-%s", sum[:8], sum[8:12], sum[12:14], sum[14:17], sum[17:29])
}

// queue puts a delivery into the queue, addressed and signed as the hook is now.
func (s *Server) queue(h *hook, d Delivery) {
	d.URL, d.Body = h.url, d.payload
	mediaType := "application/json"
	if h.contentType == "form" {
		d.Body = []byte(url.Values{"payload": {string(d.payload)}}.Encode())
		mediaType = "application/x-www-form-urlencoded"
	}
	d.RequestHeader = http.Header{}
	for name, value := range map[string]string{
		"Accept": "*/*", "Content-Type": mediaType, "User-Agent": "GitHub-Hookshot/2f3a6c1", "X-GitHub-Delivery": d.GUID, "X-GitHub-Event": d.Event,
		"X-GitHub-Hook-ID": strconv.FormatInt(h.id, 10), "X-GitHub-Hook-Installation-Target-ID": strconv.FormatInt(d.RepositoryID, 10),
		"X-GitHub-Hook-Installation-Target-Type": "repository",
	} {
		d.RequestHeader.Set(name, value)
	}
	if h.app != nil {
		d.RequestHeader.Set("X-GitHub-Hook-Installation-Target-ID", strconv.FormatInt(h.app.ID, 10))
		d.RequestHeader.Set("X-GitHub-Hook-Installation-Target-Type", "integration")
	}
	if h.secret != "" {
		d.RequestHeader.Set("X-Hub-Signature", "sha1="+signed(sha1.New, h.secret, d.Body))
		d.RequestHeader.Set("X-Hub-Signature-256", "sha256="+signed(sha256.New, h.secret, d.Body))
	}
	s.outgoing.Put(weather.Parcel{
		Event: d.Event, Action: d.Action, Words: h.words(d.about),
		Send: func(ctx context.Context) { s.deliver(ctx, h, d) },
		Lost: func() {
			lost := d
			lost.Error = "failed to connect to host"
			s.record(h, lost)
		},
	})
}

func signed(method func() digest.Hash, secret string, body []byte) string {
	mac := hmac.New(method, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// deliver brings a delivery to its receiver. What does not answer within ten seconds is given up, for good: GitHub
// never tries again by itself (facts 0.5).
func (s *Server) deliver(ctx context.Context, h *hook, d Delivery) {
	ctx, stop := context.WithTimeout(ctx, deliveryTime)
	defer stop()
	began := time.Now()
	err := s.post(ctx, &d)
	d.Duration = time.Since(began)
	switch {
	case err != nil && ctx.Err() != nil:
		d.Status, d.Error = 0, "timed out"
	case err != nil:
		d.Status, d.Error = 0, "failed to connect to host"
	case d.Status < 200 || d.Status > 299:
		d.Error = fmt.Sprintf("Invalid HTTP Response: %d", d.Status)
	default:
		d.Error = "OK"
	}
	s.record(h, d)
}

func (s *Server) post(ctx context.Context, d *Delivery) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	r.Header = d.RequestHeader.Clone()
	client := *s.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	d.Status, d.ResponseHeader = res.StatusCode, res.Header
	d.ResponseBody, err = io.ReadAll(io.LimitReader(res.Body, answerKept))
	return err
}

// record keeps what became of a delivery. A duplicate of one that is kept already gets an id of its own.
func (s *Server) record(h *hook, d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.At = s.now()
	for _, other := range s.deliveries {
		if other.ID == d.ID {
			d.ID = s.next("delivery")
		}
	}
	s.deliveries = append(s.deliveries, &d)
	s.forgetDeliveries()
	h.last = &d
}
