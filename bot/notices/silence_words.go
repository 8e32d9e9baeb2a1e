package notices

import (
	"fmt"
	"strings"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// title is the thing, what did not come for it, and what came in the end.
func (o silence) title() string {
	emoji, state := ":warning:", ""
	if o.open() {
		state = o.silentWords()
	} else {
		emoji, state = o.corrected()
	}
	return fmt.Sprintf("%s *%s*: %s", emoji, o.thing(), state)
}

// thing is what people know the commit or the pull request as.
func (o silence) thing() string {
	if o.pull != 0 {
		for _, pull := range o.known.Pulls() {
			if pull.Number == o.pull {
				return phrase.PullTitle(pull)
			}
		}
		return fmt.Sprintf("#%d", o.pull)
	}
	return o.subject(o.commit)
}

// landed is how the commit came to the deploy branch.
func (o silence) landed() (verb, noun string) {
	for _, pull := range o.known.Pulls() {
		if pull.Merged && pull.MergeSHA == o.commit {
			return "merged", "merge"
		}
	}
	return "pushed", "push"
}

// latest is the latest attempt of the run.
func (o silence) latest() (run github.Run, ok bool) {
	for _, f := range o.known.Runs() {
		if f.Run.ID == o.run {
			return f.Run, true
		}
	}
	return github.Run{}, false
}

// runWords link the attempt that was silent, and name the job.
func (o silence) runWords() string {
	run, ok := o.latest()
	words := fmt.Sprintf("run %d", o.run)
	if ok {
		run.Attempt = o.attempt
		words = phrase.Run(run)
	}
	if o.job != "" {
		words = say.ForeignCode(o.job, phrase.NameLimit) + " of " + words
	}
	return words
}

func (o silence) silentWords() string {
	switch o.kind {
	case ledger.NoRun:
		verb, _ := o.landed()
		return fmt.Sprintf("%s %s, and no run has begun", verb, say.Date(o.began))
	case ledger.NotBegun:
		return fmt.Sprintf("%s is queued since %s", o.runWords(), say.Date(o.began))
	case ledger.NotReleased:
		words := fmt.Sprintf("%s shipped at %s, and ", o.runWords(), say.Date(o.began))
		if o.blind {
			return words + "no release of it is known"
		}
		return words + "Heroku released nothing"
	case ledger.Stalled:
	}
	return fmt.Sprintf("no news of %s since %s%s", o.runWords(), say.Date(o.began), o.unfinished())
}

// unfinished names the jobs that go on.
func (o silence) unfinished() string {
	var names []string
	for _, job := range o.known.Jobs(github.Run{ID: o.run, Attempt: o.attempt}) {
		if job.Status == "in_progress" {
			names = append(names, say.ForeignCode(job.Name, phrase.NameLimit))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "; " + names[0] + " is not over"
	}
	return "; " + few(names) + " are not over"
}

// means says what it means for what runs; "" of a pull request, and while Heroku cannot tell.
func (o silence) means() string {
	live, ok := o.known.Live()
	if o.pull != 0 || !ok || o.known.Lost(ledger.Releases) {
		return ""
	}
	fates := o.known.Fates()
	for _, l := range o.known.Landed() {
		if l.SHA == o.commit && fates.Of(l).Kind == ledger.Unreleased && (o.kind == ledger.NoRun || o.kind == ledger.NotBegun) {
			return fmt.Sprintf("Not deployed meanwhile; %s still runs.", live.Release)
		}
	}
	return fmt.Sprintf("%s runs meanwhile.", live.Release)
}

// byHand is what gets it going again; "" while it may have gone well.
func (o silence) byHand() string {
	const retry, start = "To try again: ", "To start one: "
	if o.blind {
		return ""
	}
	run := fmt.Sprint(o.run)
	switch o.kind {
	case ledger.NotBegun, ledger.Stalled:
		return retry + fmt.Sprintf("%s, then %s", say.Code("gh run cancel "+run), say.Code("gh run rerun "+run))
	case ledger.NotReleased:
		return retry + say.Code("gh run rerun "+run)
	case ledger.NoRun:
	}
	branch := o.known.Branch()
	for _, r := range o.known.BranchRuns() {
		if r.Event == "workflow_dispatch" { // such a run can be started by hand
			file := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
			return start + say.Code(fmt.Sprintf("gh workflow run %s --ref %s", file, branch))
		}
	}
	return start + fmt.Sprintf("%s on %s, and push it", say.Code(`git commit --allow-empty -m "Start CI"`), say.ForeignCode(branch, phrase.NameLimit))
}

// mute says that the far end could not be asked; "" if it could.
func (o silence) mute() string {
	if !o.blind {
		return ""
	}
	return fmt.Sprintf("%s did not answer at %s when it was asked.", o.from(), say.Date(o.noted))
}

// from is who is silent.
func (o silence) from() ledger.Sender { return ledger.Silence{Kind: o.kind}.Sender() }
