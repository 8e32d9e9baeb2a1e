package say

import "fmt"

// Refusal is an error whose text is meant for a person: what, why, what next. Any other error is an internal one, and a
// person is told only that something went wrong.
type Refusal struct {
	Text string // mrkdwn
}

func (r *Refusal) Error() string { return r.Text }

// Refuse gives a *Refusal, to be found with errors.As. Arguments that hold foreign text go through Escape, Code or Link
// first.
func Refuse(format string, args ...any) error {
	return &Refusal{Text: fmt.Sprintf(format, args...)}
}
