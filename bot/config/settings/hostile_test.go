package settings

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// It is not parallel, since it measures what is allocated.
func TestAFileMadeToAnnoyCostsLittle(t *testing.T) {
	fill := func(begin, unit, end string) string {
		return begin + strings.Repeat(unit, (largest-len(begin)-len(end))/len(unit)) + end
	}
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [lol]\n")
	for i := range 60 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 99), i)
	}
	var names strings.Builder
	for i := range 7000 {
		fmt.Fprintf(&names, "k%d: 1\n", i)
	}
	for name, text := range map[string]string{
		"billion laughs":   laughs.String(),
		"anchors in rings": fill("a: &a [", "*a,", "]"),
		"merge keys":       fill("a: &a {b: 1}\n", "<<: *a\n", ""),
		"deep lists":       fill("", "[", ""),
		"deep maps":        fill("", "{a: ", ""),
		"deep blocks":      fill("", "- ", ""),
		"deep questions":   fill("", "? ", ""),
		"a long list":      fill("access: {hold: [", "U12,", "]}"),
		"a long key":       fill("", "x", ": 1"),
		"a long value":     fill("branch: ", "x", ""),
		"many names":       names.String(),
		"many people":      fill("people: {", "ab: U12,", "}"),
		"empty keys":       fill("", ":\n", ""),
		"colons":           fill("", "a:", ""),
		"documents":        fill("", "---\n", ""),
		"comments":         fill("", "#\n", ""),
		"quotes":           fill("branch: '", "''", "'"),
		"a folded text":    fill("branch: >\n", " \n x\n", ""),
		"an expression":    "deploy: {step: '((((a{1,9}){1,9}){1,9}){1,9}){1,9}'}",
		"tags":             fill("", "!!x ", ""),
		"directives":       fill("", "%TAG !a! tag:x\n", "---\n"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, faults := Parse([]byte(text), apps)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 5*time.Second || got > 64 {
			t.Errorf("%s: %v and %d MB, %d faults", name, took, got, len(faults))
		}
		if len(faults) > most+1 {
			t.Errorf("%s: %d faults", name, len(faults))
		}
	}
}
