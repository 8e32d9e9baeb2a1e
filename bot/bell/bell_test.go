package bell_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/bell"
)

func TestWhoRestsIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bell.New()
		began := time.Now()
		if b.Rest(t.Context(), time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("nobody rang, and it was woken after %s", time.Since(began))
		}
		b.Ring()
		b.Ring()
		began = time.Now()
		if !b.Rest(t.Context(), time.Minute) || time.Since(began) != 0 {
			t.Errorf("what rang before the rest was slept over for %s", time.Since(began))
		}
		if b.Rest(t.Context(), time.Minute) {
			t.Error("two rings before one look woke twice")
		}
		time.AfterFunc(time.Second, b.Wake)
		began = time.Now()
		if !b.Rest(t.Context(), time.Minute) || time.Since(began) != time.Second {
			t.Errorf("woken after %s", time.Since(began))
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if b.Rest(ended, time.Minute) {
			t.Error("the end of everything counts as a ring")
		}
	})
}

func TestARingIsDueUntilALookThatBeganAfterIt(t *testing.T) {
	t.Parallel()
	b := bell.New()
	if b.Due() != 1 {
		t.Errorf("%d looks are due at first", b.Due())
	}
	looked := b.Rung()
	b.Ring() // while it is looked
	b.Wake() // is no ring
	b.Settle(looked)
	if b.Due() != 1 {
		t.Errorf("%d looks are due after one that missed a ring", b.Due())
	}
	b.Settle(b.Rung())
	if b.Due() != 0 {
		t.Errorf("%d looks are due when all were heard", b.Due())
	}
}
