package op

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"slipway/bot/access"
	"slipway/bot/config/settings"
)

// Plan is what an operation would do. It is stored as JSON: add fields, never rename them.
type Plan struct {
	Kind   string // that a Run is registered for; stored for ever
	App    string
	Verb   settings.Verb
	Title  string          // mrkdwn, half a sentence with the thing in bold: "Turn maintenance mode of *penny-university* on"
	Lines  []string        // mrkdwn: what will be done, and what it rests on
	ByHand []string        // the commands that do the same without slipway, as they are typed
	Lookup []string        `json:",omitempty"` // the commands that show whether it was done, as they are typed
	Label  string          // of the button: "Turn on"
	Steps  []string        // the names of the steps that Run will take, in its order: once it has reached them all, it cannot be stopped
	Data   json.RawMessage // what Run works with

	Last     string   `json:",omitempty"` // the last step that changes something: after it there is nothing to stop; "": any may
	Typed    string   `json:",omitempty"` // what has to be typed to confirm it; "": nothing
	After    []Choice `json:",omitempty"` // what can be done next once it succeeded
	Again    []Choice `json:",omitempty"` // what can be done next if it did not, and nothing else is offered
	Preempts bool     `json:",omitempty"` // it may take the place of an operation that has changed nothing yet
}

// isTyped tells whether what was typed confirms the plan.
func (p Plan) isTyped(typed string) bool {
	return p.Typed == "" || strings.EqualFold(strings.TrimSpace(typed), p.Typed)
}

// lasts is for how long a plan can be confirmed.
const lasts = 10 * time.Minute

// offer is a plan as it is stored: all that was shown and all that will be used. Its JSON is what is hashed.
type offer struct {
	ID      string
	Plan    Plan
	By      access.Who
	Channel string
	Created int64 // in milliseconds since 1970
	Expires int64
}

// freeze gives the one encoding of an offer.
func (f offer) freeze() (body, hash string, err error) {
	var b bytes.Buffer
	encode := json.NewEncoder(&b)
	encode.SetEscapeHTML(false)
	if err := encode.Encode(f); err != nil {
		return "", "", fmt.Errorf("plan %s of %s: %w", f.Plan.Kind, f.Plan.App, err)
	}
	body = strings.ToValidUTF8(strings.TrimSpace(b.String()), "\ufffd") // as the store would have it
	return body, hashOf(body), nil
}

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Ticket is what confirms a plan.
type Ticket struct {
	ID      string // of the plan, and of the operation that it may become
	Hash    string // SHA-256 of all that was shown and all that will be used, in hex
	Expires time.Time
}

// Value is for the button that confirms or cancels the plan.
func (t Ticket) Value() string { return t.ID + "." + t.Hash }

// thaw is the reverse of freeze.
func thaw(body string) (f offer, err error) {
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		return offer{}, fmt.Errorf("a stored plan: %w", err)
	}
	return f, nil
}
