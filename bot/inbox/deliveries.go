package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
)

// delivery is one webhook as it arrived.
type delivery struct {
	sender  ledger.Sender
	id      string // the sender's, the same when it sends it again
	event   string
	arrived time.Time
	size    int    // of the body as it was sent, in bytes
	body    []byte // squeezed
	seq     int64  // known once it is stored
}

// key names a delivery.
type key struct {
	sender ledger.Sender
	id     string
}

func (d *delivery) key() key { return key{d.sender, d.id} }

// longestName is how long a delivery's id or event may be, in bytes.
const longestName = 200

// plain tells whether a text can be a delivery's id or event.
func plain(s string) bool {
	return s != "" && len(s) <= longestName && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

var (
	errCrowded = errors.New("too many deliveries wait to be stored")
	away       = &refusal{http.StatusServiceUnavailable, "The database does not answer; send it again later."}
)

// put gives nil when the delivery is durable, or was worked before.
func (in *Inbox) put(ctx context.Context, d delivery) *refusal {
	switch err := in.commits.put(ctx, &d); {
	case err == nil:
		return nil
	case errors.Is(err, errCrowded):
		return crowded
	}
	return away
}

// storeBatch stores deliveries in one transaction and lets the worker know.
func (in *Inbox) storeBatch(ctx context.Context, batch []*delivery) error {
	distinct := newest(batch)
	fresh, err := in.insert(ctx, distinct)
	if err != nil && !store.Away(err) {
		fresh, err = in.insert(ctx, distinct) // Postgres ends one of two transactions that wait for each other
	}
	if err != nil {
		in.log.Error("deliveries were not stored, their senders were told so", "deliveries", len(batch), "error", err)
		return err
	}
	in.counts.stored(fresh, len(batch))
	if fresh > 0 {
		in.stored.Add(int64(fresh))
		in.look()
	}
	return nil
}

// newest keeps the last of those that have the same key.
func newest(batch []*delivery) []*delivery {
	at := map[key]int{}
	var kept []*delivery
	for _, d := range batch {
		if i, again := at[d.key()]; again {
			kept[i] = d
			continue
		}
		at[d.key()] = len(kept)
		kept = append(kept, d)
	}
	return kept
}

// rowsAtOnce is how many rows one statement writes. Beyond that nothing is gained.
const rowsAtOnce = 32

// insert tells how many were stored: all but those that were worked already.
func (in *Inbox) insert(ctx context.Context, batch []*delivery) (fresh int, err error) {
	err = in.store.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		fresh = 0
		var last int64
		// Whoever counts has the row until the end: so the numbers are in the order of the commits, on Postgres too.
		err := tx.QueryRow(ctx, `update inbox set value = value + $1 where name = 'stored' returning value`, len(batch)).Scan(&last)
		if err != nil {
			return fmt.Errorf("count deliveries: %w", err)
		}
		for i, d := range batch {
			d.seq = last - int64(len(batch)-1-i)
		}
		for some := range slices.Chunk(batch, rowsAtOnce) {
			n, err := insertSome(ctx, tx, some)
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

func insertSome(ctx context.Context, tx *store.Tx, some []*delivery) (int, error) {
	var args []any
	byKey := map[key]*delivery{}
	for _, d := range some {
		args = append(args, d.sender, d.id, d.seq, d.event, d.arrived.UnixMilli(), d.size, 0)
		byKey[d.key()] = d
	}
	// One that waits is replaced by what came now, one that was given up gets another chance, one that was folded stays.
	rows, err := tx.Query(ctx, `insert into deliveries (sender, id, seq, event, arrived, size, times) values `+values(len(some), 7)+`
		on conflict (sender, id) do update set
			event = excluded.event, arrived = excluded.arrived, size = excluded.size, worked = null, scope = null, trouble = null
		where deliveries.worked is null or deliveries.trouble is not null
		returning sender, id, seq`, args...)
	if err != nil {
		return 0, fmt.Errorf("store deliveries: %w", err)
	}
	args = nil
	for rows.Next() {
		var k key
		var seq int64
		if err := rows.Scan(&k.sender, &k.id, &seq); err != nil {
			return 0, fmt.Errorf("store deliveries: %w", err)
		}
		args = append(args, seq, byKey[k].body)
	}
	if err := rows.Err(); err != nil || len(args) == 0 {
		return 0, err
	}
	_, err = tx.Exec(ctx, `insert into delivery_bodies (seq, body) values `+values(len(args)/2, 2)+`
		on conflict (seq) do update set body = excluded.body`, args...)
	if err != nil {
		return 0, fmt.Errorf("store bodies: %w", err)
	}
	return len(args) / 2, nil
}

// values is the placeholders of so many rows of so many columns: ($1, $2), ($3, $4).
func values(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%columns == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(")")
	return b.String()
}
