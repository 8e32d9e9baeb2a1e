package world

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	githubsim "slipway/integrations/sim/github"
)

// plan is how a world differs from the default.
type plan struct {
	twoFiles, pair bool
	queue          bool              // the tests run on merge groups
	silent         []string          // who sends no webhooks: github, heroku
	past           past              // what was before the story
	described      []described       // releases of the past with another description
	channels       map[string]string // by app, where it is not #deploys
	group          *githubsim.Concurrency
	rights         rights
	after          []func(*World) // what is done once the world stands
}

// described is a release of the past as a line describes it.
type described struct {
	line        string
	version     int
	kind, words string
}

// kinds are the worlds by name.
var kinds = []string{"default", "two-files", "pair"}

var (
	releaseLine = regexp.MustCompile(`^release v([0-9]+) (config|code) "([^"]+)"$`)
	latencyLine = regexp.MustCompile(`^latency ([0-9a-z.]+)$`)
	historyLine = regexp.MustCompile(`^history ([1-9][0-9]?) days$`)
	channelLine = regexp.MustCompile(`^channel ([a-z-]+) #([a-z]+)$`)
)

// planned understands the lines of Options.Changes, for a story that begins at a time.
func planned(lines []string, start time.Time) (plan, error) {
	p := plan{past: shortPast, channels: map[string]string{}}
	for _, l := range lines {
		if err := p.change(strings.TrimSpace(l), start); err != nil {
			return plan{}, err
		}
	}
	return p, errors.Join(p.checkReleases(), p.checkChannels(), p.checkMode())
}

func (p *plan) change(l string, start time.Time) error {
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
	case l == "history one release":
		p.past = youngPast()
		return nil
	case l == "concurrency ci", l == "concurrency ci cancel-in-progress":
		p.group = &githubsim.Concurrency{Group: "ci-${{ github.ref }}", CancelInProgress: strings.HasSuffix(l, "cancel-in-progress")}
		return nil
	case strings.HasPrefix(l, "down "):
		name := strings.TrimPrefix(l, "down ")
		if !slices.Contains(downs, name) {
			return unknown("server", name, downs...)
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
		version, _ := strconv.Atoi(m[1])
		p.described = append(p.described, described{l, version, m[2], m[3]})
		return nil
	}
	if m := historyLine.FindStringSubmatch(l); m != nil {
		days, _ := strconv.Atoi(m[1])
		p.past = longPast(start, days)
		return nil
	}
	if m := channelLine.FindStringSubmatch(l); m != nil {
		p.channels[m[1]] = m[2]
		return nil
	}
	if understood, err := p.changeRights(l); understood {
		return err
	}
	if m := latencyLine.FindStringSubmatch(l); m != nil {
		d, err := time.ParseDuration(m[1])
		if err != nil {
			return fmt.Errorf("%q: write the duration like 200ms", l)
		}
		p.after = append(p.after, func(w *World) { w.slow(d) })
		return nil
	}
	return fmt.Errorf("%q is no change of the world; write world two-files, release v121 config %q, maintenance on, latency 200ms, merge queue, no webhooks, down github, history 30 days, history one release, concurrency ci cancel-in-progress, channel penny-qa #general, mode read, operators dave or group dba alice", l, "Set FEATURE_X")
}

// checkReleases refuses descriptions of releases that there are not. A line says of which kind its release is, so that the file
// tells its readers, and is refused when that is not so.
func (p *plan) checkReleases() error {
	oldest, newest := p.past.versions()
	for _, d := range p.described {
		if d.version < oldest || d.version > newest {
			return fmt.Errorf("%q: the releases of the past are v%d to v%d", d.line, oldest, newest)
		}
		is := "code"
		if _, ok := p.past.configured[d.version]; ok {
			is = "config"
		}
		if d.kind != is {
			return fmt.Errorf("%q: v%d is a %s release", d.line, d.version, is)
		}
	}
	return nil
}

// checkChannels refuses channels of apps, and apps, that there are not.
func (p *plan) checkChannels() error {
	for _, app := range slices.Sorted(maps.Keys(p.channels)) {
		if !slices.Contains(p.apps(), app) {
			return unknown("app", app, p.apps()...)
		}
		if name := p.channels[app]; name != "deploys" && name != "general" {
			return unknown("channel", "#"+name, "#deploys", "#general")
		}
	}
	return nil
}

// apps are the names of the apps, the one last that lines mean which name none.
func (p *plan) apps() []string {
	if p.pair {
		return []string{qaName, appName}
	}
	return []string{appName}
}

// description is what a line says of a release of the past, or "".
func (p *plan) description(version int) string {
	for _, d := range slices.Backward(p.described) {
		if d.version == version {
			return d.words
		}
	}
	return ""
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
