package notices

import (
	"fmt"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// call calls the author of a change that failed, in words that stay true when it is fixed: they stand for ever, and the
// message above them tells how it went on. It is empty while nothing failed for sure.
func (c change) call() string {
	if c.Author() == "" {
		return ""
	}
	who := c.scene.called(c.Author(), c.Email)
	red, failed := c.first(run.failed)
	switch {
	case c.Failed.Version != 0:
		return fmt.Sprintf("%s: the release phase of %s failed, which has %s.%s", who, c.Failed, c.short(c.Landing), c.kept())
	case failed:
		text := fmt.Sprintf("%s: %s failed on %s after the %s", who, phrase.Run(red.Run), c.short(c.Landing), c.landing())
		if words := c.redWords(phrase.Matrix.FailedLine); words != "" && len(words) < lineLimit {
			text += ": " + words
		}
		return text + "." + c.effect(red)
	case c.builds(heroku.Failed):
		return fmt.Sprintf("%s: Heroku could not build %s.", who, c.short(c.Landing))
	}
	return ""
}

// effect says what became of the change in spite of a red run, or because of it.
func (c change) effect(red run) string {
	switch {
	case c.Kind == ledger.Running:
		return fmt.Sprintf(" It was deployed as %s all the same.", c.Release)
	case !red.shipFailed() && !red.shipped():
		return " That run deployed nothing."
	}
	return ""
}

// kept says what ran on when a release failed.
func (c change) kept() string {
	for _, r := range c.scene.known.Releases() {
		if r.Version < c.Failed.Version && r.Status != heroku.Failed && r.Status != heroku.Pending {
			return fmt.Sprintf(" %s kept running.", r)
		}
	}
	return ""
}

// called is the mark that calls a person.
func (s *scene) called(login, email string) string {
	if s.mention != nil {
		return s.mention(login, email)
	}
	return say.Foreign(login, phrase.NameLimit)
}
