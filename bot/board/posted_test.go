package board_test

import (
	"context"
	"testing"

	"slipway/bot/board"
	"slipway/bot/store"
	slacksim "slipway/integrations/sim/slack"
)

func TestOnlyABoardWhoseMessageStandsIsPosted(t *testing.T) {
	onStage(t, slacksim.Options{}, func(t *testing.T, s *stage) {
		s.tell("change 1", "live")
		s.settle()
		s.stop()
		s.change(says("not sent yet"), board.Board{Key: "change 2", App: "penny-university", Channel: deploys})
		for key, want := range map[board.Key]bool{"change 1": true, "change 2": false, "change 3": false} {
			var got, doubtful bool
			err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				got, doubtful, err = board.Posted(ctx, tx, key)
				return err
			})
			if err != nil || got != want || doubtful {
				t.Errorf("%s is posted: %v, in doubt: %v, %v; want %v", key, got, doubtful, err, want)
			}
		}
		err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			ts, err := board.MessageOf(ctx, tx, "change 1")
			if err != nil {
				return err
			}
			for place, want := range map[[2]string]board.Key{{deploys, ts}: "change 1", {"C0OTHER", ts}: "", {deploys, "1.2"}: ""} {
				if key, err := board.At(ctx, tx, place[0], place[1]); err != nil || key != want {
					t.Errorf("at %v stands %q, %v; want %q", place, key, err, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
