package chattest

import (
	"testing"
	"testing/synctest"
	"time"
)

// The end of a bot to which somebody is still connected comes at a random moment: net/http looks at random ones whether they are gone.
func TestWhatFollowsABotsEndDoesNotComeAtARandomTime(t *testing.T) {
	t.Parallel()
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, setting{}, slipway(nil))
			defer s.close()
			NewPlayer(s.World, s.bot, bubbleClock{}, t.Output()).Settle()
			conn, err := s.net.DialContext(t.Context(), "tcp", hooksAddr)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // it is taken
			gone := time.AfterFunc(97*time.Millisecond, func() { _ = conn.Close() })
			defer gone.Stop()
			began := time.Now()
			if err := s.bot.Stop(); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			if took < 97*time.Millisecond {
				t.Errorf("it ended after %v, with somebody connected", took)
			}
			if took%(10*time.Millisecond) != 0 {
				t.Errorf("it ended after %v, which is no whole tick", took)
			}
		})
	}
}
