package audit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"slipway/bot/say"
)

// Entry is what one row of the trail tells. docs/audit.md says for each kind what its text and its detail hold.
type Entry struct {
	At        time.Time         // the zero time is now
	App       string            // "" of what is about no app
	Operation string            // the operation, or the plan that became it; "" of what belongs to none
	Who       string            // Slack's id of the person; "" is slipway itself
	What      string            // the kind, one of those below
	Text      string            // what was asked, shown, confirmed or said, word for word
	Detail    map[string]string // ids at the far ends, the rule of a refusal, and so on
}

// The kinds of entries, as they are stored for ever. The story of a change is told by them in this order.
const (
	Asked     = "asked"      // somebody asked for what is no plan, such as that an operation stops; the text is what they typed or pressed
	Refused   = "refused"    // they were told no; the text is the answer, the detail has the rule
	Planned   = "planned"    // a plan was shown; the text is the plan
	Confirmed = "confirmed"  // somebody confirmed it; the text is the plan once more, as it was stored
	Cancelled = "cancelled"  // somebody put it away
	Expired   = "expired"    // nobody confirmed it in time
	StepBegan = "step began" // before a step touches the far end; the text names the step
	StepEnded = "step ended" // the text says what came of it; the detail has the ids at the far end
	TakenOver = "taken over" // another process goes on with the operation, as after a crash
	Ended     = "ended"      // the operation is over; the text says how
	Closed    = "closed"     // a person said what had become of an operation that ended as unknown
)

// How much is kept, in characters. What is longer is cut, with an ellipsis. A message in Slack holds about 13,000.
const (
	textLimit  = 16_000
	nameLimit  = 200
	keyLimit   = 60
	valueLimit = 2_000
	keysLimit  = 40
)

// cleaned is the entry as it is kept: on the grid of milliseconds, without secrets, bounded.
func (e Entry) cleaned() (Entry, error) {
	if e.What == "" {
		return Entry{}, errors.New("an entry of the audit trail does not say what happened")
	}
	if e.At.IsZero() {
		e.At = time.Now()
	}
	e.At = time.UnixMilli(e.At.UnixMilli()).UTC()
	for _, name := range []*string{&e.App, &e.Operation, &e.Who, &e.What} {
		*name = clean(*name, nameLimit)
	}
	e.Text = clean(e.Text, textLimit)
	e.Detail = cleanDetail(e.Detail)
	return e, nil
}

func cleanDetail(detail map[string]string) map[string]string {
	kept := map[string]string{}
	for i, key := range slices.Sorted(maps.Keys(detail)) {
		if i == keysLimit {
			kept["…"] = fmt.Sprintf("%d more", len(detail)-keysLimit)
			break
		}
		kept[clean(key, keyLimit)] = cleanValue(key, detail[key])
	}
	return kept
}

// cleanValue also hides what only its key tells to be a secret.
func cleanValue(key, value string) string {
	assigned, ok := strings.CutPrefix(say.Scrub(key+"="+value), key+"=")
	if !ok {
		assigned = say.Scrub(value)
	}
	return clean(assigned, valueLimit)
}

// clean scrubs before it cuts: half of a secret has no shape.
func clean(s string, limit int) string {
	return say.Cut(say.Scrub(strings.Map(visible, strings.ToValidUTF8(s, "\uFFFD"))), limit)
}

// visible keeps what terminals would obey out of the trail, and what one of the databases would not keep.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return '\uFFFD'
	}
	return r
}
