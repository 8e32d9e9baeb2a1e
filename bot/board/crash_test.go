package board_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/store/pgtest"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// rounds is how many seeded rounds a crash test plays on each engine: in CI more than 200 on all of them together.
func rounds() uint64 {
	if sweep {
		return 70
	}
	return uint64(len(deaths))
}

// atATime is how many rounds are played side by side. Mostly they wait.
const atATime = 6

func TestAKilledProcessLosesNothingAndPostsNothingTwice(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return filepath.Join(t.TempDir(), "board.db") }, false)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return pgtest.Start(t) }, false)
	})
	t.Run("two processes", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return pgtest.Start(t) }, true)
	})
}

// play plays the rounds of one engine, each with a database of its own.
func play(t *testing.T, database func() string, beside bool) {
	t.Helper()
	var playing sync.WaitGroup
	defer playing.Wait()
	room := make(chan struct{}, atATime)
	for seed := range rounds() {
		room <- struct{}{}
		f, where := newFarEnd(t, seed), database()
		playing.Go(func() {
			defer func() { <-room }()
			f.round(where, beside)
		})
	}
}

// farEnd is a simulated Slack on a real port.
type farEnd struct {
	*slacksim.Server
	t    *testing.T
	seed uint64
	url  string
	told map[board.Key]string // the last text of each board
	all  []*child             // that were ever started
}

func newFarEnd(t *testing.T, seed uint64) *farEnd {
	t.Helper()
	f := &farEnd{Server: slacksim.New(slacksim.Options{}), t: t, seed: seed, told: map[board.Key]string{}}
	for i := range 3 {
		f.AddChannel(slacksim.Channel{ID: fmt.Sprint("C", i), Name: fmt.Sprint("c", i), BotIn: true})
	}
	server := httptest.NewServer(f.Server)
	t.Cleanup(func() {
		server.CloseClientConnections()
		f.Close()
		server.Close()
	})
	f.url = server.URL + "/api/"
	return f
}

// deaths are where a process is killed.
var deaths = []string{"post sent", "post answered", "update sent", "update answered", "touched"}

// round tells news to a process that is killed somewhere in between, and the rest to the next one, or to one beside it.
func (f *farEnd) round(database string, beside bool) {
	defer f.end()
	chance := rand.New(rand.NewPCG(f.seed, 6))
	death := fmt.Sprintf("%s %d", deaths[f.seed%uint64(len(deaths))], 1+chance.IntN(3))
	if chance.IntN(3) == 0 {
		f.Weather().Add(weather.Fault{Method: "POST", Path: "/api/chat.postMessage", Kind: weather.Late, D: 1500 * time.Millisecond})
	}
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
		time.Sleep(time.Duration(chance.IntN(200)) * time.Millisecond)
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

// patience is how long a test waits for what takes some seconds on a machine that has nothing else to do.
const patience = 5 * time.Minute

// awaitTruth waits until each board's message is there and true, and fails if any was ever there twice.
func (f *farEnd) awaitTruth(revive func()) {
	f.t.Helper()
	deadline := time.Now().Add(patience)
	for wrong := f.wrong(); len(wrong) > 0; wrong = f.wrong() {
		if time.Now().After(deadline) {
			f.t.Errorf("seed %d, after %v: %q", f.seed, patience, wrong)
			return
		}
		time.Sleep(20 * time.Millisecond)
		revive()
	}
	time.Sleep(time.Second)
	if wrong := f.wrong(); len(wrong) > 0 {
		f.t.Errorf("seed %d, in the end: %q", f.seed, wrong)
	}
	posts := 0
	journal, _ := f.Journal(0)
	for _, e := range journal {
		if e.Kind == slacksim.Posted {
			posts++
		}
	}
	if posts != len(f.told) {
		f.t.Errorf("seed %d: %d messages were posted for %d boards", f.seed, posts, len(f.told))
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
