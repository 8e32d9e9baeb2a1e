package board_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/store/pgtest"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

func TestTwoProcessesShareTheWorkAndTheRates(t *testing.T) {
	t.Parallel()
	f := newFarEnd(t, 0)
	database := pgtest.Start(t)
	var all []*board.Boards
	for range 2 {
		s, err := openDatabase(database)
		if err != nil {
			t.Fatal(err)
		}
		b := board.New(board.Options{
			Store: s, Log: slog.New(slog.DiscardHandler),
			Draw:  func(ctx context.Context, key board.Key) (board.Drawing, error) { return readTruth(ctx, s, key) },
			Slack: slack.NewClient(slack.ClientOptions{BotToken: f.BotToken(), APIURL: f.url}),
		})
		ctx, cancel := context.WithCancel(context.Background())
		var done sync.WaitGroup
		done.Go(func() { b.Run(ctx) })
		t.Cleanup(func() {
			cancel()
			done.Wait()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		all = append(all, b)
		for i := range 8 { // both tell of the same boards
			key, text := board.Key(fmt.Sprint("change ", i)), fmt.Sprint("state ", i)
			if err := tell(t.Context(), s, b, string(key), "C0", text); err != nil {
				t.Fatal(err)
			}
			f.told[key] = text
		}
		b.Nudge()
	}
	f.awaitTruth(func() {})
	for deadline := time.Now().Add(patience); all[0].Busy()+all[1].Busy() > 0 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	requests, _ := f.Weather().Requests(0)
	for _, r := range requests {
		if r.Status != http.StatusOK {
			t.Errorf("%s was answered %d", r.Path, r.Status)
		}
	}
	if journal, _ := f.Journal(0); len(journal) != 8 || journal[0].Kind != slacksim.Posted {
		t.Errorf("%d changes of 8 messages", len(journal))
	}
}
