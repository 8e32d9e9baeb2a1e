package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/chattest"
	"slipway/bot/say"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// trying are commands that behave in ways in which no command should, but some day one will.
func trying() []bot.Command {
	command := func(verb string, answer func(ctx context.Context) error) bot.Command {
		return bot.Command{
			Slash: "/deploy", Verb: verb, Short: verb,
			Answer: func(ctx context.Context, _ *bot.Clients, _ bot.Request) (bot.Answer, error) {
				return bot.Answer{Text: verb + " is done"}, answer(ctx)
			},
		}
	}
	button := slackgo.NewActionBlock("b", slackgo.NewButtonBlockElement("gone", "1", slackgo.NewTextBlockObject("plain_text", "Gone", false, false)))
	return []bot.Command{
		{
			Slash: "/deploy", Verb: "button", Short: "button",
			Answer: func(context.Context, *bot.Clients, bot.Request) (bot.Answer, error) {
				return bot.Answer{Text: "a button", Blocks: []slackgo.Block{button}}, nil
			},
		},
		{
			Slash: "/deploy", Verb: "long", Short: "long",
			Answer: func(context.Context, *bot.Clients, bot.Request) (bot.Answer, error) {
				var blocks []slackgo.Block
				for range 60 { // Slack takes 50
					blocks = append(blocks, slackgo.NewDividerBlock())
				}
				return bot.Answer{Text: "a long answer", Blocks: blocks}, nil
			},
		},
		command("quick", func(context.Context) error { return nil }),
		command("slow", func(ctx context.Context) error {
			select {
			case <-time.After(10 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}),
		command("endless", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }),
		command("panics", func(context.Context) error { panic("a fault of ours") }),
		command("panics-beside", func(context.Context) error {
			abreast.Do(func() {}, func() { panic("a fault in a goroutine") })
			return nil
		}),
		command("refuses", func(context.Context) error { return say.Refuse("Not like this. Try `/deploy quick`.") }),
		command("fails", func(context.Context) error {
			return fmt.Errorf("ask the database: password xoxb-1-secret-token is wrong")
		}),
	}
}

// scene is the bot with the trying commands, and alice in #deploys.
func scene(t *testing.T, play func(s *slacksim.Server, type_ func(line string), answers func() []answer)) {
	t.Helper()
	chattest.Scene(t, nil, trying(), func(w *world.World, p *chattest.Player) {
		time.Sleep(10 * time.Second)
		start := time.Now()
		type_ := func(text string) {
			t.Helper()
			if _, err := w.Slack.Command("U0ALICE", "C0DEPLOYS", "/deploy", text); err != nil {
				t.Fatal(err)
			}
		}
		play(w.Slack, type_, func() []answer { return said(w.Slack, start) })
	})
}

// answer is what a person reads, and how long after the start.
type answer struct {
	after time.Duration
	text  string
}

func said(s *slacksim.Server, start time.Time) []answer {
	entries, _ := s.Journal(0)
	var list []answer
	for _, e := range entries {
		switch {
		case e.At.Before(start): // that it has begun
		case e.Kind == slacksim.Told:
			list = append(list, answer{e.At.Sub(start), "slack: " + e.Text})
		case e.Message != nil && e.Message.BotID != "":
			list = append(list, answer{e.At.Sub(start), e.Message.Text})
		}
	}
	return list
}

// count counts the answers that begin with each of the words, and the latest of them.
func count(answers []answer, begins string) (n int, latest time.Duration) {
	for _, a := range answers {
		if strings.HasPrefix(a.text, begins) {
			n++
			latest = max(latest, a.after)
		}
	}
	return n, latest
}

const busy = "I am busy"

func TestAPanicEndsNothingButItsOwnRequestAndIsOwnedUpTo(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"panics", "panics-beside", "fails"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			scene(t, func(_ *slacksim.Server, type_ func(string), answers func() []answer) {
				type_(verb)
				type_("quick")
				time.Sleep(time.Second)
				if n, _ := count(answers(), "Something went wrong (request "); n != 1 {
					t.Errorf("the person was told of the fault %d times, want once: %v", n, answers())
				}
				if n, _ := count(answers(), "quick is done"); n != 1 {
					t.Errorf("the other request got %d answers, want one: %v", n, answers())
				}
				for _, a := range answers() {
					if strings.Contains(a.text, "secret") || strings.Contains(a.text, "fault of ours") {
						t.Errorf("the person reads what is for the log: %s", a.text)
					}
				}
			})
		})
	}
}

func TestARefusalIsShownAsItIs(t *testing.T) {
	t.Parallel()
	scene(t, func(_ *slacksim.Server, type_ func(string), answers func() []answer) {
		type_("refuses")
		time.Sleep(time.Second)
		if got := answers(); len(got) != 1 || got[0].text != "Not like this. Try `/deploy quick`." {
			t.Errorf("got %v", got)
		}
	})
}

func TestFortySlowCommandsLeaveNobodyWithoutAWord(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, type_ func(string), answers func() []answer) {
		for range 40 {
			type_("slow")
		}
		time.Sleep(30 * time.Second)
		if n, _ := count(answers(), "slow is done"); n != 32 {
			t.Errorf("%d were answered, want 32", n)
		}
		n, latest := count(answers(), busy)
		if n != 8 || latest > 3*time.Second {
			t.Errorf("%d were told to come back, the last after %v; want 8 within 3 s", n, latest)
		}
		type_("quick")
		time.Sleep(time.Second)
		if n, _ := count(answers(), "quick is done"); n != 1 {
			t.Error("afterwards nothing is answered")
		}
	})
}

func TestAFullQueueIsSaidInTheAcknowledgement(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, type_ func(string), answers func() []answer) {
		const typed, worked, queued = 400, 32, 256
		for range typed {
			type_("slow")
			time.Sleep(time.Millisecond)
		}
		time.Sleep(500 * time.Millisecond)
		if n, latest := count(answers(), busy); n != typed-worked-queued || latest > time.Second {
			t.Errorf("%d were told at once, the last after %v; want %d within 1 s", n, latest, typed-worked-queued)
		}
		time.Sleep(2 * time.Minute)
		if n, _ := count(answers(), busy); n != typed-worked {
			t.Errorf("%d were told to come back, want %d", n, typed-worked)
		}
		if n, _ := count(answers(), "slow is done"); n != worked {
			t.Errorf("%d were answered, want %d", n, worked)
		}
		if n, _ := count(answers(), "slack: "); n != 0 {
			t.Errorf("Slack itself had to tell %d people that nobody answered", n)
		}
		if stats := s.Stats(); len(stats.Acks) != typed || stats.TimedOut > 0 {
			t.Errorf("%d of %d acknowledged, %d timed out", len(stats.Acks), typed, stats.TimedOut)
		}
	})
}

func TestAMentionThatFindsNoRoomIsToldSo(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, type_ func(string), answers func() []answer) {
		for range 300 {
			type_("slow")
		}
		time.Sleep(100 * time.Millisecond) // an event may pass commands on the other socket
		if _, err := s.Say("U0BOB", "C0DEPLOYS", "<@"+s.BotUserID()+"> quick", ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		told := false
		for _, m := range s.Messages("C0DEPLOYS") {
			told = told || m.To == "U0BOB" && strings.HasPrefix(m.Text, busy)
		}
		if !told {
			t.Error("bob was told nothing")
		}
	})
}

func TestACommandThatNeverEndsIsEnded(t *testing.T) {
	t.Parallel()
	scene(t, func(_ *slacksim.Server, type_ func(string), answers func() []answer) {
		type_("endless")
		time.Sleep(30 * time.Second)
		if n, latest := count(answers(), "Something went wrong"); n != 1 || latest > 26*time.Second {
			t.Errorf("told %d times, after %v; want once within 26 s", n, latest)
		}
	})
}

func TestAnEventThatSlackSendsTwiceIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, _ func(string), answers func() []answer) {
		s.DoubleEvents(1)
		if _, err := s.Say("U0ALICE", "C0DEPLOYS", "<@"+s.BotUserID()+"> quick", ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		if n, _ := count(answers(), "quick is done"); n != 1 {
			t.Errorf("%d answers, want one", n)
		}
	})
}

func TestWhatBotsSayIsNotAnswered(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, _ func(string), answers func() []answer) {
		s.SendEvent(map[string]any{
			"type": "app_mention", "user": "U0ROBOT", "bot_id": "B0ROBOT", "text": "<@" + s.BotUserID() + "> quick",
			"ts": "1.1", "channel": "C0DEPLOYS", "event_ts": "1.1",
		})
		s.SendEvent(map[string]any{
			"type": "message", "subtype": "message_changed", "channel_type": "im", "text": "quick",
			"ts": "1.2", "channel": s.DM("U0ALICE"), "event_ts": "1.2",
		})
		time.Sleep(time.Minute)
		if got := answers(); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	})
}

func TestAButtonOfAnotherVersionAnswersInWords(t *testing.T) {
	t.Parallel()
	scene(t, func(s *slacksim.Server, type_ func(string), answers func() []answer) {
		type_("button")
		time.Sleep(time.Second)
		buttons := s.Buttons("U0ALICE")
		if len(buttons) != 1 {
			t.Fatalf("alice sees %d buttons, want one", len(buttons))
		}
		if _, err := s.Click("U0ALICE", buttons[0].Place, buttons[0].BlockID, buttons[0].ActionID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if n, _ := count(answers(), "This button does nothing any more"); n != 1 {
			t.Errorf("the click was answered with %v", answers())
		}
	})
}

func TestWhatIsUnderWayIsAnsweredBeforeTheBotStops(t *testing.T) {
	t.Parallel()
	chattest.Scene(t, nil, trying(), func(w *world.World, p *chattest.Player) {
		start := time.Now()
		if _, err := w.Slack.Command("U0ALICE", "C0DEPLOYS", "/deploy", "slow"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if err := p.Line("!restart"); err != nil {
			t.Fatal(err)
		}
		if n, _ := count(said(w.Slack, start), "slow is done"); n != 1 {
			t.Errorf("the answer was lost: %v", said(w.Slack, start))
		}
	})
}

func TestAnAnswerThatSlackRefusesIsSaidInFewerWords(t *testing.T) {
	t.Parallel()
	scene(t, func(_ *slacksim.Server, type_ func(string), answers func() []answer) {
		type_("long")
		time.Sleep(time.Second)
		if n, _ := count(answers(), "a long answer\nThere is more"); n != 1 {
			t.Errorf("got %v", answers())
		}
	})
}

func TestAnAnswerIsSaidAgainWhenItCannotHaveArrived(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"drop", "429 1s", "429-bare", "html-503"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			chattest.Scene(t, nil, trying(), func(w *world.World, p *chattest.Player) {
				start := time.Now()
				for _, line := range []string{"!fault slack POST /commands/*/*/* " + fault, "alice> /deploy quick"} {
					if err := p.Line(line); err != nil {
						t.Fatal(err)
					}
				}
				if n, _ := count(said(w.Slack, start), "quick is done"); n != 1 {
					t.Errorf("answered %d times, want once", n)
				}
			})
		})
	}
}
