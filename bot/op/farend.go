package op

import (
	"fmt"
	"time"

	"slipway/bot/say"
)

// FarEnd is what an error says of who gave it.
type FarEnd struct {
	Name   string        // such as "Heroku"; "" when the error does not say
	Said   string        // mrkdwn, what it answered in half a sentence: "Heroku answered with status 503"; "" when the error does not say
	NotNow bool          // of an Act's error: surely nothing was changed, and the same may be asked again later
	After  time.Duration // when; 0: it does not say
}

// farOf is what an error says of who gave it.
func (o *Operation) farOf(err error) FarEnd {
	var f FarEnd
	if o.engine.Far != nil {
		f = o.engine.Far(err)
	}
	if f.Name == "" {
		f.Name = "the far end"
	}
	if f.NotNow && f.After > 0 {
		f.Said += " until " + say.Date(moment(in(o.now(), f.After)))
	}
	return f
}

// words are an error as it is told: the words of who gave it, or what the far end said.
func (o *Operation) words(err error) string {
	if text, ok := answer(err); ok {
		return text
	}
	if said := o.farOf(err).Said; said != "" {
		return said + "."
	}
	return say.Foreign(err.Error(), textLimit)
}

// textLimit is how much of a far end's error is shown, in characters.
const textLimit = 300

// vain is how often the effect of a step was begun and had none, as far as that is known.
func (s *step) vain() int {
	switch {
	case s.verb != doing, s.state == done, s.state == stepFailed:
		return 0
	case s.state == begun, s.state == looking, s.state == stepUnknown:
		return int(max(s.tries-1, 0)) // the last may have been made
	}
	return int(s.tries)
}

// again tells whether effects were begun in vain and another one may still come.
func (s *step) again() bool { return !s.over() && s.vain() > 0 && (s.tries > 1 || s.said != "") }

// tried says in half a sentence how often, and what the far end answered last.
func (s *step) tried() string {
	return fmt.Sprintf("tried %s since %s, without effect so far%s", times(s.vain()), say.Date(moment(s.began)), s.answered(": "))
}

// answered is what the far end answered last, after a mark; "" for nothing.
func (s *step) answered(mark string) string {
	if s.said == "" {
		return ""
	}
	return mark + s.said
}

// sofar is how an operation ended before an effect, after what was begun before it in vain.
func (s *step) sofar(text string) string {
	if s.tries == 0 {
		return text
	}
	return fmt.Sprintf("The step “%s” was tried %s and had no effect%s. %s", stepName(s.name), times(int(s.tries)), s.answered(": "), text)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
