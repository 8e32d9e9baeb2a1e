package notices

import (
	"testing"

	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/integrations/heroku"
)

func TestTheFirstStartIsToldOnceItIsReadInOneLine(t *testing.T) {
	t.Parallel()
	const begins = "*penny-university*: merges, failing checks and releases are told here from 14:00 UTC on; "
	only := func(from, to int) []ledger.Fact { return readAt(3)[from:to] }
	for name, tc := range map[string]struct {
		seconds int
		facts   []ledger.Fact
		differ  func(*scene)
		want    string
		due     int // when it is looked at again; 0: not
	}{
		"nothing was read yet":     {59, nil, nil, "", 60},
		"not all was read yet":     {59, only(3, 4), nil, "", 60},
		"all was read":             {5, readAt(3), nil, ":white_check_mark: " + begins + "v122 was live then", 0},
		"an hour later, v123 runs": {3600, together(readAt(3), released(123, "c", heroku.Succeeded, 60)), nil, ":white_check_mark: " + begins + "v122 was live then", 0},
		"a failed one came before": {5, together(readAt(3), released(123, "c", heroku.Failed, -60)), nil, ":white_check_mark: " + begins + "v122 was live then", 0},
		"GitHub does not answer":   {60, only(3, 4), nil, ":warning: " + begins + "no answer from GitHub yet", 0},
		"Heroku does not answer":   {60, only(0, 3), nil, ":warning: " + begins + "no answer from Heroku yet", 0},
		"nobody answers":           {60, nil, nil, ":warning: " + begins + "no answer from GitHub and Heroku yet", 0},
		"a day later":              {86400, readAt(3), nil, "", 0},
		"little is told": {5, readAt(3), func(s *scene) {
			s.settings.Notify = settings.Notify{Checks: settings.AllChecks, Silence: true}
		}, ":white_check_mark: *penny-university*: checks are told here from 14:00 UTC on; v122 was live then", 0},
		"nothing is told": {5, readAt(3), func(s *scene) { s.settings.Notify = settings.Notify{} }, "", 0},
		"nothing ran": {5, readAt(3), func(s *scene) {
			s.known = ledger.New(app, repo)
			s.known.Add(readAt(3)...)
		}, ":white_check_mark: " + begins + "nothing ran then", 0},
	} {
		s := sceneAt(tc.seconds, tc.facts...)
		s.since = begin
		if tc.differ != nil {
			tc.differ(s)
		}
		if got := drawnAll(s.starts()); got != tc.want {
			t.Errorf("%s: it reads %q, want %q", name, got, tc.want)
		}
		if due := s.due; tc.due == 0 && !due.IsZero() || tc.due > 0 && !due.Equal(at(tc.due)) {
			t.Errorf("%s: it is looked at again at %v", name, due)
		}
	}
}
