package op

import (
	"encoding/json"
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/board"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// Choice is a button that types a line for whoever presses it: phrase.Ask makes it.
type Choice struct{ Label, Line string }

// Failure is an answer in words that leaves a choice. What is given to this package gives it in place of a *say.Refusal.
type Failure struct {
	*say.Refusal
	Detail  string   // mrkdwn, for the thread: what was logged or printed; "" for nothing
	Choices []Choice // what can be done next
}

// Unwrap gives the answer.
func (f *Failure) Unwrap() error { return f.Refusal }

// leaves keeps what an answer that ends the operation leaves beside its words.
func (o *Operation) leaves(s *step, err error) {
	o.moot = isMoot(err)
	if f, ok := errors.AsType[*Failure](err); ok {
		s.detail, o.choices = f.Detail, f.Choices
	}
}

// storedChoices is the text that the store keeps of choices.
func storedChoices(list []Choice) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

// next is what can be done once it has ended, and it is known how.
func (r *row) next() []Choice {
	switch {
	case r.state == succeeded:
		return r.Plan.After
	case r.state == failed, r.state == stopped, r.state == unknown && r.word == notHappened:
		if len(r.choices) == 0 {
			return r.Plan.Again
		}
		return r.choices
	}
	return nil
}

// choiceButtons is a row of buttons that type lines; nil for none.
func choiceButtons(list []Choice) slackgo.Block {
	var elements []slackgo.BlockElement
	for _, c := range list {
		elements = append(elements, phrase.Ask(c.Label, c.Line))
	}
	if len(elements) == 0 {
		return nil
	}
	return actions(elements...)
}

// thread is where the detail of a step stands.
func (r *row) thread(s *step) board.Board {
	return board.Board{Key: board.Key(fmt.Sprintf("%s %d", KeyOf(r.ID), s.nth)), App: r.Plan.App, Channel: r.Channel, Parent: KeyOf(r.ID)}
}

// boards are those on which something new stands once a step was written: the operation's, and the reply with the step's detail.
func (r *row) boards(s *step) []board.Board {
	if s.detail == "" {
		return []board.Board{r.board()}
	}
	return []board.Board{r.board(), r.thread(s)}
}

// drawDetail draws the reply with the detail of a step.
func drawDetail(s *step) board.Drawing {
	return board.Drawing{Message: slack.Message{Text: s.detail, Blocks: sections([]string{s.detail})}}
}
