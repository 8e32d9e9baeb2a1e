package people_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

func TestWhoIsMentioned(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		for _, u := range []slacksim.User{
			{ID: "U2", Name: "guest", Email: "guest@penny.example", Guest: true},
			{ID: "U3", Name: "gone", Email: "gone@penny.example", Deleted: true},
			{ID: "U4", Name: "other", Email: "other@penny.example", Stranger: true, TeamID: "T0OTHER"},
			{ID: "U5", Name: "robot", Email: "robot@penny.example", Bot: true},
		} {
			s.AddUser(u)
		}
		for _, tt := range []struct{ login, email, want string }{
			{"jane-doe", "alice@penny.example", "<@U012AB3CD>"}, // the settings come first
			{"Jane-Doe", "", "<@U012AB3CD>"},
			{"alice", "alice@penny.example", "<@U1>"},
			{"alice-on-github", " Alice@Penny.example ", "<@U1>"},
			{"alice", "", "alice"},
			{"guest", "guest@penny.example", "guest"},
			{"gone", "gone@penny.example", "gone"},
			{"other", "other@penny.example", "other"},
			{"robot", "robot@penny.example", "robot"},
			{"nobody", "nobody@penny.example", "nobody"},
			{"<!channel> @here <@U1>", "", "&lt;!channel&gt; ＠here &lt;@U1&gt;"},
			{strings.Repeat("x", 100), "", strings.Repeat("x", 59) + "…"},
		} {
			s.mentions(tt.login, tt.email, tt.want)
		}
	})
}

func TestAddressesThatNobodyHasAreNotAskedFor(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		for _, email := range []string{
			"", "alice", "alice@localhost", "@penny.example", "noreply@github.com", "1+alice@users.noreply.github.com", "alice@users.noreply.git.penny.example",
			"No-Reply@penny.example", strings.Repeat("a", 250) + "@penny.example",
		} {
			s.mentions("alice", email, "alice")
		}
		s.asked(0)
	})
}

func TestAnswersAreKeptForADayAndNobodyForAnHour(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.mentions("alice", "alice@penny.example", "<@U1>")
		s.mentions("bob", "bob@penny.example", "bob")
		s.AddUser(slacksim.User{ID: "U2", Name: "bob", Email: "bob@penny.example"})
		time.Sleep(time.Hour - time.Minute)
		s.process()
		s.mentions("alice", "alice@penny.example", "<@U1>")
		s.mentions("bob", "bob@penny.example", "bob")
		s.asked(2)
		time.Sleep(time.Minute)
		s.mentions("bob", "bob@penny.example", "<@U2>")
		s.asked(3)
		s.AddUser(slacksim.User{ID: "U1", Name: "alice", Email: "alice@penny.example", Deleted: true})
		time.Sleep(23*time.Hour - time.Minute)
		s.mentions("alice", "alice@penny.example", "<@U1>")
		s.asked(3)
		time.Sleep(time.Minute)
		s.mentions("alice", "alice@penny.example", "alice")
		s.asked(4)
		time.Sleep(48 * time.Hour)
		s.mentions("carol", "carol@penny.example", "carol")
		if n := s.kept(); n != 1 {
			s.t.Errorf("%d addresses are kept, want the one of today", n)
		}
	})
}

func TestSlackIsAskedTwentyTimesAMinuteAtMost(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		for i := range 30 {
			s.mentions("x", fmt.Sprintf("x%d@penny.example", i), "x")
			time.Sleep(time.Second)
		}
		s.asked(20)
		s.mentions("alice", "alice@penny.example", "alice") // not now
		time.Sleep(time.Minute)
		s.mentions("alice", "alice@penny.example", "<@U1>")
		s.asked(21)
	})
}

func TestWhileSlackDoesNotAnswerPeopleAreNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		kind  weather.Kind
		d     time.Duration
		pause time.Duration
	}{
		"limited":                {weather.TooMany, 30 * time.Second, 30 * time.Second},
		"limited without a time": {weather.TooManyBare, 0, time.Minute},
		"unwell":                 {weather.HTML503, 0, 10 * time.Second},
		"cut off":                {weather.Cut, 0, 10 * time.Second},
		"slow":                   {weather.Delay, 5 * time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				s.fault(tt.kind, tt.d)
				began := time.Now()
				s.mentions("alice", "alice@penny.example", "alice")
				if took := time.Since(began); took > 2*time.Second {
					s.t.Errorf("it took %v", took)
				}
				time.Sleep(tt.pause - time.Second)
				s.mentions("alice", "alice@penny.example", "alice")
				s.asked(1)
				s.logs("cannot be asked", 1)
				time.Sleep(time.Second)
				s.mentions("alice", "alice@penny.example", "<@U1>")
				s.asked(2)
				s.logs("can be asked again", 1)
			})
		})
	}
}

func TestWithoutItsScopePeopleAreNamed(t *testing.T) {
	onStage(t, slacksim.Options{Scopes: []string{"users:read"}}, func(s *stage) {
		for range 10 {
			s.mentions("alice", "alice@penny.example", "alice")
			s.mentions("jane-doe", "", "<@U012AB3CD>")
			time.Sleep(time.Minute)
		}
		s.asked(1)
		s.logs("missing_scope (needs users:read.email)", 1)
		if n := s.kept(); n != 0 {
			s.t.Errorf("%d refusals are kept as answers", n)
		}
	})
}

func TestWithoutTheDatabaseNobodyIsAskedFor(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		if err := s.options.Store.Close(); err != nil {
			s.t.Fatal(err)
		}
		s.mentions("alice", "alice@penny.example", "alice")
		s.mentions("jane-doe", "", "<@U012AB3CD>")
		s.asked(0)
	})
}

func TestWhetherSomebodyIsToBeCalledIsNotSureWhileSlackDoesNotSay(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		ask := func(email string) bool {
			_, sure := s.Mention(s.t.Context(), nil, "nina", email)
			return sure
		}
		s.Weather().SetDown(true)
		if ask("nina@penny.example") {
			t.Error("it is sure while Slack is down")
		}
		s.Weather().SetDown(false)
		time.Sleep(2 * time.Minute)
		if !ask("nina@penny.example") || !ask("nina@users.noreply.github.com") {
			t.Error("it is not sure although Slack says, or nobody is to be asked")
		}
	})
}
