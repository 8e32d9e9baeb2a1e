package store

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "plain", "a\x00b", "\xff\xfe", "ü\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := text(s)
		switch {
		case !utf8.ValidString(got) || strings.Contains(got, "\x00"):
			t.Errorf("%q became %q", s, got)
		case utf8.ValidString(s) && !strings.Contains(s, "\x00") && got != s:
			t.Errorf("%q was changed to %q", s, got)
		case text(got) != got:
			t.Errorf("%q is changed once more", got)
		}
	})
}
