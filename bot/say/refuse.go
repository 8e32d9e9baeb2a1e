package say

import "fmt"

// Refusal is an error whose text is meant for a person: what, why, what next. Any other error is an internal one, and a
// person is told only that something went wrong.
type Refusal struct {
	Text string // mrkdwn
	Moot bool   // there is nothing to be done, so that nobody is told how to do it by hand
}

func (r *Refusal) Error() string { return r.Text }

// Refuse gives a *Refusal, to be found with errors.As. Arguments that hold foreign text go through Escape, Code or Link
// first.
func Refuse(format string, args ...any) error {
	return &Refusal{Text: fmt.Sprintf(format, args...)}
}

// Moot is Refuse for what needs no doing, as it is so already.
func Moot(format string, args ...any) error {
	return &Refusal{Text: fmt.Sprintf(format, args...), Moot: true}
}
