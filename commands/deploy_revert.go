package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// DeployRevert opens pull requests that take merged ones back.
var DeployRevert = bot.Command{
	Slash: "/deploy",
	Verb:  "revert",
	Args:  "#46 [#47 …] [of app]",
	Short: "open pull requests that take merged ones back",
	Long: "Opens, for each merged pull request that you name, one that takes it back, once you have confirmed it. It merges nothing: that stays" +
		" with you, and so does what runs until then. Migrations that came with one are listed: their files have to stay.\n" +
		"`/deploy revert #46`\n`/deploy revert #46 #47 of penny-university`",
	About: bot.OneApp,
	Free:  true,
	Change: &bot.Change{
		Kind: "revert", Right: settings.Deploy, ByHand: revertByHand, Plan: planRevert, Run: runRevert,
	},
}

// revert is what is confirmed. It is stored as JSON: add fields, never rename them.
type revert struct {
	App   string
	Repo  github.Repo
	Pulls []reverted // in the order in which they are taken back: the newest first
}

// reverted is a pull request that is to be taken back. It is stored as JSON: add fields, never rename them.
type reverted struct {
	Number     int
	NodeID     string
	Title      string
	Merge      string   // the commit that it was merged as
	Migrations []string `json:",omitempty"` // the files of migrations that it brought
}

// revertByHand gives the lines for each pull request, and for a single one those that need nothing but git, too.
func revertByHand(req bot.Request) ([]string, error) {
	numbers, err := pullNumbers(req.Words)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, n := range numbers {
		lines = append(lines, fmt.Sprintf("https://github.com/%s/pull/%d has the button Revert", req.App.Repo, n))
	}
	for _, n := range numbers {
		lines = append(lines, fmt.Sprintf("gh pr revert %d -R %s", n, req.App.Repo))
	}
	if len(numbers) == 1 {
		lines = append(lines,
			fmt.Sprintf("git fetch origin && git switch -c revert-%d origin/HEAD", numbers[0]),
			"git revert -m 1 MERGE_COMMIT # without -m 1 if it was squashed",
			fmt.Sprintf("git push origin revert-%d", numbers[0]))
	}
	return lines, nil
}

func planRevert(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	numbers, err := pullNumbers(req.Words)
	if err != nil {
		return op.Plan{}, err
	}
	found, err := readReverts(ctx, c, req.App.Repo, numbers)
	if err != nil {
		return op.Plan{}, err
	}
	r := revert{App: req.App.Name, Repo: req.App.Repo}
	p := op.Plan{Title: revertTitle(found), Label: "Open the revert"}
	if len(found) > 1 {
		p.Label = "Open the reverts"
	}
	for _, f := range found {
		one := f.reverted()
		r.Pulls = append(r.Pulls, one)
		p.Lines = append(p.Lines, revertLines(f, one)...)
		p.Steps = append(p.Steps, one.step())
		p.Lookup = append(p.Lookup, fmt.Sprintf("gh pr list -R %s --state all --search 'head:%s'", r.Repo, one.prefix()))
	}
	p.Lines = append(p.Lines, "Nothing is merged by this, and nothing is deployed: what runs stays until the revert is merged.")
	if p.Data, err = json.Marshal(r); err != nil {
		return op.Plan{}, fmt.Errorf("plan reverts in %s: %w", r.Repo, err)
	}
	return p, nil
}

// step names the step. Names of steps are stored for ever.
func (r reverted) step() string { return fmt.Sprintf("open a revert of #%d", r.Number) }

// prefix begins the name of the branch that GitHub makes for a revert: revert-46- and the name of its own.
func (r reverted) prefix() string { return fmt.Sprintf("revert-%d-", r.Number) }

func revertTitle(found []foundPull) string {
	if len(found) == 1 {
		return "Open a revert of *" + phrase.PullTitle(found[0].pull) + "*"
	}
	var names string
	for i, f := range found {
		if i > 0 {
			names += ", "
		}
		names += say.Link(f.pull.URL, fmt.Sprintf("#%d", f.pull.Number))
	}
	return "Open reverts of *" + names + "*"
}

// revertSettles is how long after its connection died GitHub may still open a revert. GitHub breaks off what takes it more than 10 s.
const revertSettles = 30 * time.Second
