package chattest

import (
	"fmt"
	"slices"
	"strings"

	"slipway/integrations/sim/weather"
)

// writesSince reads what the bot wrote to GitHub and Heroku. Those of one instant are in the order of their words, which
// does not depend on who came first.
func (t *transcript) writesSince() []event {
	var events []event
	far := []struct {
		name string
		of   *weather.Weather
	}{{"github", t.world.GitHub.Weather()}, {"heroku", t.world.Heroku.Weather()}}
	for _, f := range far {
		requests, next := f.of.Requests(t.writes[f.name])
		t.writes[f.name] = next
		for _, r := range requests {
			if isWrite(r) {
				line := fmt.Sprintf("  %s: %s %s", f.name, r.Method, t.paths.Replace(r.Path))
				events = append(events, event{at: r.At, lines: []string{line}, calls: 1})
			}
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return strings.Compare(a.lines[0], b.lines[0]) })
	return events
}

// isWrite tells writes that arrived from reads, some of which are POSTs.
func isWrite(r weather.Request) bool {
	if r.Lost || r.Method == "GET" || r.Method == "HEAD" {
		return false
	}
	return !strings.HasSuffix(r.Path, "/addon-attachments/resolve") && !strings.HasSuffix(r.Path, "/log-sessions")
}
