package reader_test

import (
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/reader"
)

const call = 200 * time.Millisecond

var (
	nobody = reader.Trust{}
	both   = reader.Trust{GitHub: true, Heroku: true}
)

// The chain is what there is, what those are, and what lies between them.
func TestKnowingAllFromNothingIsThreeCallsDeep(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		changes []string
		happens string
		place   ledger.Place
	}{
		{"default", []string{"latency 200ms"}, "", ledger.Exact},
		{"two files", []string{"latency 200ms", "world two-files"}, "", ledger.Inferred},
		{"two apps", []string{"latency 200ms", "world pair"}, "", ledger.Exact},
		{"merging", []string{"latency 200ms"}, "merge 46", ledger.Exact},
		{"merging two files", []string{"latency 200ms", "world two-files"}, "merge 46 squash", ledger.Inferred},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			on(t, tc.changes, nil, func(s *stage) {
				if tc.happens != "" {
					s.do(tc.happens)
				}
				time.Sleep(time.Minute)
				k := s.nothing()
				if d := took(func() { s.reader.Know(s.t.Context(), s.app, k, nobody) }); d != 3*call {
					t.Errorf("it took %v, want %v", d, 3*call)
				}
				live, ok := k.Live()
				if placed := k.Placed(live.Code); !ok || placed.Place != tc.place {
					t.Errorf("live is %+v, %t, placed %+v", live, ok, placed)
				}
				if _, ok := k.Waiting(); !ok {
					t.Error("what waits is not known")
				}
				if _, ok := k.Brought(); !ok {
					t.Error("what live brought is not known")
				}
				if missing, gaps := k.Missing(), k.Gaps(); len(missing)+len(gaps) > 0 {
					t.Errorf("missing are %v, gaps %v", missing, gaps)
				}
			})
		})
	}
}

// What a failed release printed is read where its list says, without asking for the release again.
func TestWhyAReleaseFailedIsPartOfTheThreeCalls(t *testing.T) {
	t.Parallel()
	on(t, []string{"latency 200ms"}, nil, func(s *stage) {
		s.do("release-phase fail")
		s.do("merge 46")
		s.settle()
		k := s.nothing()
		if d := took(func() { s.reader.Know(s.t.Context(), s.app, k, nobody) }); d != 3*call {
			t.Errorf("it took %v, want %v", d, 3*call)
		}
		failed, ok := k.FailedSince()
		if text, known := k.Output(failed); !ok || !known || text == "" {
			t.Errorf("%+v, %t printed %q, %t", failed, ok, text, known)
		}
	})
}

func TestALookIsSixCallsAtOnce(t *testing.T) {
	t.Parallel()
	on(t, []string{"latency 200ms"}, nil, func(s *stage) {
		k := s.nothing()
		s.reader.Know(s.t.Context(), s.app, k, both)
		time.Sleep(5 * time.Minute)
		asked := s.counting()
		if d := took(func() { s.reader.Know(s.t.Context(), s.app, k, both) }); d != call {
			t.Errorf("it took %v, want %v", d, call)
		}
		if github, heroku := asked(); len(github) != 2 || len(heroku) != 4 {
			t.Errorf("asked %q and %q", github, heroku)
		}
	})
}
