package board_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/board"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
	"slipway/integrations/slack"
)

func (s *stage) remove(channel, ts string) {
	s.t.Helper()
	if err := s.Remove(channel, ts); err != nil {
		s.t.Fatal(err)
	}
}

func TestAMessageDeletedByHandIsPostedAnewAndAdopted(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		s.remove(deploys, s.Messages(deploys)[0].TS)
		s.tell("change 1", "deploying")
		s.settle()
		s.wants(deploys, "deploying")
		s.tell("change 1", "live")
		s.settle()
		s.wants(deploys, "live")
		if n := s.posts(deploys); n != 2 {
			t.Errorf("%d posts", n)
		}
	})
}

func TestADeletedMessageThatWouldSayNothingNewStaysDeleted(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		s.settle()
		s.remove(deploys, s.Messages(deploys)[0].TS)
		s.tell("change 1", "live")
		s.settle()
		s.wants(deploys)
	})
	t.Run("after a doubtful edit", func(t *testing.T) {
		onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
			s.tell("change 1", "tests run")
			s.settle()
			s.fault("chat.update", weather.Cut, 0)
			s.tell("change 1", "live")
			time.Sleep(10 * time.Second)
			s.remove(deploys, s.Messages(deploys)[0].TS)
			time.Sleep(time.Minute) // it was written once more meanwhile
			s.tell("change 1", "live")
			s.settle()
			s.wants(deploys)
			s.tell("change 1", "rolled back")
			s.settle()
			s.wants(deploys, "rolled back")
		})
	})
}

func TestADeletedParentIsPostedAnewForANewReply(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "red")
		s.settle()
		s.remove(deploys, s.Messages(deploys)[0].TS)
		reply := in(deploys, "a mention")
		reply.Parent = "change 1"
		s.change(says("<@U1>: it failed"), reply)
		s.settle()
		m := s.Messages(deploys)
		if len(m) != 2 || m[0].Text != "red" || m[1].ThreadTS != m[0].TS {
			t.Errorf("messages %+v", m)
		}
	})
}

// blocks is a drawing with a section.
func blocks(text, section string) board.Drawing {
	object := slackgo.NewTextBlockObject(slackgo.MarkdownType, section, false, false)
	return board.Drawing{Message: slack.Message{Text: text, Blocks: []slackgo.Block{slackgo.NewSectionBlock(object, nil, nil)}}}
}

func TestTheTextAloneIsSentWhenBlocksAreRefused(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		b := in(deploys, "change 1")
		bad, good := blocks("tests run", strings.Repeat("x", 3001)), blocks("deploying", "deploying")
		s.change(bad, b)
		s.settle()
		s.wants(deploys, "tests run")
		from := s.mark()
		s.change(bad, b)
		s.settle()
		if n := s.calls(from, ""); n > 0 {
			t.Errorf("%d calls for the same drawing", n)
		}
		s.change(good, b)
		s.settle()
		if m := s.Messages(deploys); m[0].Text != "deploying" || len(m[0].Blocks) == 0 {
			t.Errorf("message %+v", m[0])
		}
		bad.Message.Text = strings.Repeat("long ", 1000)
		s.change(bad, b)
		s.settle()
		if m := s.Messages(deploys); !strings.HasPrefix(m[0].Text, "long long") || len(m[0].Blocks) > 0 {
			t.Errorf("message %+v", m[0])
		}
		s.logs("its text alone is sent", 2)
	})
}

func TestWhatSlackWillNotHaveIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, slacksim.Options{})
		s.answer(5, "chat.postMessage", `{"ok":false,"error":"some_new_error"}`, false)
		s.run()
		s.tell("change 1", "tests run")
		time.Sleep(time.Minute)
		s.logs("given up", 1)
		s.tell("change 1", "tests run")
		s.settle()
		s.wants(deploys)
		s.tell("change 1", "deploying")
		s.settle()
		s.wants(deploys, "deploying")
	})
}

func TestAMessageThatCannotBeEditedAnyMoreIsLeftAlone(t *testing.T) {
	onStage(t, slacksim.Options{EditWindow: time.Hour}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		time.Sleep(2 * time.Hour)
		from := s.mark()
		for _, state := range []string{"deploying", "live", "rolled back"} {
			s.tell("change 1", state)
			s.settle()
		}
		s.wants(deploys, "tests run")
		if n := s.calls(from, ""); n != 1 {
			t.Errorf("%d calls", n)
		}
		if s.state().Dead != 1 || s.state().Stale != 0 {
			t.Errorf("state %+v", s.state())
		}
		s.logs("edit_window_closed", 1)
	})
}

func TestABoardThatCannotBeDrawnHoldsUpNoOther(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.wrong["change 1"] = errors.New("the ledger is away")
		s.tell("change 1", "live")
		s.tell("change 2", "live")
		s.moment()
		s.wants(deploys, "live")
		time.Sleep(10 * time.Minute)
		s.mu.Lock()
		if s.drawn > 30 {
			t.Errorf("it was drawn %d times", s.drawn)
		}
		clear(s.wrong)
		s.mu.Unlock()
		time.Sleep(time.Minute)
		s.settle()
		s.wants(deploys, "live", "live")
		s.logs("the ledger is away", 1)
	})
}

func TestAPanicInADrawingIsThisBoardsTroubleAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, slacksim.Options{})
		drawn := s.options.Draw
		s.options.Draw = func(ctx context.Context, key board.Key) (board.Drawing, error) {
			if key == "change 1" {
				panic("oops")
			}
			return drawn(ctx, key)
		}
		s.run()
		s.tell("change 1", "live")
		s.tell("change 2", "live")
		s.moment()
		s.wants(deploys, "live")
		s.logs("a panic: oops", 1)
	})
}
