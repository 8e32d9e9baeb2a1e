package world

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// plan is how a world differs from the default.
type plan struct {
	twoFiles, pair bool
	queue          bool           // the tests run on merge groups
	silent         []string       // who sends no webhooks: github, heroku
	descriptions   map[int]string // of releases of the past
	after          []func(*World) // what is done once the world stands
}

// kinds are the worlds by name.
var kinds = []string{"default", "two-files", "pair"}

var (
	releaseLine = regexp.MustCompile(`^release v([0-9]+) (config|code) "([^"]+)"$`)
	latencyLine = regexp.MustCompile(`^latency ([0-9a-z.]+)$`)
)

// planned understands the lines of Options.Changes.
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
	case l == "merge queue":
		p.queue = true
		return nil
	case strings.HasPrefix(l, "down "):
		name := strings.TrimPrefix(l, "down ")
		if !slices.Contains([]string{"github", "heroku", "slack"}, name) {
			return unknown("server", name, "github", "heroku", "slack")
		}
		p.after = append(p.after, func(w *World) { _ = w.setDown(name, true) })
		return nil
	case l == "no webhooks":
		p.silent = []string{"github", "heroku"}
		return nil
	case l == "no webhooks from github", l == "no webhooks from heroku":
		p.silent = append(p.silent, strings.TrimPrefix(l, "no webhooks from "))
		return nil
	}
	if m := releaseLine.FindStringSubmatch(l); m != nil {
		return p.release(l, m[1], m[2], m[3])
	}
	if m := latencyLine.FindStringSubmatch(l); m != nil {
		d, err := time.ParseDuration(m[1])
		if err != nil {
			return fmt.Errorf("%q: write the duration like 200ms", l)
		}
		p.after = append(p.after, func(w *World) { w.slow(d) })
		return nil
	}
	return fmt.Errorf("%q is no change of the world; write world two-files, release v121 config %q, maintenance on, latency 200ms, merge queue, no webhooks or down github", l, "Set FEATURE_X")
}

// release gives a release of the past another description. It says of which kind it is, so that the file tells its
// readers, and is refused when that is not so.
func (p *plan) release(l, version, kind, description string) error {
	n, _ := strconv.Atoi(version)
	if n < oldest || n > newest {
		return fmt.Errorf("%q: the releases of the past are v%d to v%d", l, oldest, newest)
	}
	is := "code"
	if _, ok := configured[n]; ok {
		is = "config"
	}
	if kind != is {
		return fmt.Errorf("%q: v%d is a %s release", l, n, is)
	}
	p.descriptions[n] = description
	return nil
}

func (w *World) slow(d time.Duration) {
	for _, server := range w.weathers() {
		server.SetLatency(d)
	}
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
