package channels_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
)

const deploys = "penny-university=penny-university/penny_university#deploys"

func TestARenamedChannelStaysAndAnImpostorGainsNothing(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		c := s.process(deploys)
		s.wants(c, "")
		s.resolve(c)
		s.wants(c, "C1")
		s.put("C1", "shipping")
		s.put("C2", "deploys")
		s.resolve(c)
		s.wants(c, "C1")
		next := s.process(deploys) // which has nothing in memory
		s.wants(next, "C1")
		s.resolve(next)
		s.wants(next, "C1")
		if n := s.asked(); n != 1 {
			s.t.Errorf("Slack was asked %d times for what was known after the first", n)
		}
	})
}

func TestEveryAppAndEverySpellingIsResolvedByItself(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		s.put("C2", "qa")
		s.put("G3", "geheim-ä")
		c := s.process(deploys + ",penny-qa=penny-university/penny_university#qa,other-app=a/b#deploys,fourth=a/b#C0ANY,fifth=a/b#geheim-ä")
		s.resolve(c)
		s.wants(c, "C1", "C2", "C1", "C0ANY", "G3")
		again := s.process("penny-university=penny-university/penny_university#qa")
		s.wants(again, "")
		s.resolve(again)
		s.wants(again, "C2")
	})
}

func TestAnIDNeedsNoQuestion(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		c := s.process("penny-university=a/b#C0ANY")
		s.resolve(c)
		s.wants(c, "C0ANY")
		if n := s.asked(); n != 0 {
			s.t.Errorf("Slack was asked %d times", n)
		}
	})
}

func TestWhichOfSeveralChannels(t *testing.T) {
	for name, tt := range map[string]struct {
		channels []slacksim.Channel
		want     string
		why      string
	}{
		"archived":                {[]slacksim.Channel{{ID: "C9", Name: "news", Archived: true}}, "C9", ""},
		"one of two archived":     {[]slacksim.Channel{{ID: "C8", Name: "news", Archived: true}, {ID: "C9", Name: "news"}}, "C9", ""},
		"not a member":            {[]slacksim.Channel{{ID: "C9", Name: "news"}}, "C9", ""},
		"private, member":         {[]slacksim.Channel{{ID: "C9", Name: "news", Private: true, BotIn: true}}, "C9", ""},
		"private, not a member":   {[]slacksim.Channel{{ID: "C9", Name: "news", Private: true}}, "", "no channel #news that I can see: invite me, or put its id into APPS"},
		"begins with it":          {[]slacksim.Channel{{ID: "C9", Name: "news-of-today"}}, "", "no channel #news"},
		"a second one, shared in": {[]slacksim.Channel{{ID: "C8", Name: "news"}, {ID: "C9", Name: "news", ExtShared: true}}, "", "2 channels are called #news: put the id of one into APPS"},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(s *stage) {
				for _, ch := range tt.channels {
					s.AddChannel(ch)
				}
				c := s.process("penny-university=a/b#news")
				s.resolve(c)
				s.resolve(c)
				s.wants(c, tt.want)
				if open := c.Unresolved(); (len(open) > 0) != (tt.want == "") {
					s.t.Errorf("unresolved: %v", open)
				}
				if tt.why != "" {
					s.logs(tt.why, 1)
				}
			})
		})
	}
}

func TestAnUnknownChannelIsLookedForUntilItIsThere(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		c := s.process(deploys + ",penny-qa=a/b#qa")
		ctx, cancel := context.WithCancel(s.t.Context())
		defer cancel()
		var running sync.WaitGroup
		running.Go(func() { c.Run(ctx) })
		time.Sleep(3*time.Minute + time.Second)
		s.wants(c, "C1", "")
		s.logs("no channel #qa", 1)
		if open := c.Unresolved(); len(open) != 1 || open[0].Name != "penny-qa" {
			s.t.Errorf("unresolved: %v", open)
		}
		if n := s.asked(); n != 4 {
			s.t.Errorf("Slack was asked %d times in 3 minutes, want 4", n)
		}
		s.put("C2", "qa")
		running.Wait() // it ends when all is known
		s.wants(c, "C1", "C2")
		if open := c.Unresolved(); len(open) != 0 {
			s.t.Errorf("unresolved: %v", open)
		}
	})
}

func TestWhileSlackDoesNotListChannelsItIsAskedAgain(t *testing.T) {
	onStage(t, slacksim.Options{}, func(s *stage) {
		c := s.process(deploys)
		s.SetDown(true)
		var running sync.WaitGroup
		running.Go(func() { c.Run(s.t.Context()) })
		time.Sleep(time.Minute)
		s.SetDown(false)
		running.Wait()
		s.wants(c, "C1")
		s.logs("are not looked for", 1)
		s.logs("are looked for again", 1)
	})
	t.Run("without a scope", func(t *testing.T) {
		onStage(t, slacksim.Options{Scopes: []string{"channels:read"}}, func(s *stage) {
			c := s.process(deploys)
			if open, err := c.Resolve(s.t.Context()); open != 1 || err == nil || !strings.Contains(err.Error(), "missing_scope (needs groups:read)") {
				s.t.Errorf("%d open, %v", open, err)
			}
			s.wants(c, "")
		})
	})
}
