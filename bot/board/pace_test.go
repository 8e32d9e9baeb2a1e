package board_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"slipway/bot/board"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// The rates that are kept: chat.postMessage by channel and in all, chat.update in all.
const (
	channelEvery = 1050 * time.Millisecond
	postEvery    = 210 * time.Millisecond
	updateEvery  = 1350 * time.Millisecond
)

// channels adds as many channels.
func (s *stage) channels(n int) []string {
	var ids []string
	for i := range n {
		id := fmt.Sprintf("C1%03d", i)
		s.AddChannel(slacksim.Channel{ID: id, Name: id, BotIn: true, Members: []string{alice}})
		ids = append(ids, id)
	}
	return ids
}

func TestAThousandBoardsInFiveMinutesAreNeverRefused(t *testing.T) {
	onStage(t, slacksim.Options{Unverified: slacksim.Unverified{PostsPerMinute: 300}}, func(t *testing.T, s *stage) {
		s.Weather().SetLatency(50 * time.Millisecond)
		began := time.Now()
		channels := s.channels(50)
		for i := range 20 {
			for _, c := range channels {
				s.change(says("first"), in(c, board.Key(fmt.Sprintf("change %s %d", c, i))))
			}
			for _, c := range channels[:10] {
				s.change(says("second"), in(c, board.Key(fmt.Sprintf("change %s %d", c, i))))
			}
			time.Sleep(15 * time.Second)
		}
		s.settle()
		edits := s.calls(0, "chat.update")
		want := max(1000*postEvery, time.Duration(edits)*updateEvery) + 5*time.Second
		if took := time.Since(began); s.calls(0, "chat.postMessage") != 1000 || took > max(want, 5*time.Minute+5*time.Second) {
			t.Errorf("%d posts, %d edits took %v, want %v", s.calls(0, "chat.postMessage"), edits, took, want)
		}
		for i, c := range channels {
			for _, m := range s.Messages(c) {
				if want := map[bool]string{true: "second", false: "first"}[i < 10]; m.Text != want {
					t.Errorf("%s says %q, want %q", c, m.Text, want)
				}
			}
		}
		s.never(429)
	})
}

func TestOneChannelTakesOneMessageASecond(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		began := time.Now()
		for i := range 60 {
			s.tell(board.Key(fmt.Sprintf("change %d", i)), "live")
		}
		s.settle()
		if took := time.Since(began); took > 60*channelEvery+5*time.Second || len(s.Messages(deploys)) != 60 {
			t.Errorf("%d messages after %v", len(s.Messages(deploys)), took)
		}
		s.never(429)
	})
}

func TestEditsOfManyMessagesKeepWithinTheMethodsRate(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		var all []board.Board
		for i, c := range s.channels(100) {
			all = append(all, in(c, board.Key(fmt.Sprintf("change %03d", i))))
		}
		s.change(says("tests run"), all...)
		s.settle()
		began := time.Now()
		for i := range 10 { // what shows more than one of these states was not worth its call
			s.change(says(fmt.Sprint("job ", i)), all...)
			time.Sleep(100 * time.Millisecond)
		}
		s.settle()
		edits := s.calls(0, "chat.update")
		if took := time.Since(began); edits > 105 || took > time.Duration(edits)*updateEvery+5*time.Second {
			t.Errorf("%d edits took %v", edits, took)
		}
		for _, b := range all {
			s.wants(b.Channel, "job 9")
		}
		s.never(429)
	})
}

func TestAFailureGoesFirst(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		for i := range 10 {
			s.tell(board.Key(fmt.Sprintf("change %d", i)), fmt.Sprint("change ", i))
		}
		failure := says("the deploy failed")
		failure.Urgent = true
		s.change(failure, in(deploys, "urgent"))
		s.settle()
		got := []string{}
		for _, m := range s.Messages(deploys) {
			got = append(got, m.Text)
		}
		if at := slices.Index(got, failure.Message.Text); at < 0 || at > 2 { // two were sent at once
			t.Errorf("it is number %d: %q", at, got)
		}
		if rest := slices.DeleteFunc(got, func(text string) bool { return text == failure.Message.Text }); !slices.IsSorted(rest) {
			t.Errorf("the others are not in their order: %q", rest)
		}
	})
}

func TestABoardThatBecomesTrueInTheQueueCostsNoCall(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		s.settle()
		for i := range 10 {
			s.tell(board.Key(fmt.Sprintf("other %d", i)), "x")
		}
		s.settle()
		for i := range 10 {
			s.tell(board.Key(fmt.Sprintf("other %d", i)), "y")
		}
		from := s.mark()
		s.tell("change 1", "live")
		s.moment()
		if stale := s.state().Stale; stale > 10 {
			t.Errorf("%d are stale", stale)
		}
		s.settle()
		if n := s.calls(from, "chat.update"); n > 10 {
			t.Errorf("%d edits", n)
		}
	})
}

func TestARateLimitIsWaitedOutWhereItHolds(t *testing.T) {
	t.Run("a channel's", func(t *testing.T) {
		onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
			s.settle()
			other := s.channels(1)[0]
			s.fault("chat.postMessage", weather.TooMany, 30*time.Second)
			began := time.Now()
			s.tell("change 1", "live")
			s.moment()
			s.change(says("live"), in(other, "change 2"))
			s.moment()
			s.wants(other, "live")
			s.settle()
			s.wants(deploys, "live")
			if took := time.Since(began).Round(100 * time.Millisecond); took != 30*time.Second || s.calls(0, "chat.postMessage") != 3 {
				t.Errorf("after %v and %d calls", took, s.calls(0, "chat.postMessage"))
			}
		})
	})
	t.Run("a method's", func(t *testing.T) {
		onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
			s.tell("change 1", "tests run")
			s.tell("change 2", "tests run")
			s.settle()
			time.Sleep(time.Minute)
			s.fault("chat.update", weather.TooMany, 30*time.Second)
			began := time.Now()
			s.tell("change 1", "live")
			s.moment()
			s.tell("change 2", "live")
			s.tell("change 3", "tests run")
			s.moment()
			s.wants(deploys, "tests run", "tests run", "tests run") // posts go on
			s.settle()
			s.wants(deploys, "live", "live", "tests run")
			if took := time.Since(began); took < 30*time.Second || took > 35*time.Second || s.calls(0, "chat.update") != 3 {
				t.Errorf("after %v and %d calls", took, s.calls(0, "chat.update"))
			}
		})
	})
}

func TestARateLimitWithoutItsLengthIsWaitedOutLongerEachTime(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.settle()
		for range 4 {
			s.fault("chat.postMessage", weather.TooManyBare, 0)
		}
		s.tell("change 1", "live")
		s.settle()
		s.wants(deploys, "live")
		var gaps []time.Duration
		all, _ := s.Weather().Requests(0)
		for i := range all[1:] {
			gaps = append(gaps, all[i+1].At.Sub(all[i].At).Round(100*time.Millisecond))
		}
		if want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}; !slices.Equal(gaps, want) {
			t.Errorf("pauses %v, want %v", gaps, want)
		}
	})
}
