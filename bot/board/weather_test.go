package board_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/board"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// sweep says that seeded tests play many rounds: in CI, where that is done without -race.
var sweep = os.Getenv("CI") == "true" && !raceDetector

// seeds is how many rounds a seeded test plays.
func seeds() uint64 {
	if sweep {
		return 50
	}
	return 5
}

func TestInAnyWeatherEachBoardIsThereOnceAndTrueInTheEnd(t *testing.T) {
	t.Parallel()
	for seed := range seeds() {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) { s.live(rand.New(rand.NewPCG(seed, 5))) })
		})
	}
}

// live plays some minutes of random news in random weather, with restarts, and then fair weather.
func (s *stage) live(chance *rand.Rand) {
	var all []board.Board
	for i, c := range s.channels(4) {
		for k := range 5 {
			b := in(c, board.Key(fmt.Sprintf("change %d %d", i, k)))
			all = append(all, b)
			if k%2 == 0 {
				all = append(all, board.Board{Key: "mention " + b.Key, App: b.App, Channel: c, Parent: b.Key})
			}
		}
	}
	for i := range 60 {
		if chance.IntN(2) == 0 {
			s.Weather().Add(disturbance(chance))
		}
		b := all[chance.IntN(len(all))]
		parent := b
		parent.Key, parent.Parent = b.Parent, ""
		if b.Parent != "" {
			s.change(says(fmt.Sprint("state ", i)), parent)
		}
		d := says(fmt.Sprint("state ", i))
		d.Urgent = chance.IntN(4) == 0
		s.change(d, b)
		time.Sleep(time.Duration(chance.IntN(6000)) * time.Millisecond)
		if chance.IntN(20) == 0 {
			s.stop()
			s.run()
		}
	}
	s.Weather().Clear()
	for time.Sleep(time.Minute); s.state().Stale > 0; time.Sleep(time.Minute) {
	}
	time.Sleep(10 * time.Minute) // until nothing is looked for any more
	synctest.Wait()
	s.allTrue(all)
}

// disturbance is a fault of a call that boards make.
func disturbance(chance *rand.Rand) weather.Fault {
	kinds := []weather.Kind{weather.Drop, weather.Cut, weather.Late, weather.TooMany, weather.TooManyBare, weather.HTML503, weather.Delay}
	f := weather.Fault{Method: "POST", Path: "/api/*", Kind: kinds[chance.IntN(len(kinds))]}
	if chance.IntN(3) > 0 {
		f.Path = []string{"/api/chat.postMessage", "/api/chat.update"}[chance.IntN(2)]
	}
	switch f.Kind {
	case weather.Late, weather.Delay, weather.TooMany:
		f.D = time.Duration(1+chance.IntN(20)) * time.Second
	}
	return f
}

// allTrue fails unless each board that was ever drawn is there exactly once, and shows its last drawing.
func (s *stage) allTrue(all []board.Board) {
	s.t.Helper()
	for _, c := range s.Channels() {
		want, got := map[string]int{}, map[string]int{}
		for _, b := range all {
			if d, ok := s.truth[b.Key]; ok && b.Channel == c.ID {
				want[fmt.Sprintf("%v %s", b.Parent != "", d.Message.Text)]++
			}
		}
		for _, m := range s.Messages(c.ID) {
			got[fmt.Sprintf("%v %s", m.ThreadTS != "" && m.ThreadTS != m.TS, m.Text)]++
		}
		if fmt.Sprint(want) != fmt.Sprint(got) {
			s.t.Errorf("%s says %v, want %v; the log:\n%s", c.ID, got, want, s.log)
		}
	}
	for _, e := range s.deleted() {
		s.t.Logf("a second copy stood until %v", e.At)
	}
}

func (s *stage) deleted() (all []slacksim.Entry) {
	journal, _ := s.Journal(0)
	for _, e := range journal {
		if e.Kind == slacksim.Deleted {
			all = append(all, e)
		}
	}
	return all
}
