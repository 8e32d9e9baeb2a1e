package notices

import (
	"fmt"
	"slices"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// releases tell of those that no run of the deploy branch made, one line each.
func (s *scene) releases() []notice {
	if !s.settings.Notify.Releases {
		return nil
	}
	var list []notice
	for _, r := range s.unmerged() {
		last := r.CreatedAt
		if r.UpdatedAt.After(last) {
			last = r.UpdatedAt
		}
		if s.told(r.CreatedAt) && s.wanted(s.releaseKey(r), last) && !s.away(r) {
			list = append(list, s.release(r))
		}
	}
	return list
}

// unmerged are the releases that surely no run of the deploy branch made, oldest first. Of one that may yet turn out to be
// a run's nothing is said.
func (s *scene) unmerged() []heroku.Release {
	releases := s.known.Releases()
	code := heroku.CodeReleases(releases)
	var list []heroku.Release
	for _, r := range slices.Backward(releases) {
		deploy := r.Cause().Kind == heroku.Deploy ||
			r.Cause().Kind == heroku.UnknownCause && slices.ContainsFunc(code, func(c heroku.Release) bool { return c.ID == r.ID })
		switch maker := s.known.Maker(r); {
		case !deploy, maker == ledger.ByHand:
			list = append(list, r)
		case maker == ledger.NotKnownYet && s.told(r.CreatedAt) && s.fresh(r.CreatedAt):
			s.doubt = s.doubt || s.unheard(r)
		}
	}
	return list
}

// unheard tells whether runs must be read to know who made a release: none is known to go on that would tell.
func (s *scene) unheard(r heroku.Release) bool {
	return s.known.ReadAt(ledger.Runs).Before(r.CreatedAt) && len(s.known.Going(s.now).Runs) == 0
}

// release is one line: the release, what it was, and who made it.
func (s *scene) release(r heroku.Release) notice {
	emoji, state := s.releaseState(r)
	title := fmt.Sprintf("%s *%s %s*: %s%s", emoji, s.name(), r, s.releaseWords(r), state)
	return notice{
		key:    s.releaseKey(r),
		page:   page{sentence: sentence(title), title: title},
		urgent: r.Status == heroku.Failed,
	}
}

// releaseState is the emoji, and what there is to say of a release beyond that it was made.
func (s *scene) releaseState(r heroku.Release) (emoji, words string) {
	switch r.Status {
	case heroku.Succeeded:
		return releaseEmoji(r.Cause().Kind), ""
	case heroku.Pending:
		return ":hourglass_flowing_sand:", "; its release phase runs"
	case heroku.Failed:
		return ":x:", "; its release phase failed" + s.insteadOf(r)
	}
	return ":heavy_minus_sign:", "; Heroku marks it " + say.ForeignCode(r.Status, phrase.NameLimit)
}

// insteadOf says what runs instead of a release that failed.
func (s *scene) insteadOf(r heroku.Release) string {
	switch live, ok := s.known.Live(); {
	case !ok:
		return ""
	case live.Release.Version < r.Version:
		return fmt.Sprintf(", %s still runs", live.Release)
	default:
		return fmt.Sprintf(", %s runs by now", live.Release)
	}
}

func releaseEmoji(kind heroku.CauseKind) string {
	switch kind {
	case heroku.Rollback:
		return ":leftwards_arrow_with_hook:"
	case heroku.Deploy, heroku.Promotion:
		return ":rocket:"
	case heroku.Retry:
		return ":repeat:"
	}
	return ":gear:"
}

// releaseKey is that of the message about a release.
func (s *scene) releaseKey(r heroku.Release) board.Key {
	return board.Key("release " + s.app.Name + " " + r.ID)
}

// away tells whether a release was made while slipway was away for so long that the message about its absence tells of it. One
// that was told before has its own message, which is kept true.
func (s *scene) away(r heroku.Release) bool {
	return slices.ContainsFunc(s.gaps, func(g gap) bool { return g.holds(r.CreatedAt) && !g.told[s.releaseKey(r)] })
}
