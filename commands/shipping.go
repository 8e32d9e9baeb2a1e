package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// shippingLines warn who is about to restart an app of what is being released: that restarts its dynos anyway.
func shippingLines(ctx context.Context, c *bot.Clients, app config.App) []string {
	k, away := c.Knowledge.Of(ctx, app)
	now := time.Now()
	var lines []string
	for _, what := range shipping(k, now) {
		lines = append(lines, ":warning: "+what+"; that restarts the dynos anyway.")
	}
	sure := gapsOf(c, k, away).only(ledger.Releases, ledger.Builds, ledger.Runs)
	for _, why := range sure.lines(now) {
		lines = append(lines, ":grey_question: Whether a deploy goes on is not sure. "+why)
	}
	return lines
}

// shipping says what is on its way into the app: release phases, builds, and runs of which a job that ships goes on.
func shipping(k *ledger.Known, now time.Time) []string {
	going := k.Going(now)
	var list []string
	for _, r := range going.Releases {
		list = append(list, fmt.Sprintf("The release phase of %s (%s) runs", version(r), say.Foreign(r.Description, phrase.TitleLimit)))
	}
	if len(list) > 0 {
		return list // what was built is being released
	}
	var commits []string
	for _, run := range going.Runs {
		ships := func(j github.Job) bool { return j.Status == "in_progress" && k.Ships(run, j) }
		if slices.ContainsFunc(k.Jobs(run), ships) {
			commits = append(commits, run.SHA)
		}
	}
	if len(commits) == 0 { // else a build is what the run asked for, maybe of a commit of its own
		for _, b := range going.Builds {
			commits = append(commits, b.Commit)
		}
	}
	for _, commit := range commits {
		list = append(list, shipped(k, commit)+" is being deployed")
	}
	return list
}

// shipped names what is deployed with a commit: the pull request that ended as it, or else the commit.
func shipped(k *ledger.Known, commit string) string {
	pulls := k.Pulls()
	i := slices.IndexFunc(pulls, func(p github.Pull) bool { return p.Merged && p.MergeSHA == commit })
	switch {
	case commit == "":
		return "A build"
	case i >= 0:
		return phrase.PullTitle(pulls[i])
	}
	return phrase.Commit(commit, k.CommitURL(commit))
}
