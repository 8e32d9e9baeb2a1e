package chattest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"slipway/commands"
)

// Not parallel: it sets the environment.
func TestWhatTheBotSendsIsKeptWhenAskedFor(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(contentsVariable, folder)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{}, slipway(commands.All()))
		defer s.close()
		for _, l := range []string{"alice> /deploy help", "bob> /deploy help"} { // the same twice
			if err := NewPlayer(s.World, s.bot, bubbleClock{}, &strings.Builder{}).Line(l); err != nil {
				t.Fatal(err)
			}
		}
	})
	files, err := filepath.Glob(filepath.Join(folder, "message-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%q are kept (%v)", files, err)
	}
	helps := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "/deploy history") {
			helps++
		}
		if strings.Contains(string(text), "block_id\":\"b0") || !strings.HasPrefix(string(text), "{") {
			t.Errorf("%s is not what was sent: %.200s", file, text)
		}
	}
	if helps != 1 {
		t.Errorf("%d files are the help", helps)
	}
}
