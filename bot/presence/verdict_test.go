package presence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// heard is a hello some time after the first.
type heard struct {
	after time.Duration
	tally
}

func TestOnlyTwoHellosThatCountMoreMakeItKnown(t *testing.T) {
	t.Parallel()
	const second = time.Second
	more := func(after time.Duration) heard {
		return heard{after, tally{slack: 4, own: 2, open: 2, held: 3, among: "a"}}
	}
	unclear := func(after time.Duration) heard {
		return heard{after, tally{slack: 3, own: 2, open: 2, held: 3, among: "a"}}
	}
	fits := func(after time.Duration) heard {
		return heard{after, tally{slack: 2, own: 2, open: 2, held: 3, among: "a"}}
	}
	together := func(after time.Duration) heard {
		return heard{after, tally{slack: 4, own: 2, open: 4, held: 5, among: "a"}}
	}
	by := func(among string, h heard) heard { h.among = among; return h }
	tests := []struct {
		name   string
		hellos []heard
		known  bool
		awaits bool
		look   time.Duration // after the last hello
	}{
		{"fits", []heard{fits(0)}, false, false, relook},
		{"fits together with others", []heard{together(0)}, false, false, relook},
		{"less", []heard{{0, tally{slack: 1, own: 2, open: 2, held: 2}}}, false, false, relook},
		{"not clear", []heard{unclear(0)}, false, false, again},
		{"never clear", []heard{unclear(0), unclear(80 * second), unclear(160 * second)}, false, false, again},
		{"more", []heard{more(0)}, false, true, confirm},
		{"more, at once again", []heard{more(0), more(2 * second)}, false, true, 8 * second},
		{"more, twice", []heard{more(0), more(10 * second)}, true, false, again},
		{"more, then not clear", []heard{more(0), unclear(10 * second)}, false, false, again},
		{"more, then not clear, then more", []heard{more(0), unclear(10 * second), more(90 * second)}, true, false, again},
		{"more, then fits", []heard{more(0), fits(10 * second)}, false, false, relook},
		{"more, fits, more", []heard{more(0), fits(5 * second), more(12 * second)}, false, true, confirm},
		{"more, among others", []heard{more(0), by("b", more(10*second))}, false, true, confirm},
		{"more, among others, twice", []heard{more(0), by("b", more(10*second)), by("b", more(20*second))}, true, false, again},
		{"known, then not clear", []heard{more(0), more(10 * second), unclear(90 * second)}, true, false, again},
		{"known, then fits", []heard{more(0), more(10 * second), fits(90 * second)}, false, false, relook},
		{"known, then fits with others", []heard{more(0), more(10 * second), together(90 * second)}, true, false, alive},
		{"known, then fits with others, at once again", []heard{more(0), more(10 * second), together(90 * second), together(91 * second)}, true, false, alive - second},
		{"known, then fits with others, twice", []heard{more(0), more(10 * second), together(90 * second), together(120 * second)}, false, false, relook},
		{"known, then fits with others, then not clear", []heard{more(0), more(10 * second), together(90 * second), unclear(100 * second), together(120 * second)}, true, false, alive},
		{"known, then others", []heard{more(0), more(10 * second), by("b", more(20*second))}, true, false, again},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var v verdict
			var now int64
			for _, h := range tt.hellos {
				now = in(1_000_000, h.after)
				v = v.after(h.tally, now)
			}
			got := []any{v.known > 0, v.awaits(now), time.Duration(v.lookAt-now) * time.Millisecond, v.heard}
			want := []any{tt.known, tt.awaits, tt.look, now}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("known, awaits, look, heard (-want +got):\n%s", d)
			}
		})
	}
}

func TestWhatIsKnownSaysHowManyAndSinceWhen(t *testing.T) {
	t.Parallel()
	v := verdict{}.after(tally{slack: 5, open: 2, held: 2}, 1000).after(tally{slack: 6, open: 3, held: 3}, 12_000)
	want := verdict{more: 3, began: 1000, known: 12_000, heard: 12_000, lookAt: in(12_000, again)}
	if d := cmp.Diff(want, v, cmp.AllowUnexported(verdict{})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
