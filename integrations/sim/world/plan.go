package world

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// plan is how a world differs from the default.
type plan struct {
	twoFiles, pair bool
	descriptions   map[int]string // of releases of the past
	after          []func(*World) // what is done once the world stands
}

// kinds are the worlds by name.
var kinds = []string{"default", "two-files", "pair"}

var (
	releaseLine = regexp.MustCompile(`^release v([0-9]+) (?:config|code) "([^"]+)"$`)
	latencyLine = regexp.MustCompile(`^latency ([0-9a-z.]+)$`)
)

// Change understands one line of how a world differs from the default:
//
//	world two-files                      two workflow files of one name, a deploy that waits for no test and adds a commit
//	world pair                           two apps, penny-qa and penny-university, in one channel
//	release v121 config "Set FEATURE_X"  how Heroku describes a release of the past
//	maintenance on                       the app is in maintenance mode
//	latency 200ms                        how long each request takes to reach its server
func planned(lines []string) (plan, error) {
	p := plan{descriptions: map[int]string{}}
	for _, l := range lines {
		if err := p.change(strings.TrimSpace(l)); err != nil {
			return plan{}, err
		}
	}
	return p, nil
}

func (p *plan) change(l string) error {
	switch {
	case l == "", strings.HasPrefix(l, "#"):
		return nil
	case strings.HasPrefix(l, "world "):
		return p.kind(strings.TrimPrefix(l, "world "))
	case l == "maintenance on":
		p.after = append(p.after, func(w *World) { w.app().SetMaintenance(true) })
		return nil
	}
	if m := releaseLine.FindStringSubmatch(l); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 111 || n > 122 {
			return fmt.Errorf("%s: the releases of the past are v111 to v122", l)
		}
		p.descriptions[n] = m[2]
		return nil
	}
	if m := latencyLine.FindStringSubmatch(l); m != nil {
		d, err := time.ParseDuration(m[1])
		if err != nil {
			return fmt.Errorf("%s: %w", l, err)
		}
		p.after = append(p.after, func(w *World) {
			w.Slack.Weather().SetLatency(d)
			w.GitHub.Weather().SetLatency(d)
			w.Heroku.Weather().SetLatency(d)
		})
		return nil
	}
	return fmt.Errorf("%q is no change of the world; see world.Change", l)
}

func (p *plan) kind(name string) error {
	switch name {
	case "default":
	case "two-files":
		p.twoFiles = true
	case "pair":
		p.pair = true
	default:
		return unknown("world", name, kinds...)
	}
	return nil
}
