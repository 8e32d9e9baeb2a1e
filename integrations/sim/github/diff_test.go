package githubsim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatchesReadAsDiffWritesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to, want string
		additions, deletions int
	}{
		{"nothing", "a\n", "a\n", "", 0, 0},
		{"new file", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b", 2, 0},
		{"emptied file", "a\n", "", "@@ -1 +0,0 @@\n-a", 0, 1},
		{"middle", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8", 1, 1},
		{"no newline", "a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a", 1, 1},
		{
			"two hunks", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n",
			"@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -9,4 +10,3 @@\n 9\n 10\n 11\n-12", 1, 1,
		},
	} {
		text, additions, deletions := patch(c.from, c.to)
		if d := cmp.Diff(c.want, text); d != "" || additions != c.additions || deletions != c.deletions {
			t.Errorf("%s: +%d -%d, want +%d -%d\n%s", c.name, additions, deletions, c.additions, c.deletions, d)
		}
	}
}

func TestTextsMergeLineByLine(t *testing.T) {
	t.Parallel()
	const base = "1\n2\n3\n4\n5\n"
	for _, c := range []struct {
		name, ours, theirs, want string
		ok                       bool
	}{
		{"one side only", base, "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\n6\n", true},
		{"both, apart", "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n", "one\n2\n3\n4\nfive\n", true},
		{"both the same", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\n6\n", true},
		{"the same line differently", "1\ntwo\n3\n4\n5\n", "1\nzwei\n3\n4\n5\n", "", false},
		{"lines beside each other", "1\ntwo\n3\n4\n5\n", "1\n2\nthree\n4\n5\n", "", false},
	} {
		got, ok := mergeTexts(base, c.ours, c.theirs)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %q %v, want %q %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// facts 6.2, "file status: added removed modified renamed (+ previous_filename)".
func TestChangesNameWhatHappenedToAFile(t *testing.T) {
	t.Parallel()
	o := newStore()
	long := strings.Repeat("a line\n", 10)
	from := map[string]string{"same": o.blob("s"), "changed": o.blob("1\n"), "gone": o.blob("g\n"), "old/name": o.blob(long), "exact": o.blob("e\n")}
	to := map[string]string{"same": o.blob("s"), "changed": o.blob("2\n"), "new": o.blob("n\n"), "new/name": o.blob(long + "more\n"), "moved": o.blob("e\n")}
	type seen struct{ path, status, from string }
	var got []seen
	for _, ch := range o.changes(from, to) {
		got = append(got, seen{ch.path, ch.status, ch.from})
	}
	want := []seen{{"changed", "modified", ""}, {"gone", "removed", ""}, {"moved", "renamed", "exact"}, {"new", "added", ""}, {"new/name", "renamed", "old/name"}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(seen{})); d != "" {
		t.Error(d)
	}
}
