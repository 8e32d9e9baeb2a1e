package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

func TestWebhooksGoToThisMachineOnly(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"":                              "",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://localhost:8080/a/":      "http://127.0.0.1:8080/a/",
		"http://LOCALHOST":              "http://127.0.0.1",
		"https://[::1]:8443":            "https://[::1]:8443",
		"http://[::1]":                  "http://[::1]",
		"127.0.0.1:8080":                "refused",
		"http://":                       "refused",
		"http://bot.example.com":        "refused",
		"http://192.0.2.1:80":           "refused",
		"http://0.0.0.0:80":             "refused",
		"http://localhost.example:80":   "refused",
		"ftp://127.0.0.1":               "refused",
		"http://user@127.0.0.1":         "refused",
		"http://127.0.0.1/?to=me":       "refused",
		"http://127.0.0.1@192.0.2.1:80": "refused",
	} {
		got, err := Options{DeliverTo: to}.receiver()
		if err != nil {
			got = "refused"
			if !strings.HasPrefix(err.Error(), "--deliver-to: write an address on this machine") {
				t.Errorf("%s: %v", to, err)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", to, got, want)
		}
	}
	if _, err := (Options{Secret: "x"}).receiver(); err == nil || !strings.HasPrefix(err.Error(), "--secret: ") {
		t.Errorf("a secret for nothing: %v", err)
	}
}

// Whoever may make hooks by API in a sandbox can name any address.
func TestTheSenderReachesNothingOffThisMachine(t *testing.T) {
	t.Parallel()
	sender := newSender()
	defer sender.CloseIdleConnections()
	for _, to := range []string{"http://bot.example.com/webhooks/github", "http://192.0.2.1/"} {
		answer, err := (&http.Client{Transport: sender}).Post(to, "application/json", strings.NewReader("{}"))
		if err == nil {
			_ = answer.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "nothing outside this machine") {
			t.Errorf("%s: %v", to, err)
		}
	}
}
