package op

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/say"
)

// What the emoji of operations and their steps are.
const (
	emojiDone    = ":white_check_mark:"
	emojiGoing   = ":hourglass_flowing_sand:"
	emojiLooking = ":mag:"
	emojiFailed  = ":x:"
	emojiStopped = ":octagonal_sign:"
	emojiUnknown = ":grey_question:"
	emojiWaiting = ":white_circle:"
	emojiSkipped = ":heavy_minus_sign:"
)

// standing is how an operation stands: its emoji and its state in words.
func (r *row) standing(steps []*step) (emoji, words string) {
	switch r.state {
	case succeeded:
		return emojiDone, "done" + r.took(" in ")
	case failed:
		return emojiFailed, "failed" + r.took(" after ")
	case stopped:
		return emojiStopped, "stopped" + r.took(" after ")
	case unknown:
		return emojiUnknown, r.verdict()
	}
	last := &step{}
	if len(steps) > 0 {
		last = steps[len(steps)-1]
	}
	switch {
	case last.troubled > 0:
		return emojiGoing, "waits for " + last.trouble
	case last.again():
		return emojiLooking, "no effect so far"
	case last.state == looking, last.state == missing:
		return emojiLooking, "looks whether it was done"
	}
	return emojiGoing, "under way"
}

// took is how long an operation took, of one that took long enough to matter.
func (r *row) took(word string) string {
	if d := moment(r.ended).Sub(moment(r.confirmed)); d >= time.Second {
		return word + say.For(d)
	}
	return ""
}

// verdict is what is known of an operation that ended as unknown.
func (r *row) verdict() string {
	switch r.word {
	case "happened":
		return "it happened"
	case "not happened":
		return "it did not happen"
	}
	return "not known whether it was done"
}

// line is how a step stands.
func (s *step) line() string {
	began, ended := say.Date(moment(s.began)), say.Date(moment(s.ended))
	state := func(emoji, words string) string { return fmt.Sprintf("%s %s: %s", emoji, stepName(s.name), words) }
	switch s.state {
	case done:
		return state(emojiDone, fmt.Sprintf("done at %s%s", ended, s.took()))
	case stepFailed:
		return state(emojiFailed, "failed at "+ended)
	case stepStopped:
		if s.vain() > 0 {
			return state(emojiFailed, fmt.Sprintf("tried %s since %s, without effect", times(s.vain()), began))
		}
		return state(emojiStopped, "not begun")
	case stepUnknown:
		return state(emojiUnknown, "begun at "+began+", not known whether it was done")
	}
	switch {
	case s.again() && s.state == asking: // for whom it waits is said above it
		return state(emojiGoing, s.tried())
	case s.again():
		return state(emojiLooking, s.tried()+s.waits())
	case s.state == looking, s.state == missing:
		return state(emojiLooking, "begun at "+began+s.answered(", ")+", looking whether it was done"+s.waits())
	case s.state == begun:
		return state(emojiGoing, "running since "+began+s.waits())
	}
	return state(emojiGoing, strings.TrimPrefix(s.waits()+", not begun", ", "))
}

// last says of the last step, in half a sentence, why nothing is left to stop.
func (s *step) last() string {
	if s.verb == waiting {
		return fmt.Sprintf("the last change is made, and it waits for the step “%s”", stepName(s.name))
	}
	return fmt.Sprintf("the last change, “%s”, was begun already", stepName(s.name))
}

// took is how long a step took, of one that took long enough to matter.
func (s *step) took() string {
	if d := moment(s.ended).Sub(moment(s.began)); d >= time.Second {
		return " (" + say.For(d) + ")"
	}
	return ""
}

// waits says for whom a step waits; "" for nobody.
func (s *step) waits() string {
	if s.troubled == 0 {
		return ""
	}
	return fmt.Sprintf(", waits for %s since %s", s.trouble, say.Date(moment(s.troubled)))
}

// stepName is a step's name as it is shown. Commands put foreign words into names at times.
func stepName(name string) string { return say.Foreign(name, nameLimit) }

// nameLimit is how much of a step's name is shown, in characters.
const nameLimit = 120
