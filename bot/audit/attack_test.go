package audit

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"slipway/bot/store"
	"slipway/bot/store/storetest"
)

// Each attack is on a chain of 6 rows.
func TestWhatIsDoneToTheTableIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	attacks := []struct {
		name string
		sql  []string
		row  int64  // that is named; -1: any
		want string // how its sentence reads; "" as the changed row's
	}{
		{"the number", []string{"update audit set seq = 40 where seq = 4"}, 4, "row 4 is missing"},
		{"the time", []string{"update audit set at = at + 1 where seq = 4"}, 4, ""},
		{"the app", []string{"update audit set app = 'other' where seq = 4"}, 4, ""},
		{"the operation", []string{"update audit set operation = '' where seq = 4"}, 4, ""},
		{"the person", []string{"update audit set who = 'U0BOB' where seq = 4"}, 4, ""},
		{"the kind", []string{"update audit set what = 'refused' where seq = 4"}, 4, ""},
		{"the text", []string{"update audit set text = text || ' ' where seq = 4"}, 4, ""},
		{"the detail", []string{"update audit set detail = '{}' where seq = 4"}, 4, ""},
		{"the spaces of the detail", []string{`update audit set detail = '{ "release":"v4"}' where seq = 4`}, 4, ""},
		{"a detail that is none", []string{"update audit set detail = 'v4' where seq = 4"}, 4, ""},
		{"the hash of the row before", []string{"update audit set prev = hash where seq = 4"}, 4, ""},
		{"the hash", []string{"update audit set hash = prev where seq = 4"}, 4, ""},
		{"the first row", []string{"update audit set who = 'U0BOB' where seq = 1"}, 1, ""},
		{"the last row", []string{"update audit set who = 'U0BOB' where seq = 6"}, 6, ""},
		{"words from one column to the next", []string{"update audit set what = what || substr(text, 1, 2), text = substr(text, 3) where seq = 4"}, 4, ""},
		{"the head's number, up", []string{"update audit_head set seq = 8"}, 7, "rows 7 to 8 are missing: they were the last"},
		{"the head's number, down", []string{"update audit_head set seq = 5"}, 6, "row 6 was put in: the chain ended with row 5"},
		{"the head's hash", []string{"update audit_head set hash = 'x'"}, 6, "row 6 was put in the place of another, or the head was changed"},
		{"the head is gone", []string{"delete from audit_head"}, 7, "the head of the chain is gone; the last row is 6"},
		{"the first row is deleted", []string{"delete from audit where seq = 1"}, 1, "row 1 is missing"},
		{"rows within are deleted", []string{"delete from audit where seq in (3, 4)"}, 3, "rows 3 to 4 are missing"},
		{"the last row is deleted", []string{"delete from audit where seq = 6"}, 6, "row 6 is missing: it was the last"},
		{"the last row is deleted, and the head's number set back", []string{
			"delete from audit where seq = 6", "update audit_head set seq = 5",
		}, 5, "row 5 was put in the place of another, or the head was changed"},
		{"all rows are deleted", []string{"delete from audit"}, 1, "rows 1 to 6 are missing"},
		{"a row is put in before the first", []string{copied("0", "1")}, 0, "row 0 was put in"},
		{"a row is put in behind the last", []string{copied("7", "6")}, 7, ""},
		{"two rows swap their numbers", []string{
			"update audit set seq = 100 where seq = 3", "update audit set seq = 3 where seq = 4", "update audit set seq = 4 where seq = 100",
		}, 3, ""},
		{"a row is deleted, and those behind it move up", []string{
			"delete from audit where seq = 3", "update audit set seq = 3 where seq = 4", "update audit set seq = 4 where seq = 5",
			"update audit set seq = 5 where seq = 6", "update audit_head set seq = 5",
		}, 3, ""},
	}
	each(t, func(t *testing.T, s *store.Store) {
		for _, tt := range attacks {
			fresh(t, s)
			story(t, s, 6)
			whole(t, s, 6)
			for _, sql := range tt.sql {
				change(t, s, sql)
			}
			if tt.want == "" {
				tt.want = fmt.Sprintf("row %d was changed: its hash does not fit", tt.row)
			}
			if b := broken(t, s); b.Seq != tt.row || !strings.HasPrefix(b.Text, tt.want) {
				t.Errorf("%s: row %d, %q; want row %d, %q…", tt.name, b.Seq, b.Text, tt.row, tt.want)
			}
		}
	})
}

// copied puts a copy of a row in, under another number.
func copied(to, from string) string {
	return "insert into audit select " + to + ", at, app, operation, who, what, text, detail, prev, hash from audit where seq = " + from
}

// fresh begins the trail anew, as no one can who does not own the database.
func fresh(t failer, s *store.Store) {
	t.Helper()
	err := s.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "delete from audit; delete from audit_head; insert into audit_head (one, seq, hash) values (1, 0, '"+noHash+"')")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// put writes a row with a hash that fits it, as somebody does who knows how rows are hashed.
func put(t failer, s *store.Store, r *stored) {
	t.Helper()
	r.hash = r.sum()
	err := s.Do(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "delete from audit where seq = cast($1 as bigint)", r.seq); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into audit (seq, at, app, operation, who, what, text, detail, prev, hash)
			values (cast($1 as bigint), cast($2 as bigint), $3, $4, $5, $6, $7, $8, $9, $10)`,
			r.seq, r.at, r.app, r.operation, r.who, r.what, r.text, r.detail, r.prev, r.hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARowWithAFittingHashInTheWrongPlaceIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		for _, tt := range []struct {
			name string
			act  func(rows []*stored) *stored
			row  int64
			want string
		}{
			{"a row is written anew", func(rows []*stored) *stored { rows[2].who = "U0BOB"; return rows[2] }, 3, "row 3 or row 4 was put in the place of another"},
			{"the first row is written anew", func(rows []*stored) *stored { rows[0].who = "U0BOB"; return rows[0] }, 1, "row 1 or row 2 was put in"},
			{"the last row is written anew", func(rows []*stored) *stored { rows[5].who = "U0BOB"; return rows[5] }, 6, "row 6 was put in the place of another, or the head"},
			{"a row begins a chain of its own", func(rows []*stored) *stored { rows[2].prev = noHash; return rows[2] }, 2, "row 2 or row 3 was put in"},
			{"the first row follows another", func(rows []*stored) *stored { rows[0].prev = rows[3].hash; return rows[0] }, 1, "row 1 was put in: it does not begin a chain"},
			{"a row follows the last", func(rows []*stored) *stored {
				next := *rows[5]
				next.seq, next.prev = "7", rows[5].hash
				return &next
			}, 7, "row 7 was put in: the chain ended with row 6"},
			{"a row follows the last with a wrong chain", func(rows []*stored) *stored {
				next := *rows[5]
				next.seq, next.prev = "7", rows[4].hash
				return &next
			}, 6, "row 6 or row 7 was put in"},
			{"a row comes long behind the last", func(rows []*stored) *stored {
				next := *rows[5]
				next.seq, next.prev = "9223372036854775807", rows[5].hash
				return &next
			}, 7, "rows 7 to 9223372036854775806 are missing"},
			{"a detail of another shape", func(rows []*stored) *stored { rows[5].detail = "[1]"; return rows[5] }, 6, "row 6 was put in: its detail is no JSON object"},
		} {
			fresh(t, s)
			story(t, s, 6)
			put(t, s, tt.act(kept(t, s)))
			if b := broken(t, s); b.Seq != tt.row || !strings.HasPrefix(b.Text, tt.want) {
				t.Errorf("%s: row %d, %q; want row %d, %q…", tt.name, b.Seq, b.Text, tt.row, tt.want)
			}
		}
	})
}

// What the database cannot show about itself, a head in the log does.
func TestAChainThatWasWrittenAnewIsFoundByALoggedHead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		story(t, s, 4)
		logged := whole(t, s, 4)
		story(t, s, 2)
		now := whole(t, s, 6)
		for _, known := range []Head{{0, noHash}, logged, now} {
			if _, err := trail(s).Verify(t.Context(), Walk{Known: []Head{known}}); err != nil {
				t.Errorf("%s: %v", known, err)
			}
		}
		for _, tt := range []struct {
			known Head
			row   int64
			want  string
		}{
			{Head{4, now.Hash}, 4, "row 4 is not the one that was logged"},
			{Head{9, now.Hash}, 7, "row 9 was logged and is missing: the chain ends with row 6"},
			{Head{0, now.Hash}, 0, "no chain begins with 0:"},
		} {
			if b := broken(t, s, tt.known); b.Seq != tt.row || !strings.HasPrefix(b.Text, tt.want) {
				t.Errorf("%s: row %d, %q", tt.known, b.Seq, b.Text)
			}
		}
		fresh(t, s)
		story(t, s, 3)
		story(t, s, 3) // another story of the same length
		whole(t, s, 6)
		if b := broken(t, s, logged); b.Seq != 4 {
			t.Errorf("row %d, %q", b.Seq, b.Text)
		}
	})
}

// SQLite keeps in a column whatever it is given.
func TestValuesOfTheWrongTypeAreFound(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: storetest.File(t), Unsafe: true})
	for _, sql := range []string{
		"update audit set at = 'noon' where seq = 4", "update audit set at = 1.5 where seq = 4", "update audit set seq = 'four' where seq = 4",
		"update audit_head set seq = 'six'", "update audit set app = x'ff' where seq = 4",
	} {
		fresh(t, s)
		story(t, s, 6)
		change(t, s, sql)
		if b := broken(t, s); b.Seq != 4 && b.Seq != 7 {
			t.Errorf("%s: row %d, %q", sql, b.Seq, b.Text)
		}
	}
}
