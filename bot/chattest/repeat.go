package chattest

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot"
)

// Repeat plays every conversation below dir again and again, on one processor and on four, and fails when a transcript
// is not the same as the first one, to the byte. With CI=true it plays 20 times on each, elsewhere 3 times; a quarter of
// that with -race. It sets GOMAXPROCS, so the test that calls it must not be parallel.
func Repeat(t *testing.T, dir string, commands []bot.Command) {
	t.Helper()
	repeatAll(t, dir, slipway(commands))
}

func repeatAll(t *testing.T, dir string, who cast) {
	t.Helper()
	times := 3
	if os.Getenv("CI") == "true" {
		times = 20
	}
	if raceDetector {
		times = (times + 3) / 4
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, file := range Files(t, dir) {
		archive := read(t, file)
		first, _ := play(t, archive, who)
		for _, processors := range []int{1, 4} {
			runtime.GOMAXPROCS(processors)
			for i := range times {
				if got, _ := play(t, archive, who); got != first {
					t.Errorf("%s, time %d on %d processors (-first +now):\n%s", file, i+1, processors, cmp.Diff(strings.Split(first, "\n"), strings.Split(got, "\n")))
					break
				}
			}
		}
	}
}
