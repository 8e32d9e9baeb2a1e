package notices

import (
	"fmt"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// left says that nobody waits for a run any more, and why, if that is known.
func (o silence) left() string {
	words := o.runWords() + " is not waited for any more"
	if why := o.overtaken(); why != "" {
		words += "; " + why
	}
	return words
}

// overtaken is why nobody waits for a run any more; "" if somebody may.
func (o silence) overtaken() string {
	if o.pull == 0 {
		if head, ok := o.known.Head(); ok && head.SHA != o.commit && !o.listed() {
			return say.ForeignCode(o.known.Branch(), phrase.NameLimit) + " moved on"
		}
		return ""
	}
	for _, pull := range o.known.Pulls() {
		switch {
		case pull.Number != o.pull:
		case pull.Merged:
			return "the pull request was merged"
		case pull.State != "open":
			return "the pull request was closed"
		case pull.HeadSHA != o.commit:
			return "a newer commit is tested"
		}
	}
	return ""
}

// listed tells whether the run is among those of the deploy branch that are known.
func (o silence) listed() bool {
	for _, run := range o.known.BranchRuns() {
		if run.ID == o.run {
			return true
		}
	}
	return false
}

// forgotten tells whether what the silence is about is so old that it is not looked at any more: then it did not end.
func (o silence) forgotten() bool {
	if o.fresh(o.began) || o.kind == ledger.NoRun {
		return false
	}
	_, ok := o.latest()
	return !ok
}

// allTheSame says that the change runs, or ran, whatever its run did; "" if that is not known.
func (o silence) allTheSame() string {
	if o.pull != 0 {
		return ""
	}
	switch fate := o.fateOf(o.commit); fate.Kind {
	case ledger.Running:
		return fmt.Sprintf("it is live in %s all the same", fate.Release)
	case ledger.TakenBack:
		return fmt.Sprintf("it was live in %s all the same", fate.Release)
	}
	return ""
}
