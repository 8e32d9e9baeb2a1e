package board_test

import (
	"context"
	"testing"
	"time"

	"slipway/bot/board"
	"slipway/bot/store"
	slacksim "slipway/integrations/sim/slack"
)

func TestOnlyBoardsThatNobodyTouchesAnyMoreAreForgotten(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		s.settle()
		s.stop()
		s.change(says("never sent"), board.Board{Key: "change 2", App: "penny-university", Channel: deploys})
		time.Sleep(91 * 24 * time.Hour)
		s.tell("change 3", "new")
		err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error { return board.Prune(ctx, tx, time.Now()) })
		if err != nil {
			t.Fatal(err)
		}
		s.run()
		s.settle()
		s.tell("change 1", "run again") // is a new message
		s.settle()
		s.wants(deploys, "live", "new", "run again")
	})
}
