package say

import "strings"

// longestWord bounds what Nearest compares, in runes: its cost is the product of two lengths.
const longestWord = 64

// Nearest finds the word of list that was probably meant: the one with the fewest slips (a letter missing, added, changed,
// or two neighbours swapped; case does not count), one slip being allowed for every three letters and three at most. Failing
// that, the only one that begins with the word, if it has three letters or more. Of equals the first wins.
func Nearest(word string, list []string) (string, bool) {
	typed := []rune(strings.ToLower(word))
	if len(typed) == 0 || len(typed) > longestWord {
		return "", false
	}
	best, fewest := "", min((len(typed)+1)/3, 3)+1
	for _, candidate := range list {
		meant := []rune(strings.ToLower(candidate))
		if len(meant) > longestWord {
			continue
		}
		if n := slips(typed, meant); n < fewest {
			best, fewest = candidate, n
		}
	}
	if best != "" {
		return best, true
	}
	return completion(string(typed), list)
}

// completion finds the one word of list that begins with typed.
func completion(typed string, list []string) (string, bool) {
	if len(typed) < 3 {
		return "", false
	}
	found := ""
	for _, candidate := range list {
		if !strings.HasPrefix(strings.ToLower(candidate), typed) {
			continue
		}
		if found != "" {
			return "", false
		}
		found = candidate
	}
	return found, found != ""
}

// slips is the Damerau-Levenshtein distance of a and b in its restricted form: swapped neighbours are not changed again.
func slips(a, b []rune) int {
	twoAgo, previous, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		twoAgo, previous, row = previous, row, twoAgo
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(previous[j]+1, row[j-1]+1, previous[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twoAgo[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
