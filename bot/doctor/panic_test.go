package doctor

import (
	"context"
	"strings"
	"testing"
)

// The bot makes checks when it starts: one that breaks must not end it again and again.
func TestACheckThatBreaksIsAFinding(t *testing.T) {
	t.Parallel()
	breaks := func(context.Context, *Patient) []Finding {
		return together([]int{1, 2}, func(int) []Finding { panic("out of words") })
	}
	d := New(Patient{})
	d.checks = []Check{{"A", Settings, true, breaks}, {"B", Settings, true, func(context.Context, *Patient) []Finding { return []Finding{well("B", "is well")} }}}
	found := d.Quick(t.Context())
	if len(found) != 2 || found[0].Level != Warning || !strings.Contains(found[0].Text, "out of words") || found[1].Level != OK {
		t.Errorf("got %+v", found)
	}
}
