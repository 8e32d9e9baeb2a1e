package ledger_test

import (
	"slices"
	"testing"

	"slipway/bot/ledger"
)

// Who is called for a commit must not depend on whether it was told or read, or on what came last.
func TestAnAuthorsAddressIsTheSameToldAndRead(t *testing.T) {
	t.Parallel()
	r := change(t, "merge")
	var read ledger.Commit
	for _, f := range r.read {
		if c, ok := f.(ledger.Commit); ok {
			read = c
		}
	}
	told := slices.IndexFunc(r.told, func(facts []ledger.Fact) bool {
		return slices.ContainsFunc(facts, func(f ledger.Fact) bool { return f.Subject() == read.Subject() })
	})
	if told < 0 || read.Commit.Email == "" {
		t.Fatalf("told at %d, read as %q", told, read.Commit.Email)
	}
	without := read
	without.Commit.Email = ""
	for name, orders := range map[string][][]ledger.Fact{
		"told alone":           {r.told[told]},
		"told, then read":      {r.told[told], {without}},
		"read, then told":      {{without}, r.told[told]},
		"told by an older one": {{without}, {read}, {without}},
	} {
		k := knownOf(orders)
		if c, ok := k.Commit(read.Commit.SHA); !ok || c.Email != read.Commit.Email {
			t.Errorf("%s: the address is %q, want %q", name, c.Email, read.Commit.Email)
		}
	}
}
