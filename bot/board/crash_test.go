package board_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/store/pgtest"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// rounds is how many seeded rounds a crash test plays on each engine.
func rounds() uint64 {
	if os.Getenv("CI") == "true" {
		return 100
	}
	return 4
}

func TestAKilledProcessLosesNothingAndPostsNothingTwice(t *testing.T) {
	t.Parallel()
	for seed := range rounds() {
		t.Run(fmt.Sprint("SQLite, seed ", seed), func(t *testing.T) {
			t.Parallel()
			newFarEnd(t).round(seed, filepath.Join(t.TempDir(), "board.db"), false)
		})
		t.Run(fmt.Sprint("Postgres, seed ", seed), func(t *testing.T) {
			t.Parallel()
			newFarEnd(t).round(seed, pgtest.Start(t), false)
		})
		t.Run(fmt.Sprint("two processes, seed ", seed), func(t *testing.T) {
			t.Parallel()
			newFarEnd(t).round(seed, pgtest.Start(t), true)
		})
	}
}

// farEnd is a simulated Slack on a real port.
type farEnd struct {
	*slacksim.Server
	t    *testing.T
	url  string
	told map[board.Key]string // the last text of each board
}

func newFarEnd(t *testing.T) *farEnd {
	t.Helper()
	f := &farEnd{Server: slacksim.New(slacksim.Options{}), t: t, told: map[board.Key]string{}}
	for i := range 3 {
		f.AddChannel(slacksim.Channel{ID: fmt.Sprint("C", i), Name: fmt.Sprint("c", i), BotIn: true})
	}
	server := httptest.NewServer(f.Server)
	t.Cleanup(func() {
		f.Close()
		server.Close()
	})
	f.url = server.URL + "/api/"
	return f
}

// round tells news to a process that is killed somewhere in between, and the rest to the next one, or to one beside it.
func (f *farEnd) round(seed uint64, database string, beside bool) {
	chance := rand.New(rand.NewPCG(seed, 6))
	deaths := []string{"post sent", "post answered", "update sent", "update answered", "touched"}
	death := fmt.Sprintf("%s %d", deaths[chance.IntN(len(deaths))], 1+chance.IntN(4))
	if chance.IntN(3) == 0 {
		f.Weather().Add(weather.Fault{Method: "POST", Path: "/api/chat.postMessage", Kind: weather.Late, D: 1500 * time.Millisecond})
	}
	f.t.Logf("dies at %s", death)
	all := []*child{f.start(database, death)}
	if beside {
		all = append(all, f.start(database, ""))
	}
	for i := range 12 {
		key, text := board.Key(fmt.Sprint("change ", chance.IntN(6))), fmt.Sprint("state ", i)
		for !all[chance.IntN(len(all))].touch(key, fmt.Sprint("C", key[len(key)-1]%3), text) {
			all = f.living(database, all)
		}
		f.told[key] = text
		time.Sleep(time.Duration(chance.IntN(400)) * time.Millisecond)
	}
	f.awaitTruth(func() { all = f.living(database, all) })
}

// living gives the processes that live, or a new one if none does.
func (f *farEnd) living(database string, all []*child) []*child {
	f.t.Helper()
	all = slices.DeleteFunc(all, func(c *child) bool { return c.dead() })
	if len(all) == 0 {
		all = append(all, f.start(database, ""))
	}
	return all
}

// awaitTruth waits until each board's message is there and true, and fails if any was ever there twice.
func (f *farEnd) awaitTruth(revive func()) {
	f.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for wrong := f.wrong(); len(wrong) > 0; wrong = f.wrong() {
		if time.Now().After(deadline) {
			f.t.Fatalf("after a minute: %q", wrong)
		}
		time.Sleep(20 * time.Millisecond)
		revive()
	}
	time.Sleep(2 * time.Second)
	if wrong := f.wrong(); len(wrong) > 0 {
		f.t.Errorf("in the end: %q", wrong)
	}
	posts := 0
	journal, _ := f.Journal(0)
	for _, e := range journal {
		if e.Kind == slacksim.Posted {
			posts++
		}
	}
	if posts != len(f.told) {
		f.t.Errorf("%d messages were posted for %d boards", posts, len(f.told))
	}
}

// wrong says what is not as it was told last.
func (f *farEnd) wrong() (wrong []string) {
	stands := map[string]int{}
	for _, c := range f.Channels() {
		for _, m := range f.Messages(c.ID) {
			stands[m.Text]++
		}
	}
	for key, text := range f.told {
		if want := fmt.Sprintf("%s: %s", key, text); stands[want] != 1 {
			wrong = append(wrong, fmt.Sprintf("%q stands %d times", want, stands[want]))
		}
	}
	return wrong
}
