package inbox_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzReceivers holds that nothing but what the sender signed is taken, whatever is in headers and body. Signed tells whether the
// signature is put right before it is sent.
func FuzzReceivers(f *testing.F) {
	f.Add("1", "push", "application/json", "sha256=00", []byte(`{"ref":"refs/heads/main"}`), true)
	f.Add("1", "push", "application/x-www-form-urlencoded", "sha256=", []byte(`payload=%7B%7D`), true)
	f.Add("\x00", "", "a;b;c", "SHA256=aa", []byte("payload=%"), false)
	f.Add("1", "push", "", signature(gitHubSecret, nil), []byte(nil), false)
	f.Add("", "", "", base64.StdEncoding.EncodeToString(mac(herokuSecret, []byte(`{"id":"1"}`))), []byte(`{"id":"1"}`), false)
	f.Add("", "", "", "====", []byte(`{"id":{"a":[]},"webhook_metadata":7}`), true)
	s := open(f)
	s.inbox.AroundStoring(func(context.Context, func() error) error { return nil })
	handler := s.inbox.Handler()
	f.Fuzz(func(t *testing.T, id, event, kind, sign string, body []byte, signed bool) {
		for _, sender := range []string{"github", "heroku"} {
			r := httptest.NewRequest(http.MethodPost, "/webhooks/"+sender, bytes.NewReader(body))
			header := sign
			if signed && sender == "github" {
				header = signature(gitHubSecret, body)
			} else if signed {
				header = base64.StdEncoding.EncodeToString(mac(herokuSecret, body))
			}
			r.Header = http.Header{
				"Content-Type": {kind}, "X-Github-Event": {event}, "X-Github-Delivery": {id},
				"X-Hub-Signature-256": {header}, "Heroku-Webhook-Hmac-Sha256": {header},
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			right := rightly(sender, header, body)
			switch w.Code {
			case http.StatusAccepted, http.StatusBadRequest:
				if !right {
					t.Errorf("%s: a wrong signature was answered %d", sender, w.Code)
				}
			case http.StatusUnauthorized:
				if right {
					t.Errorf("%s: a right signature was refused", sender)
				}
			default:
				t.Errorf("%s: %d %s", sender, w.Code, w.Body)
			}
		}
	})
}

// rightly tells whether a signature is right, in other words than the product's.
func rightly(sender, header string, body []byte) bool {
	if sender == "heroku" {
		// Go's decoder leaves line breaks out, which no header can have.
		got, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "").Replace(header))
		return err == nil && hmac.Equal(got, mac(herokuSecret, body))
	}
	return len(header) == 71 && strings.HasPrefix(header, "sha256=") &&
		strings.EqualFold(header[7:], hex.EncodeToString(mac(gitHubSecret, body)))
}
