package audit

import (
	"strings"
	"testing"

	"slipway/bot/store"
)

func TestTheEndOfTheTrailIsReadByApp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		story(t, s, linked+20) // every other row is about penny
		r, err := trail(s).Recent(t.Context(), "penny", 3)
		if err != nil || r.Broken != nil || r.Linked != linked || r.All {
			t.Fatalf("%+v, %v", r, err)
		}
		var seqs []int64
		for _, row := range r.Rows {
			seqs = append(seqs, row.Seq)
			if row.App != "penny" {
				t.Errorf("row %d is about %s", row.Seq, row.App)
			}
		}
		if len(seqs) != 3 || seqs[0] != 115 || seqs[1] != 117 || seqs[2] != 119 {
			t.Errorf("rows %v", seqs)
		}
		if r, err = trail(s).Recent(t.Context(), "none", 3); err != nil || len(r.Rows) != 0 || r.Broken != nil {
			t.Errorf("of an app without entries: %+v, %v", r, err)
		}
	})
}

func TestTheEndOfTheTrailIsLookedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		for _, tt := range []struct{ sql, want string }{
			{"update audit set who = 'x' where seq = 10", ""}, // neither shown nor near the end
			{"update audit set who = 'x' where seq = 60", "row 60 was changed"},
			{"update audit set who = 'x' where seq = 117", "row 117 was changed"},
			{"delete from audit where seq = 110", "row 110 is missing"},
			{"delete from audit where seq = 120", "row 120 is missing"},
			{"delete from audit_head", "the head of the chain is gone"},
		} {
			fresh(t, s)
			story(t, s, linked+20)
			change(t, s, tt.sql)
			r, err := trail(s).Recent(t.Context(), "penny", 3)
			switch {
			case err != nil:
				t.Errorf("%s: %v", tt.sql, err)
			case (r.Broken == nil) != (tt.want == ""), r.Broken != nil && !strings.HasPrefix(r.Broken.Text, tt.want):
				t.Errorf("%s: %v", tt.sql, r.Broken)
			}
		}
		fresh(t, s)
		story(t, s, linked+20)
		change(t, s, "update audit set app = 'rare', who = 'x' where seq = 4")
		if r, err := trail(s).Recent(t.Context(), "rare", 3); err != nil || r.Broken == nil || r.Broken.Seq != 4 {
			t.Errorf("a row that is shown is not looked at: %+v, %v", r, err)
		}
		fresh(t, s)
		story(t, s, 5)
		if r, err := trail(s).Recent(t.Context(), "penny", 3); err != nil || r.Broken != nil || !r.All || r.Linked != 5 {
			t.Errorf("a short chain: %+v, %v", r, err)
		}
		change(t, s, "delete from audit where seq = 1")
		if r, err := trail(s).Recent(t.Context(), "penny", 3); err != nil || r.Broken == nil || r.Broken.Seq != 1 {
			t.Errorf("a short chain without its beginning: %+v, %v", r, err)
		}
	})
}
