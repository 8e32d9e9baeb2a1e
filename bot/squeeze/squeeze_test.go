package squeeze_test

import (
	"bytes"
	"testing"

	"slipway/bot/squeeze"
)

func TestWhatWasSqueezedComesBack(t *testing.T) {
	t.Parallel()
	for _, body := range [][]byte{{}, []byte("a"), bytes.Repeat([]byte("class Migration\n"), 9000)} {
		block := squeeze.Squeeze(body)
		got, err := squeeze.Expand(block, len(body))
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%d bytes came back as %d: %v", len(body), len(got), err)
		}
		if _, err := squeeze.Expand(block, len(body)-1); len(body) > 0 && err == nil {
			t.Errorf("%d bytes came back where fewer were expected", len(body))
		}
	}
}

func TestWhatWasNotSqueezedIsAnError(t *testing.T) {
	t.Parallel()
	for _, block := range []string{"", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x05abc", "class Migration"} {
		if body, err := squeeze.Expand([]byte(block), 1<<20); err == nil {
			t.Errorf("%q came back as %q", block, body)
		}
	}
}
