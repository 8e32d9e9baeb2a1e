package audit

import (
	"strings"
	"testing"
)

func TestAHeadIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("0a", 32)
	for _, h := range []Head{{0, noHash}, {1, hash}, {123456, hash}} {
		if got, err := ParseHead(h.String()); err != nil || got != h {
			t.Errorf("%s became %s, %v", h, got, err)
		}
	}
	if got, err := ParseHead(" 12:" + strings.ToUpper(hash) + "\n"); err != nil || got != (Head{12, hash}) {
		t.Errorf("got %s, %v", got, err)
	}
	for _, text := range []string{"", "12", "12:", ":" + hash, "-1:" + hash, "+1:" + hash, "01:" + hash, "12:" + hash[1:], "12:" + hash[1:] + "g", "9223372036854775808:" + hash} {
		if h, err := ParseHead(text); err == nil {
			t.Errorf("%q became %s", text, h)
		}
	}
}

func FuzzParseHead(f *testing.F) {
	for _, seed := range []string{"", ":", "1:" + noHash, "0:" + noHash, "1:" + noHash + ":", "１:" + noHash, "1: " + noHash} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHead(text)
		if err != nil {
			return
		}
		if again, err := ParseHead(h.String()); err != nil || again != h {
			t.Errorf("%q became %s, and that %s, %v", text, h, again, err)
		}
	})
}
