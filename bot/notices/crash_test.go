package notices_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"slipway/bot/store/pgtest"
	slacksim "slipway/integrations/sim/slack"
)

// channel is where all is told.
const channel = "C0DEPLOYS"

// sweep says that all places are played, each with many seeds: in CI, where that is done without -race.
var sweep = os.Getenv("CI") == "true" && !raceDetector

// rounds is how many seeded rounds are played on each engine, and at which passing of which place a process dies in each; the slow
// ones first.
func rounds() (n uint64, death func(seed uint64) (passing uint64, place string)) {
	if sweep {
		return 63, func(seed uint64) (uint64, string) { return 1 + seed%3, deaths[seed/7] }
	}
	return uint64(len(deaths)) - 1, func(seed uint64) (uint64, string) { return 1, deaths[seed+1] }
}

// atATime is how many rounds are played side by side. Mostly they wait.
const atATime = 30

func TestAKilledProcessLosesNoNewsAndTellsNothingTwice(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return filepath.Join(t.TempDir(), "slipway.db") }, func(uint64) bool { return false })
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(t, func() string { return pgtest.Start(t) }, func(seed uint64) bool { return seed%2 == 1 })
	})
}

// play plays the rounds of one engine, each with a database of its own; some with a process beside the one that is killed.
func play(t *testing.T, database func() string, beside func(seed uint64) bool) {
	t.Helper()
	var playing sync.WaitGroup
	room := make(chan struct{}, atATime)
	n, death := rounds()
	rounds := make([]*farEnd, n)
	for seed := range n {
		room <- struct{}{}
		f, where := newFarEnd(t, seed), database()
		rounds[seed] = f
		playing.Go(func() {
			defer func() { <-room }()
			passing, place := death(seed)
			f.round(where, fmt.Sprintf("%d %s", passing, place), beside(seed))
		})
	}
	playing.Wait()
	passed, died := map[string]bool{}, map[string]bool{} // places
	for seed, f := range rounds {
		_, place := death(uint64(seed))
		passed[place] = passed[place] || !beside(uint64(seed)) // all passings may be those of a process beside
		died[place] = died[place] || f.killed.Load()
	}
	for place := range passed {
		if passed[place] && !died[place] {
			t.Errorf("no process died %s: the program does not pass there any more", place)
		}
	}
}

// farEnd is a simulated Slack on a real port.
type farEnd struct {
	*slacksim.Server
	t      *testing.T
	seed   uint64
	url    string
	all    []*child    // that were ever started
	killed atomic.Bool // one of them was
	broken atomic.Bool // one ended as none should
}

func newFarEnd(t *testing.T, seed uint64) *farEnd {
	t.Helper()
	f := &farEnd{Server: slacksim.New(slacksim.Options{}), t: t, seed: seed}
	f.AddChannel(slacksim.Channel{ID: channel, Name: "deploys", BotIn: true})
	server := httptest.NewServer(f.Server)
	t.Cleanup(func() {
		server.CloseClientConnections()
		f.Close()
		server.Close()
	})
	f.url = server.URL + "/api/"
	return f
}

// round lets a story become known to a process that is killed somewhere in between, and the rest to the next one, or to one
// beside it.
func (f *farEnd) round(database, death string, beside bool) {
	defer func() {
		for _, c := range f.all {
			c.end()
		}
	}()
	chance := rand.New(rand.NewPCG(f.seed, 5))
	all := []*child{f.start(database, death)}
	if beside {
		all = append(all, f.start(database, "0"))
	}
	all[0].learns(story{time.Now().UTC()}, 0)
	s := story{time.Now().Add(time.Second).Truncate(time.Second).UTC()}
	for step := range s.steps()[1:] {
		for !all[chance.IntN(len(all))].learns(s, step+1) {
			all = f.living(database, all)
		}
		time.Sleep(time.Duration(chance.IntN(250)) * time.Millisecond)
	}
	f.awaitEnds(func() { all = f.living(database, all) })
}

// living gives the processes that live, or a new one if none does.
func (f *farEnd) living(database string, all []*child) []*child {
	f.t.Helper()
	if f.broken.Load() {
		runtime.Goexit()
	}
	all = slices.DeleteFunc(all, (*child).dead)
	if len(all) == 0 {
		all = append(all, f.start(database, "0"))
	}
	return all
}

// awaitEnds waits until each message is there and says how the story ends, and fails if any was ever there twice.
func (f *farEnd) awaitEnds(revive func()) {
	f.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for wrong := f.wrong(); len(wrong) > 0; wrong = f.wrong() {
		if time.Now().After(deadline) {
			f.t.Errorf("seed %d, after 90 s: %q", f.seed, wrong)
			for _, c := range f.all {
				_ = c.cmd.Process.Signal(syscall.SIGQUIT) // its log then says where it stands
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
		revive()
	}
	time.Sleep(time.Second)
	if wrong := f.wrong(); len(wrong) > 0 {
		f.t.Errorf("seed %d, in the end: %q", f.seed, wrong)
	}
	posts := map[string]int{}
	journal, _ := f.Journal(0)
	for _, e := range journal {
		if e.Kind == slacksim.Posted {
			posts[keyOf(f.t, *e.Message)]++
		}
	}
	for key, n := range posts {
		if n != 1 {
			f.t.Errorf("seed %d: %q was posted %d times", f.seed, key, n)
		}
	}
}

// wrong says which message does not say how its story ends. On a machine so slow that for a while no process was there, the line of
// that absence tells what ended in it, and nothing else does.
func (f *farEnd) wrong() (wrong []string) {
	missing, away := ends(), false
	for _, m := range f.Messages(channel) {
		key := keyOf(f.t, m)
		if strings.Contains(key, " failed") { // the call of who had to act, if somebody had when it was told
			continue
		}
		i := slices.IndexFunc(missing, func(e ending) bool { return strings.HasPrefix(key, e.key) })
		switch {
		case i >= 0 && strings.Contains(m.Text, missing[i].words):
			missing = slices.Delete(missing, i, i+1)
		case !strings.HasPrefix(key, "start "):
			wrong = append(wrong, fmt.Sprintf("%s says %q", key, m.Text))
		case strings.Contains(m.Text, "was away"):
			away = true
		}
	}
	if away {
		return wrong
	}
	for _, e := range missing {
		wrong = append(wrong, fmt.Sprintf("no %s says %q", e.key, e.words))
	}
	return wrong
}

// keyOf is the board whose message it is.
func keyOf(t *testing.T, m slacksim.Message) string {
	t.Helper()
	var metadata struct {
		Payload struct{ Key string } `json:"event_payload"`
	}
	if err := json.Unmarshal(m.Metadata, &metadata); err != nil || metadata.Payload.Key == "" {
		t.Errorf("a message without a key: %q %s", m.Text, m.Metadata)
	}
	return metadata.Payload.Key
}
