package inbox

import (
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// fromGitHub reads GitHub's deliveries. Source: GitHub's "Webhook events and payloads" and "Validating webhook deliveries".
var fromGitHub = protocol{
	sender:    ledger.GitHub,
	variable:  "GITHUB_WEBHOOK_SECRET",
	signature: gitHubSignature,
	delivery:  gitHubDelivery,
}

// gitHubSignature knows SHA-256 only. GitHub sends one of SHA-1 beside it, for old receivers.
func gitHubSignature(h http.Header) (mac []byte, ok bool) {
	text, ok := strings.CutPrefix(h.Get("X-Hub-Signature-256"), "sha256=")
	if !ok {
		return nil, false
	}
	mac, err := hex.DecodeString(text)
	return mac, err == nil
}

func gitHubDelivery(h http.Header, body []byte) (delivery, *refusal) {
	d := delivery{sender: ledger.GitHub, id: h.Get("X-GitHub-Delivery"), event: h.Get("X-GitHub-Event"), body: body}
	if !plain(d.id) {
		return d, &refusal{http.StatusBadRequest, "X-GitHub-Delivery is missing or not understood."}
	}
	if !plain(d.event) {
		return d, &refusal{http.StatusBadRequest, "X-GitHub-Event is missing or not understood."}
	}
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return d, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || !form.Has("payload") {
		return d, &refusal{http.StatusBadRequest, "The form has no payload."}
	}
	d.body = []byte(form.Get("payload"))
	return d, nil
}

// readGitHub understands a delivery of GitHub.
func readGitHub(d delivery, body []byte) (scope string, facts []ledger.Fact, err error) {
	e, err := github.ParseEvent(d.event, body)
	if err != nil {
		return gitHubScope(body), nil, err
	}
	return strings.ToLower(e.Repo), ledger.FromGitHub(e), nil
}

// gitHubScope looks for the repository in what could not be understood.
func gitHubScope(body []byte) string {
	var in struct {
		Repository struct {
			FullName string `json:"full_name"`
		}
	}
	_ = json.Unmarshal(body, &in) // what could be read is there all the same
	return strings.ToLower(in.Repository.FullName)
}
