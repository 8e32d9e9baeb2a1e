package notices

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// firstReading is how long the first start waits until GitHub and Heroku were read.
const firstReading = time.Minute

// starts say once, at the first start, that news are told from now on. What happened before is not.
func (s *scene) starts() []notice {
	told := s.toldHere()
	if told == "" || !s.fresh(s.since) {
		return nil
	}
	var mute []string
	for _, far := range []struct {
		list ledger.List
		name ledger.Sender
	}{{ledger.Runs, ledger.GitHub}, {ledger.Releases, ledger.Heroku}} {
		if s.known.ReadAt(far.list).IsZero() {
			mute = append(mute, string(far.name))
		}
	}
	if until := s.since.Add(firstReading); len(mute) > 0 && s.now.Before(until) {
		s.again(until)
		return nil
	}
	emoji, state := ":white_check_mark:", s.liveThen()
	if len(mute) > 0 {
		emoji, state = ":warning:", "no answer from "+strings.Join(mute, " and ")+" yet"
	}
	title := fmt.Sprintf("%s *%s*: %s are told here from %s on; %s", emoji, s.name(), told, say.Date(s.since), state)
	return []notice{{key: board.Key("start " + s.app.Name), page: page{sentence: sentence(title), title: title}}}
}

// toldHere names what is told; "" is nothing.
func (s *scene) toldHere() string {
	n := s.settings.Notify
	var list []string
	for _, one := range []struct {
		told bool
		name string
	}{{n.Changes, "merges"}, {n.Checks == settings.AllChecks, "checks"}, {n.Checks == settings.FailedChecks, "failing checks"}, {n.Releases, "releases"}} {
		if one.told {
			list = append(list, one.name)
		}
	}
	return enumerate(list)
}

// enumerate joins as people do: "a, b and c".
func enumerate(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// liveThen is what ran when news began to be told, which stays true.
func (s *scene) liveThen() string {
	for _, r := range s.known.Releases() {
		if !s.told(r.CreatedAt) && wasLive(r) {
			return r.String() + " was live then"
		}
	}
	return "nothing ran then"
}

// wasLive tells whether a release of code ran once. One that failed or is pending did not, unless Heroku says so.
func wasLive(r heroku.Release) bool {
	ended := r.Status != heroku.Failed && r.Status != heroku.Pending
	return (r.SlugID != "" || r.ImageID != "") && (ended || r.Current)
}
