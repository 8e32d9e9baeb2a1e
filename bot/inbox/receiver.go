package inbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/squeeze"
)

// protocol is how one sender signs and names its deliveries.
type protocol struct {
	sender    ledger.Sender
	variable  string // holds the secrets
	signature func(http.Header) (mac []byte, ok bool)
	delivery  func(h http.Header, body []byte) (delivery, *refusal) // of a body that is the sender's; keeps it
}

// receiver answers one sender.
type receiver struct {
	protocol
	inbox   *Inbox
	secrets [][]byte
	refused refusals
}

func newReceiver(in *Inbox, p protocol, secrets [][]byte) *receiver {
	r := &receiver{protocol: p, inbox: in}
	for _, s := range secrets {
		if len(s) > 0 { // anybody can sign with nothing
			r.secrets = append(r.secrets, s)
		}
	}
	return r
}

// announce says when the receiver is off.
func (r *receiver) announce() {
	if len(r.secrets) == 0 {
		r.inbox.log.Warn("webhooks are refused until a secret is set", "sender", r.sender, "set", r.variable)
	}
}

// refusal is an answer other than 202.
type refusal struct {
	status int
	text   string
}

// retryAfter is when a sender may come again that met a 503, in seconds.
const retryAfter = "30"

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.inbox.open.Add(1)
	defer r.inbox.open.Add(-1)
	no := r.take(w, req)
	if no == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if no != broken { // or it would be waited for once more
		drop(w, req)
	}
	if no.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	http.Error(w, no.text, no.status)
}

// take gives nil when the delivery is durable, or was worked before.
func (r *receiver) take(w http.ResponseWriter, req *http.Request) *refusal {
	if len(r.secrets) == 0 {
		return &refusal{http.StatusServiceUnavailable, "This receiver is off: " + r.variable + " is not set."}
	}
	mac, ok := r.signature(req.Header)
	if !ok {
		return r.unsigned("no signature")
	}
	b, no := r.inbox.bodies.read(w, req)
	if no != nil {
		return no
	}
	defer b.free()
	if !r.signed(b.bytes, mac) {
		return r.unsigned("wrong signature")
	}
	d, no := r.delivery(req.Header, b.bytes)
	if no != nil {
		return no
	}
	d.arrived, d.size, d.body = time.Now(), len(d.body), squeeze.Squeeze(d.body)
	b.shrink(len(d.body))
	return r.inbox.put(req.Context(), d)
}

// signed tells whether one of the secrets made the signature. All are tried, so that the time tells nothing of them.
func (r *receiver) signed(body, mac []byte) bool {
	ok := false
	for _, secret := range r.secrets {
		h := hmac.New(sha256.New, secret)
		h.Write(body)
		ok = hmac.Equal(h.Sum(nil), mac) || ok
	}
	return ok
}

// unsigned counts a request that is not the sender's. Strangers may send many, so the log has one line a minute.
func (r *receiver) unsigned(why string) *refusal {
	if r.refused.count(time.Now()) {
		r.inbox.log.Warn("a webhook was refused", "sender", r.sender, "why", why, "check", r.variable)
	}
	return &refusal{http.StatusUnauthorized, "The signature is missing or wrong."}
}
