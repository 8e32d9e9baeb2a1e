package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// releasesRead is how many releases of an app are known. An app that was only configured so often since its last deploy has
// its code release beyond them, and the answer says so.
const releasesRead = 100

// historyShown is how many releases a history tells of.
const historyShown = 10

// DeployHistory lists the last releases.
var DeployHistory = bot.Command{
	Slash: "/deploy",
	Verb:  "history",
	Args:  "[app]",
	About: bot.OneApp,
	Short: "the last ten releases: what, who and when",
	Long: "Lists the last ten releases, newest first, with what each was, who made it and when, the pull request where it is" +
		" known, and which of them runs.\n`/deploy history`\n`/deploy history penny-university in channel`",
	Answer: answerHistory,
}

func answerHistory(ctx context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
	k, away := c.Knowledge.Of(ctx, req.App)
	return historyWords(c.Title(ctx, req.App), time.Now(), k, gapsOf(c, k, away).only(ledger.Releases, ledger.Branches, ledger.Pulls)), nil
}

func historyWords(app string, now time.Time, k *ledger.Known, sure gaps) bot.Answer {
	releases := k.Releases()
	p := &page{title: fmt.Sprintf("Releases of *%s*, newest first", app)}
	switch {
	case len(releases) > 0:
	case sure.lost(ledger.Releases):
		p.title = fmt.Sprintf(":grey_question: The releases of *%s* are not known", app)
	default:
		p.title = fmt.Sprintf(":white_circle: *%s* has no release yet", app)
	}
	for _, r := range releases[:min(len(releases), historyShown)] {
		p.line(releaseWords(now, r, k.Pulls()))
	}
	sure.sureLines(p, now)
	return p.answer()
}

// releaseWords is one line: the release, its state where it is not plain, what it was, who and when.
func releaseWords(now time.Time, r heroku.Release, pulls []github.Pull) string {
	text := "*" + version(r) + "*"
	switch {
	case r.Current:
		text = ":large_green_circle: " + text + " live"
	case r.Status == heroku.Failed:
		text = ":x: " + text + " failed"
	case r.Status == heroku.Pending:
		text = ":hourglass_flowing_sand: " + text + " release phase running"
	case r.Status != heroku.Succeeded:
		text = ":heavy_minus_sign: " + text + " " + say.Foreign(r.Status, phrase.NameLimit)
	default:
		text = ":white_circle: " + text
	}
	text += "  " + say.Foreign(r.Description, phrase.TitleLimit)
	if pull, ok := deployedPull(r, pulls); ok {
		text += " · " + phrase.Pull(pull)
	}
	return fmt.Sprintf("%s · %s, %s", text, say.Foreign(r.By, phrase.NameLimit), say.At(now, r.CreatedAt))
}

// deployedPull finds the pull request whose merge a release deployed, by the beginning of the commit that Heroku puts
// into the description.
func deployedPull(r heroku.Release, pulls []github.Pull) (github.Pull, bool) {
	commit := r.Cause().Commit
	if r.Cause().Kind != heroku.Deploy || len(commit) < 7 {
		return github.Pull{}, false
	}
	for _, pull := range pulls {
		if pull.Merged && strings.HasPrefix(pull.MergeSHA, commit) {
			return pull, true
		}
	}
	return github.Pull{}, false
}
