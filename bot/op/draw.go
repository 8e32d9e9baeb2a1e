package op

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/board"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/slack"
)

const keyPrefix = "operation "

// KeyOf is the board that shows an operation.
func KeyOf(id string) board.Key { return board.Key(keyPrefix + id) }

// Draw is for the boards whose keys KeyOf gives: the latest truth about an operation. Of one that is not known there is nothing to say.
func (e *Engine) Draw(ctx context.Context, key board.Key) (board.Drawing, error) {
	id, ok := strings.CutPrefix(string(key), keyPrefix)
	if !ok {
		return board.Drawing{}, fmt.Errorf("board %q shows no operation", key)
	}
	id, nth, detail := strings.Cut(id, " ")
	var r row
	var steps []*step
	err := e.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, steps, err = readAll(ctx, tx, id)
		return err
	})
	if errors.Is(err, errNoOperation) {
		return board.Drawing{}, nil
	}
	if err != nil {
		return board.Drawing{}, err
	}
	if detail {
		for _, s := range steps {
			if nth == strconv.FormatInt(s.nth, 10) && s.detail != "" {
				return drawDetail(s), nil
			}
		}
		return board.Drawing{}, nil
	}
	return board.Drawing{Message: r.message(steps), Urgent: r.state != succeeded && r.state != open}, nil
}

// message is the thing first, its state second; then a line for each step, how it ended, and who confirmed it.
func (r *row) message(steps []*step) slack.Message {
	emoji, words := r.standing(steps)
	sentence := fmt.Sprintf("%s: %s", r.Plan.Title, words)
	lines := append([]string{fmt.Sprintf("%s %s: %s", emoji, r.Plan.Title, words)}, r.stepLines(steps)...)
	if r.replaced != "" {
		lines = append(lines, r.replaced)
	}
	if r.why != "" {
		lines = append(lines, r.why)
	}
	switch {
	case r.asks():
		lines = append(lines, r.lookup())
	case r.state == failed, r.state == stopped, r.state == unknown && r.word != "happened":
		if hand := say.ByHand(r.Plan.ByHand); hand != "" && !r.moot {
			lines = append(lines, hand)
		}
	}
	blocks := append(sections(lines), small(r.small()))
	if row := r.buttons(steps); row != nil {
		blocks = append(blocks, row)
	}
	return slack.Message{Text: sentence, Blocks: blocks}
}

// stepLines are the steps that were reached, then those that the plan names and that were not.
func (r *row) stepLines(steps []*step) (lines []string) {
	for _, s := range steps {
		lines = append(lines, s.line())
	}
	for _, name := range r.ahead(steps) {
		if r.state == open {
			lines = append(lines, fmt.Sprintf("%s %s: waiting", emojiWaiting, stepName(name)))
		} else if r.state != succeeded {
			lines = append(lines, fmt.Sprintf("%s %s: not done", emojiSkipped, stepName(name)))
		}
	}
	return lines
}

// ahead are the steps that the plan names and that were not reached.
func (r *row) ahead(steps []*step) []string {
	return slices.DeleteFunc(slices.Clone(r.Plan.Steps), func(name string) bool {
		return slices.ContainsFunc(steps, func(s *step) bool { return s.name == name })
	})
}

// small is who did what, and when.
func (r *row) small() []string {
	list := []string{fmt.Sprintf("Confirmed by <@%s> at %s", r.by.User, say.Date(moment(r.confirmed)))}
	switch {
	case r.stopper != "" && r.state == open:
		list = append(list, fmt.Sprintf("<@%s> asked to stop: it stops before its next change", r.stopper))
	case r.stopper != "" && r.state == succeeded:
		list = append(list, fmt.Sprintf("<@%s> asked to stop, when no change was to come any more", r.stopper))
	case r.stopper != "" && r.state != stopped: // or it says so already
		list = append(list, fmt.Sprintf("<@%s> asked to stop", r.stopper))
	}
	if r.taken > 0 {
		list = append(list, fmt.Sprintf("slipway was interrupted, and went on at %s", say.Date(moment(r.taken))))
	}
	switch {
	case r.word == "seen":
		list = append(list, fmt.Sprintf("Seen by <@%s> at %s", r.wordBy, say.Date(moment(r.wordAt))))
	case r.word != "":
		list = append(list, fmt.Sprintf("<@%s> said so at %s", r.wordBy, say.Date(moment(r.wordAt))))
	}
	return append(list, "operation "+r.ID)
}

// buttons are what people may do about it; nil: nothing.
func (r *row) buttons(steps []*step) slackgo.Block {
	switch {
	case r.state == open && r.stopper == "" && r.stoppable(steps):
		return actions(button(ActionStop, r.ID, "Stop", slackgo.StyleDefault))
	case r.asks():
		return actions(
			button(ActionHappened, r.ID, "It happened", slackgo.StyleDefault),
			button(ActionNotHappened, r.ID, "It did not happen", slackgo.StyleDefault),
		)
	}
	return choiceButtons(r.next())
}

// asks tells of an operation that waits for a person to say whether it was done.
func (r *row) asks() bool { return r.state == unknown && (r.word == "" || r.word == "seen") }

// lookup is how a person finds out whether it was done, and why they are to say so. What would do it again comes after that.
func (r *row) lookup() string {
	shown := make([]string, len(r.Plan.Lookup))
	for i, l := range r.Plan.Lookup {
		shown[i] = say.Code(l)
	}
	how := "Look"
	if len(shown) > 0 {
		how += " with " + strings.Join(shown, " and ")
	}
	return fmt.Sprintf("%s, then press what you found: until somebody says it, I change nothing else of %s.", how, say.Code(r.Plan.App))
}

// stoppable tells whether an effect may still be to come.
func (r *row) stoppable(steps []*step) bool {
	if slices.ContainsFunc(steps, func(s *step) bool { return s.name == r.Plan.Last && s.over() }) {
		return false
	}
	return len(r.ahead(steps)) > 0 || len(steps) == 0 || slices.ContainsFunc(steps, (*step).toCome)
}
