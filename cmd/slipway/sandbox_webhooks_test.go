package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// catcher is a bot's receiver on a real socket. It checks the signatures itself, with nothing of ours.
type catcher struct {
	*httptest.Server

	mu      sync.Mutex
	secrets map[string]string // by path
	signed  map[string]int    // likewise
	wrong   int
}

func newCatcher(t *testing.T, secret string) *catcher {
	c := &catcher{signed: map[string]int{}, secrets: map[string]string{"/webhooks/github": secret, "/webhooks/heroku": secret}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *catcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(c.secrets[r.URL.Path]))
	mac.Write(body)
	sum := mac.Sum(nil)
	switch {
	case r.URL.Path == "/webhooks/github" && r.Header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(sum),
		r.URL.Path == "/webhooks/heroku" && r.Header.Get("Heroku-Webhook-Hmac-SHA256") == base64.StdEncoding.EncodeToString(sum):
		c.signed[r.URL.Path]++
		w.WriteHeader(http.StatusAccepted)
	default:
		c.wrong++
		w.WriteHeader(http.StatusUnauthorized)
	}
}

func TestSandboxSendsSignedWebhooks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		secret string
		args   []string
	}{
		{"s3cret", nil},
		{"another", []string{"--secret", "another", "--world", "pair"}},
	} {
		t.Run(tc.secret, func(t *testing.T) {
			t.Parallel()
			to := newCatcher(t, tc.secret)
			c := start(t, how{
				Args: append([]string{"sandbox", "--deliver-to", to.URL}, tc.args...),
				In:   strings.NewReader("!merge 46\n!wait\n!show deliveries\n"),
			})
			c.exits(exitOK, toPlay)
			inOrder(t, c.out.String(),
				"# webhooks go to "+to.URL+"/webhooks/github and "+to.URL+"/webhooks/heroku\n", "pull_request.closed", "workflow_run.in_progress",
				"api:build.create", "api:release.create", "api:release.update", "dyno.create", "workflow_run.completed")
			to.mu.Lock()
			defer to.mu.Unlock()
			if to.wrong > 0 || to.signed["/webhooks/github"] < 20 || to.signed["/webhooks/heroku"] < 7 {
				t.Errorf("rightly signed came %v, wrongly %d", to.signed, to.wrong)
			}
			if n := strings.Count(c.out.String(), "→ 202"); n != to.signed["/webhooks/github"]+to.signed["/webhooks/heroku"] {
				t.Errorf("%d are shown, and %v came", n, to.signed)
			}
		})
	}
}

func TestSandboxPrintsTheSecretsForABotElsewhere(t *testing.T) {
	t.Parallel()
	c := start(t, how{Args: []string{"sandbox", "--no-bot", "--deliver-to", newCatcher(t, "x").URL, "--secret", "x"}})
	text := c.says(c.out, "HEROKU_WEBHOOK_SECRET=x\n")
	inOrder(t, text, "GITHUB_WEBHOOK_SECRET=x\n", "HEROKU_WEBHOOK_SECRET=x\n")
	if strings.Contains(text, "# webhooks") {
		t.Errorf("a shell cannot read\n%s", text)
	}
}

func TestSandboxRefusesReceiversElsewhere(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--deliver-to https://bot.example.com": "slipway: --deliver-to: write an address on this machine, such as http://127.0.0.1:8080",
		"--secret x":                           "slipway: --secret: it signs what --deliver-to sends",
	} {
		c := start(t, how{Args: append([]string{"sandbox"}, strings.Fields(args)...)})
		c.exits(exitSettings, patience)
		if !strings.HasPrefix(c.errs.String(), want) {
			t.Errorf("%s: %q, want %q", args, c.errs, want)
		}
	}
}
