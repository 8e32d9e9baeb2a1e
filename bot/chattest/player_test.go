package chattest

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/store/storetest"
	"slipway/commands"
)

// onStage plays a test in a bubble, on a stage with the real bot.
func onStage(t *testing.T, changes []string, f func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{changes: changes}, slipway(commands.All()))
		defer s.close()
		f(t, s)
	})
}

func TestInRealTimeLinesThatMoveItChangeNothing(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		var out bytes.Buffer
		p := NewPlayer(s.World, s.bot, RealClock{}, &out)
		before := s.bot.(*Host).now
		for _, l := range []string{"!clock 10m", "!stop 10m"} {
			if err := p.Line(l); err == nil || !strings.Contains(err.Error(), "real time") {
				t.Errorf("%s: %v", l, err)
			}
		}
		if s.bot.(*Host).now != before {
			t.Error("the bot was ended")
		}
	})
}

func TestABotThatIsElsewhereIsNotEndedHere(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		p := NewPlayer(s.World, nil, bubbleClock{}, &bytes.Buffer{})
		for _, l := range []string{"!kill", "!restart", "!stop 10m"} {
			if err := p.Line(l); !errors.Is(err, errNoBot) {
				t.Errorf("%s: %v", l, err)
			}
		}
		if err := p.Line("!wait"); err != nil {
			t.Error(err)
		}
	})
}

func TestATerminalDoesNotEchoLines(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		var out bytes.Buffer
		p := NewPlayer(s.World, s.bot, bubbleClock{}, &bytes.Buffer{})
		p.Settle()
		p.Print() // what the bot says at its start
		p.WriteTo(&out, false)
		for _, l := range []string{"# a remark", "", "alice> /nothing"} {
			if err := p.Line(l); err != nil {
				t.Errorf("%s: %v", l, err)
			}
		}
		if got, want := out.String(), "  slack (only alice): /nothing is not a valid command\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestLinesThatTakeNoWordsRefuseThem(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		p := NewPlayer(s.World, s.bot, bubbleClock{}, &bytes.Buffer{})
		for l, want := range map[string]string{
			"!wait 10m": "!clock 10m", "!kill now": "!kill stands alone", "!restart now": "!restart stands alone",
			"!stop": "such as 10m", "!clock": "such as 10m", "!clock -1m": "such as 10m",
			"!show": "!show channel", "!show thread": "!show thread 3", "!show thread x": "!show thread 3", "!show channel x": "!show channel",
			"!show modal": "!show modal alice", "!show home zoe": "nobody is called zoe", "!show thread 9": "no message #9", "!show x": "!show channel", "!show deliveries 3": "!show deliveries",
		} {
			if err := p.Line(l); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", l, err, want)
			}
		}
	})
}

func TestALineThatFailsIsPrintedAndCountedAsItStands(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		got, left := converse(s, []string{"alice> /nothing", "!down moon", "!wait", "# end"})
		want := "\nalice> /nothing\n  slack (only alice): /nothing is not a valid command\n!down moon\n" +
			"! line 4: \"moon\" is no server; there are github, heroku, slack, runs, runners\n"
		if !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 5 { // behind what the bot says at its start
			t.Errorf("got %q, want %q at its end", got, want)
		}
		if !slices.Equal(left, []string{"!wait", "# end"}) {
			t.Errorf("%q are left", left)
		}
	})
}

func TestTypedLinesAreToldFromTheTranscript(t *testing.T) {
	t.Parallel()
	got := typedIn("# a\n\nalice> b\n  bot: c\n    d\n!wait\n! line 6: no\n")
	if want := []string{"# a", "", "alice> b", "!wait"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := typedIn(""); got != nil {
		t.Errorf("nothing gives %q", got)
	}
}

// A killed process is not there to be waited for: the line takes no time, whatever the bot was doing.
func TestAKillTakesNoTime(t *testing.T) {
	t.Parallel()
	onStage(t, []string{"latency 9s"}, func(t *testing.T, s *stage) {
		if _, err := s.World.Slack.Command("U0ALICE", "C0DEPLOYS", "/deploy", "status"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if n := s.bot.Busy(); n < 1 {
			t.Fatalf("the bot does %d things", n)
		}
		before := time.Now()
		if err := s.bot.Kill(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(before); took != 0 {
			t.Errorf("the kill took %v", took)
		}
		synctest.Wait()
		if n, busy := s.World.Slack.Sockets(), s.bot.Busy(); n != 0 || busy != 0 {
			t.Errorf("%d sockets are left, and the bot does %d things", n, busy)
		}
		if err := s.bot.Start(); err != nil {
			t.Error(err)
		}
	})
}

// What a killed bot asked for is still on its way to a far end, which nobody tells that the bot is gone.
func TestAStageEndsAfterWhatAKilledBotAskedFor(t *testing.T) {
	t.Parallel()
	onStage(t, []string{"latency 9s"}, func(t *testing.T, s *stage) {
		if _, err := s.World.Slack.Command("U0ALICE", "C0DEPLOYS", "/deploy", "status"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := s.bot.Kill(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestABotIsStartedOnce(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		if err := s.bot.Start(); !errors.Is(err, errRunning) {
			t.Errorf("a second start gives %v", err)
		}
		for range 2 {
			if err := errors.Join(s.bot.Stop(), s.bot.Kill()); err != nil {
				t.Errorf("a second end gives %v", err)
			}
		}
	})
}

func TestABotThatSlackRefusesDoesNotStart(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(t *testing.T, s *stage) {
		host := *s.bot.(*Host)
		host.now, host.Config.SlackAppToken = nil, host.Config.SlackBotToken
		if err := host.Start(); err == nil {
			t.Error("it started where another one listens")
		}
		host.Path, host.Listen = storetest.File(t), nil
		if err := host.Start(); err == nil {
			t.Error("it started")
		}
		if host.Busy() != 0 || host.Stop() != nil {
			t.Error("something is left of it")
		}
	})
}
