package board_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/board"
	slacksim "slipway/integrations/sim/slack"
)

// direct gives what alice was told in the direct message.
func (s *stage) direct() (texts []string) {
	for _, m := range s.Messages(s.DM(alice)) {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestAChannelThatRefusesIsToldOfOnceAndNothingPilesUp(t *testing.T) {
	for name, tt := range map[string]struct {
		channel slacksim.Channel
		code    string
		word    string
		stale   int // of five boards
		most    int // calls in an hour: a probe each 10 min, and one to alice
	}{
		"archived":   {slacksim.Channel{Archived: true, BotIn: true}, "is_archived", "it is archived", 5, 9},
		"without us": {slacksim.Channel{}, "not_in_channel", "I am not in it", 4, 60 + 8}, // what stands there can be edited
		"gone":       {slacksim.Channel{Private: true}, "channel_not_found", "does not show it", 5, 9},
	} {
		t.Run(name, func(t *testing.T) {
			o := slacksim.Options{Scopes: []string{"chat:write", "im:write", "channels:history", "im:history"}}
			onStage(t, o, func(t *testing.T, s *stage) {
				s.tell("change 1", "tests run")
				s.settle()
				closed := tt.channel
				closed.ID, closed.Name, closed.Members = deploys, "deploys", []string{alice}
				s.AddChannel(closed)
				from := s.mark()
				began := time.Now()
				for i := range 60 {
					s.tell("change 1", fmt.Sprint("state ", i))
					s.tell("change 2", fmt.Sprint("state ", i))
					s.tell(board.Key(fmt.Sprint("change ", 3+i/20)), "live")
					time.Sleep(time.Minute)
				}
				if told := s.direct(); len(told) != 1 || !strings.Contains(told[0], tt.word) || !strings.Contains(told[0], "<#C1>") {
					t.Errorf("alice was told %q", told)
				}
				if n := s.calls(from, "chat.postMessage") + s.calls(from, "chat.update"); n > tt.most {
					t.Errorf("%d calls in %v", n, time.Since(began))
				}
				if r := s.state().Refuses; len(r) != 1 || r[0].Channel != deploys || r[0].Stale != tt.stale || !strings.Contains(tt.code+" is_inactive", r[0].Code) {
					t.Errorf("state %+v", s.state())
				}
				if why, err := s.boards.Complaint(t.Context(), deploys); err != nil || !strings.Contains(why, tt.word) {
					t.Errorf("it is said of the channel: %q: %v", why, err)
				}
				synctest.Wait()
				if s.boards.Busy() > 0 {
					t.Error("busy with a channel that refuses")
				}
				s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", BotIn: true, Members: []string{alice}})
				time.Sleep(11 * time.Minute)
				s.settle()
				got := map[string]int{}
				for _, m := range s.Messages(deploys) {
					got[m.Text]++
				}
				if want := map[string]int{"state 59": 2, "live": 3}; !maps.Equal(got, want) {
					t.Errorf("the channel says %v, want %v", got, want)
				}
				if told := s.direct(); len(told) != 1 || !strings.Contains(told[0], "I can post in <#C1> again") {
					t.Errorf("alice was told %q", told)
				}
				if why, err := s.boards.Complaint(t.Context(), deploys); err != nil || why != "" || len(s.state().Refuses) > 0 {
					t.Errorf("it is said of the channel: %q: %v, state %+v", why, err, s.state())
				}
			})
		})
	}
}

func TestTheSecondTimeAChannelRefusesIsToldAnew(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		for i := range 2 {
			s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", Archived: true, BotIn: true, Members: []string{alice}})
			s.tell(boardName(i), "live")
			s.settle()
			s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", BotIn: true, Members: []string{alice}})
			time.Sleep(11 * time.Minute)
			s.settle()
		}
		if told := s.direct(); len(told) != 2 {
			t.Errorf("alice was told %q", told)
		}
	})
}

func TestARenamedChannelIsTheSame(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "tests run")
		s.settle()
		s.AddChannel(slacksim.Channel{ID: deploys, Name: "releases", BotIn: true, Members: []string{alice}})
		s.tell("change 1", "live")
		s.settle()
		s.wants(deploys, "live")
	})
}

func TestAFallbackThatCannotBeToldIsNotToldOfThat(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.AddUser(slacksim.User{ID: alice, Name: "alice", Deleted: true})
		s.AddChannel(slacksim.Channel{ID: deploys, Name: "deploys", Archived: true, BotIn: true})
		s.tell("change 1", "live")
		s.settle()
		time.Sleep(time.Hour)
		s.logs("a channel refuses messages", 1)
		s.logs("cannot be kept true", 1)
		if n := s.calls(0, "chat.postMessage"); n > 8 { // six of them ask whether the channel has changed its mind
			t.Errorf("%d calls", n)
		}
	})
}

func TestATokenThatIsRefusedStopsAllUntilItIsTaken(t *testing.T) {
	for _, code := range []string{"token_revoked", "invalid_auth"} {
		t.Run(code, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
				other := s.channels(1)[0]
				s.settle()
				s.RefuseTokens(code)
				from := s.mark()
				s.tell("change 1", "live")
				s.moment()
				s.change(says("live"), in(other, "change 2"))
				time.Sleep(10 * time.Minute)
				if n := s.calls(from, ""); n > 12 {
					t.Errorf("%d calls", n)
				}
				if h := s.state().Halted; h == nil || h.Code != code || h.Stale != 2 {
					t.Errorf("state %+v", s.state())
				}
				s.logs("Slack takes no messages", 1)
				s.RefuseTokens("")
				time.Sleep(time.Minute + time.Second)
				s.settle()
				s.wants(deploys, "live")
				s.wants(other, "live")
				if s.state().Halted != nil {
					t.Errorf("state %+v", s.state())
				}
				if len(s.direct()) > 0 {
					t.Error("alice was told of it")
				}
			})
		})
	}
}

func TestAMissingScopeStopsAll(t *testing.T) {
	onStage(t, slacksim.Options{Scopes: []string{"commands"}}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		time.Sleep(5 * time.Minute)
		if h := s.state().Halted; h == nil || h.Code != "missing_scope" {
			t.Errorf("state %+v", s.state())
		}
		if n := s.calls(0, ""); n > 7 {
			t.Errorf("%d calls", n)
		}
	})
}
