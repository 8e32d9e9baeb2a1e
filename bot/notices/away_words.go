package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
)

// caughtUp is how long it may take to read what happened meanwhile, before it is said without.
const caughtUp = time.Minute

// awayNotices tell when slipway was away, and what happened meanwhile.
func awayNotices(ctx context.Context, tx *store.Tx, channel string, scenes []*scene) ([]notice, error) {
	if len(scenes) == 0 {
		return nil, nil
	}
	list, err := absences(ctx, tx, channel, scenes[0].now)
	if err != nil {
		return nil, err
	}
	var notices []notice
	for _, a := range list {
		mute := a.mute(scenes)
		if until := a.to.Add(caughtUp); len(mute) > 0 && scenes[0].now.Before(until) {
			scenes[0].again(until)
			continue
		}
		notices = append(notices, notice{key: board.Key(fmt.Sprintf("away %s %d", channel, a.from.UnixMilli())), page: a.page(scenes, mute)})
	}
	return notices, nil
}

// mute are the far ends that were not read since.
func (a absence) mute(scenes []*scene) []string {
	var list []string
	for _, s := range scenes {
		for _, what := range []ledger.List{ledger.Heads, ledger.Runs, ledger.Pulls} {
			if s.known.ReadAt(what).Before(a.to) {
				list = once(list, string(ledger.GitHub))
			}
		}
		if s.known.ReadAt(ledger.Releases).Before(a.to) {
			list = once(list, string(ledger.Heroku))
		}
	}
	slices.Sort(list)
	return list
}

func (a absence) page(scenes []*scene, mute []string) page {
	when := fmt.Sprintf("for %s until %s, and webhooks for %s did not come", say.For(a.to.Sub(a.from)), say.Date(a.to), say.Count(a.missed, "thing", "things"))
	if a.long() {
		draw := say.Date
		if a.from.UTC().YearDay() != a.to.UTC().YearDay() {
			draw = say.Day
		}
		when = fmt.Sprintf("from %s to %s, %s", draw(a.from), draw(a.to), say.For(a.to.Sub(a.from)))
	}
	p := page{title: ":zzz: *slipway was away* " + when}
	line := a.meanwhile(scenes, mute)
	p.sentence = sentence(p.title) + " " + sentence(line)
	p.lines = []string{line}
	return p
}

// meanwhile is what happened, on one line.
func (a absence) meanwhile(scenes []*scene, mute []string) string {
	var merged, released, ended, red, branches []string
	for _, s := range scenes {
		branches = once(branches, say.ForeignCode(s.known.Branch(), phrase.NameLimit))
		merged = append(merged, a.landed(s)...)
		released = append(released, a.released(s, len(scenes) > 1)...)
		ended = append(ended, a.ended(s, len(scenes) > 1)...)
		red = append(red, a.red(s)...)
	}
	var parts []string
	add := func(what string, names []string) {
		slices.Sort(names)
		if names = slices.Compact(names); len(names) > 0 {
			parts = append(parts, what+few(names))
		}
	}
	add("on "+enumerate(branches)+": ", merged)
	add("", ended)
	add("", released)
	add("checks failed: ", red)
	silent := "no answer from " + enumerate(mute)
	switch {
	case len(parts) == 0 && len(mute) > 0:
		return "What happened meanwhile is not known yet: " + silent + "."
	case len(parts) == 0 && slices.ContainsFunc(scenes, a.finished):
		return "Nothing else was merged or released meanwhile, and no checks failed."
	case len(parts) == 0:
		return "Nothing was merged or released meanwhile, and no checks failed."
	case len(mute) > 0:
		parts = append(parts, silent+" yet")
	}
	return "Meanwhile " + strings.Join(parts, " · ")
}

// landed names what came onto the deploy branch.
func (a absence) landed(s *scene) []string {
	var list []string
	for _, l := range s.known.Landed() {
		if a.holds(l.At) {
			list = append(list, s.subject(l.SHA))
		}
	}
	return list
}

// released names the releases that nobody merged. After a short absence they have messages of their own.
func (a absence) released(s *scene, several bool) []string {
	if !s.settings.Notify.Releases {
		return nil
	}
	var list []string
	for _, r := range s.unmerged() {
		if !a.holds(r.CreatedAt) || a.long() && a.told[s.releaseKey(r)] {
			continue
		}
		name := a.named(s, r, several)
		_, state := s.releaseState(r)
		list = append(list, name+" "+s.releaseWords(r)+state)
	}
	return list
}
