package inbox_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/store"
)

func TestWhatItsSenderSignedIsTaken(t *testing.T) {
	t.Parallel()
	body := runEvent(1)
	upper := "sha256=" + strings.ToUpper(hex.EncodeToString(mac(gitHubSecret, body)))
	bom := append([]byte("\xef\xbb\xbf"), runEvent(3)...)
	utf := []byte(`{"zen":"Grüße, 世界 🚢"}`)
	s := newStation(t)
	for name, m := range map[string]message{
		"GitHub":             fromGitHub("g1", "workflow_run", body),
		"upper-case hex":     fromGitHub("g2", "workflow_run", body).with("X-Hub-Signature-256", upper),
		"a byte order mark":  fromGitHub("g3", "workflow_run", bom),
		"more than ASCII":    fromGitHub("g4", "ping", utf),
		"without the SHA-1":  fromGitHub("g5", "workflow_run", body).with("X-Hub-Signature", ""),
		"a wrong SHA-1":      fromGitHub("g6", "workflow_run", body).with("X-Hub-Signature", "sha1=00"),
		"an unknown event":   fromGitHub("g7", "volcano", []byte(`{"lava":7}`)),
		"no JSON":            fromGitHub("g8", "push", []byte(`lava`)),
		"nothing":            fromGitHub("g9", "push", nil),
		"Heroku":             fromHeroku([]byte(`{"id":"h1","resource":"volcano"}`)),
		"Heroku's older key": fromHeroku([]byte(`{"resource":"dyno","webhook_metadata":{"event":{"id":"h2"}}}`)),
	} {
		if status, text := s.post(m); status != http.StatusAccepted || text != "" {
			t.Errorf("%s: %d %q", name, status, text)
		}
	}
	if n := s.stored(); n != 11 {
		t.Errorf("%d are stored", n)
	}
}

// The vectors are GitHub's own, of "Validating webhook deliveries", and RFC 4231's second.
func TestKnownSignaturesAreRight(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ secret, body, mac string }{
		{"It's a Secret to Everybody", "Hello, World!", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
		{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	} {
		s := newStation(t, secrets([]string{v.secret}, []string{v.secret}))
		raw, err := hex.DecodeString(v.mac)
		if err != nil {
			t.Fatal(err)
		}
		s.want(http.StatusAccepted, message{"/webhooks/github", map[string]string{
			"X-GitHub-Event": "ping", "X-GitHub-Delivery": "1", "X-Hub-Signature-256": "sha256=" + v.mac,
		}, []byte(v.body)})
		// Heroku's is of the same bytes in other letters. It is right: what is missed is the event's id, which comes after.
		s.want(http.StatusBadRequest, message{"/webhooks/heroku", map[string]string{
			"Heroku-Webhook-Hmac-SHA256": base64.StdEncoding.EncodeToString(raw),
		}, []byte(v.body)})
	}
}

func TestWhatItsSenderDidNotSignIsRefused(t *testing.T) {
	t.Parallel()
	body := runEvent(1)
	gh, hk := fromGitHub("1", "workflow_run", body), fromHeroku([]byte(`{"id":"1","resource":"dyno"}`))
	s := newStation(t)
	other := gh
	other.body = append([]byte(" "), body...)
	refused := map[ledger.Sender]int{}
	for name, m := range map[string]message{
		"no signature":             gh.with("X-Hub-Signature-256", "", "X-Hub-Signature", ""),
		"only SHA-1":               gh.with("X-Hub-Signature-256", ""),
		"SHA-1 in the place":       gh.with("X-Hub-Signature-256", gh.header["X-Hub-Signature"]),
		"of SHA-1's name":          gh.with("X-Hub-Signature-256", "sha1="+hex.EncodeToString(mac(gitHubSecret, body))),
		"without its name":         gh.with("X-Hub-Signature-256", hex.EncodeToString(mac(gitHubSecret, body))),
		"no hex":                   gh.with("X-Hub-Signature-256", "sha256=lava"),
		"empty":                    gh.with("X-Hub-Signature-256", "sha256="),
		"cut":                      gh.with("X-Hub-Signature-256", gh.header["X-Hub-Signature-256"][:40]),
		"another secret":           gh.with("X-Hub-Signature-256", signature("another", body)),
		"an empty secret":          gh.with("X-Hub-Signature-256", signature("", body)),
		"Heroku's secret":          gh.with("X-Hub-Signature-256", signature(herokuSecret, body)),
		"another body":             other,
		"Heroku without":           hk.with("Heroku-Webhook-Hmac-SHA256", ""),
		"Heroku, another's":        hk.with("Heroku-Webhook-Hmac-SHA256", base64.StdEncoding.EncodeToString(mac("another", hk.body))),
		"Heroku in hex":            hk.with("Heroku-Webhook-Hmac-SHA256", hex.EncodeToString(mac(herokuSecret, hk.body))),
		"Heroku in the URL's code": hk.with("Heroku-Webhook-Hmac-SHA256", "_-_-"),
	} {
		if status, text := s.post(m); status != http.StatusUnauthorized || text != "The signature is missing or wrong." {
			t.Errorf("%s: %d %q", name, status, text)
		}
		if strings.Contains(m.path, "heroku") {
			refused[ledger.Heroku]++
		} else {
			refused[ledger.GitHub]++
		}
	}
	if n := s.stored(); n != 0 {
		t.Errorf("%d are stored", n)
	}
	for sender, want := range refused {
		if n, last := s.inbox.Refused(sender); n != want || last.IsZero() {
			t.Errorf("%s: counted %d of %d, the last at %s", sender, n, want, last)
		}
	}
	if lines := strings.Count(s.log.String(), "a webhook was refused"); lines != 2 {
		t.Errorf("the log has %d lines about it, want one of each sender:\n%s", lines, s.log)
	}
}

func TestEachOfSeveralSecretsIsGood(t *testing.T) {
	t.Parallel()
	s := newStation(t, secrets([]string{"", "old", "new"}, []string{"a", "b"}))
	body := runEvent(1)
	for secret, want := range map[string]int{"old": 202, "new": 202, "": 401, "newer": 401} {
		s.want(want, fromGitHub("1"+secret, "workflow_run", body).with("X-Hub-Signature-256", signature(secret, body)))
	}
	for secret, want := range map[string]int{"a": 202, "b": 202, "c": 401} {
		body := fmt.Appendf(nil, `{"id":"e-%s","resource":"dyno"}`, secret)
		s.want(want, fromHeroku(body).with("Heroku-Webhook-Hmac-SHA256", base64.StdEncoding.EncodeToString(mac(secret, body))))
	}
	if n := s.stored(); n != 4 {
		t.Errorf("%d are stored", n)
	}
}

func TestWithoutASecretAReceiverIsOffAndSaysSo(t *testing.T) {
	t.Parallel()
	s := newStation(t, secrets([]string{""}, nil))
	s.run()
	body := runEvent(1)
	m := fromGitHub("1", "workflow_run", body).with("X-Hub-Signature-256", signature("", body))
	if status, text := s.post(m); status != 503 || text != "This receiver is off: GITHUB_WEBHOOK_SECRET is not set." {
		t.Errorf("%d %q", status, text)
	}
	if status, text := s.post(fromHeroku([]byte(`{"id":"1"}`))); status != 503 || text != "This receiver is off: HEROKU_WEBHOOK_SECRET is not set." {
		t.Errorf("%d %q", status, text)
	}
	s.settle()
	for _, want := range []string{"set=GITHUB_WEBHOOK_SECRET", "set=HEROKU_WEBHOOK_SECRET"} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log does not say %s:\n%s", want, s.log)
		}
	}
	if n := s.stored(); n != 0 {
		t.Errorf("%d are stored", n)
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.run()
	s.want(202, fromGitHub("1", "push", []byte(`{"token":"hidden in the payload"`)))
	s.want(202, fromGitHub("2", "push", []byte(`{"ref":7,"after":"hidden in the payload"}`)))
	s.want(401, fromGitHub("3", "push", nil).with("X-Hub-Signature-256", "sha256=00"))
	s.settle()
	troubles := strings.Join(s.rows(1, `select trouble from deliveries order by id`), "\n")
	for _, secret := range []string{gitHubSecret, herokuSecret, "hidden in the payload"} {
		if strings.Contains(s.log.String()+troubles, secret) {
			t.Errorf("%q is in the log:\n%s\nor in what is kept:\n%s", secret, s.log, troubles)
		}
	}
}

func secrets(gitHub, heroku []string) setting {
	return func(_ *store.Options, o *inbox.Options) {
		o.GitHubSecrets, o.HerokuSecrets = nil, nil
		for _, s := range gitHub {
			o.GitHubSecrets = append(o.GitHubSecrets, []byte(s))
		}
		for _, s := range heroku {
			o.HerokuSecrets = append(o.HerokuSecrets, []byte(s))
		}
	}
}
