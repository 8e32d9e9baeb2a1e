package chattest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot"
)

// Repeat plays every conversation below dir again and again, on one processor and on four, and fails when a transcript
// is not that of the file, to the byte. It plays SLIPWAY_PLAYS times on each, once where that is not set; with -race, under which a
// play takes five times as long, not at all: the conversations themselves are played and compared then, on all processors there
// are. It sets GOMAXPROCS, so the test that calls it must not be parallel.
func Repeat(t *testing.T, dir string, commands []bot.Command) {
	t.Helper()
	repeatAll(t, dir, slipway(commands))
}

func repeatAll(t *testing.T, dir string, who cast) {
	t.Helper()
	times, processors := 1, []int{1, 4}
	switch wanted := os.Getenv("SLIPWAY_PLAYS"); {
	case wanted != "":
		if _, err := fmt.Sscan(wanted, &times); err != nil {
			t.Fatalf("SLIPWAY_PLAYS=%s: %v", wanted, err)
		}
	case raceDetector:
		return
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range processors {
		runtime.GOMAXPROCS(n)
		t.Run(fmt.Sprintf("on %d processors", n), func(t *testing.T) {
			for _, file := range Files(t, dir) {
				t.Run(filepath.Base(file), func(t *testing.T) {
					t.Parallel()
					archive := read(t, file)
					want := section(archive, "chat")
					for i := range times {
						if got, _ := play(t, archive, who); got != want {
							t.Fatalf("%s, time %d (-file +played):\n%s", file, i+1, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
						}
					}
				})
			}
		})
	}
}
