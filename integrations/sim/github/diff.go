package githubsim

import (
	"fmt"
	"slices"
	"strings"
)

// edit says that the lines from, up to but without to, of the old text are replaced by others.
type edit struct {
	from, to int
	lines    []string
}

// splitLines keeps the newline with each line, so that a missing last one is a difference.
func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return slices.Collect(strings.Lines(text))
}

// edits is the shortest way from one text to another, in order and never touching each other.
func edits(a, b []string) []edit {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA--
		endB--
	}
	common := longest(a[start:endA], b[start:endB])
	var out []edit
	i, j := start, start
	add := func(toI, toJ int) {
		if toI > i || toJ > j {
			out = append(out, edit{from: i, to: toI, lines: b[j:toJ]})
		}
	}
	for _, c := range common {
		add(start+c[0], start+c[1])
		i, j = start+c[0]+1, start+c[1]+1
	}
	add(endA, endB)
	return out
}

// longest gives the positions of a longest common subsequence.
func longest(a, b []string) [][2]int {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var common [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common = append(common, [2]int{i, j})
			i++
			j++
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return common
}

// around is how many unchanged lines a patch shows on each side of a change.
const around = 3

// patch is the unified diff between two texts as GitHub shows it, without the file header, and how many lines
// it adds and deletes.
func patch(from, to string) (text string, additions, deletions int) {
	a := splitLines(from)
	all := edits(a, splitLines(to))
	shift := 0 // lines added so far, less those deleted
	var hunks []string
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].from-all[n-1].to <= 2*around {
			n++
		}
		hunk, added, deleted := hunk(a, all[:n], shift)
		hunks = append(hunks, hunk)
		additions += added
		deletions += deleted
		shift += added - deleted
		all = all[n:]
	}
	return strings.Join(hunks, "\n"), additions, deletions
}

func hunk(a []string, group []edit, shift int) (text string, additions, deletions int) {
	first := max(group[0].from-around, 0)
	last := min(group[len(group)-1].to+around, len(a))
	var lines []string
	line := func(mark, text string) {
		whole := strings.TrimSuffix(text, "\n")
		lines = append(lines, mark+whole)
		if whole == text {
			lines = append(lines, `\ No newline at end of file`)
		}
	}
	at := first
	for _, e := range group {
		for ; at < e.from; at++ {
			line(" ", a[at])
		}
		for ; at < e.to; at++ {
			line("-", a[at])
			deletions++
		}
		for _, l := range e.lines {
			line("+", l)
			additions++
		}
	}
	for ; at < last; at++ {
		line(" ", a[at])
	}
	old := last - first
	head := fmt.Sprintf("@@ -%s +%s @@", span(first, old), span(first+shift, old+additions-deletions))
	return head + "\n" + strings.Join(lines, "\n"), additions, deletions
}

// span writes the position and length of a hunk as diff does.
func span(first, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", first)
	case 1:
		return fmt.Sprintf("%d", first+1)
	}
	return fmt.Sprintf("%d,%d", first+1, n)
}
