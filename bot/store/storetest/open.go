package storetest

import (
	"context"
	"time"

	"slipway/bot/store"
)

// Open is store.Open, tried again for a minute while the database is away, as a machine with much else to do has it at times.
func Open(ctx context.Context, o store.Options) (*store.Store, error) {
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		s, err := store.Open(ctx, o)
		if err == nil || !store.Away(err) || ctx.Err() != nil || time.Now().After(end) {
			return s, err
		}
	}
}
