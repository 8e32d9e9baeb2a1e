package chattest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot"
)

// Repeat plays every conversation below dir again and again, on one processor and on four, and fails when a transcript
// is not the same as the first one, to the byte. With CI=true it plays 10 times on each, elsewhere once; with -race, under
// which a play takes five times as long, a tenth of that. It sets GOMAXPROCS, so the test that calls it must not be parallel.
func Repeat(t *testing.T, dir string, commands []bot.Command) {
	t.Helper()
	repeatAll(t, dir, slipway(commands))
}

func repeatAll(t *testing.T, dir string, who cast) {
	t.Helper()
	times := 1
	if os.Getenv("CI") == "true" {
		times = 10
	}
	if raceDetector {
		times = (times + 9) / 10
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first := map[string]string{}
	for _, processors := range []int{1, 4} {
		runtime.GOMAXPROCS(processors)
		t.Run(fmt.Sprintf("on %d processors", processors), func(t *testing.T) {
			var mu sync.Mutex
			for _, file := range Files(t, dir) {
				t.Run(filepath.Base(file), func(t *testing.T) {
					t.Parallel()
					archive := read(t, file)
					for i := range times {
						got, _ := play(t, archive, who)
						mu.Lock()
						if first[file] == "" {
							first[file] = got
						}
						want := first[file]
						mu.Unlock()
						if got != want {
							t.Fatalf("%s, time %d (-first +now):\n%s", file, i+1, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
						}
					}
				})
			}
		})
	}
}
