package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with the file.
type Fault struct {
	Line int    // from 1; 0: the file as a whole
	Text string // a sentence or two in Slack's mrkdwn, the first without a capital; foreign text in it is cut and inert
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.Text
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Text)
}

// Faults is everything that is wrong with the file, in the order of its lines.
type Faults []Fault

// Error has a line for each fault, without a newline at the end.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// most is how many faults are told: people read no more, and a file made to annoy costs no more.
const most = 30

// ordered puts the faults in the order of the lines, and says so when they are not all.
func (f Faults) ordered() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	if len(f) >= most {
		f = append(f[:most:most], Fault{Text: fmt.Sprintf("there may be more; slipway stops at %d.", most)})
	}
	return f
}

// gather collects faults.
type gather struct{ faults Faults }

func (g *gather) add(line int, format string, args ...any) {
	if !g.full() {
		g.faults = append(g.faults, Fault{line, fmt.Sprintf(format, args...)})
	}
}

func (g *gather) full() bool { return len(g.faults) >= most }
