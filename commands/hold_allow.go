package commands

import (
	"context"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/abreast"
	"slipway/bot/config"
	"slipway/bot/hold"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/integrations/github"
)

// allowLines say what may deploy then, and what comes with it. A number that GitHub does not know is refused; a GitHub that does not
// answer keeps nobody from letting one pass.
func allowLines(ctx context.Context, c *bot.Clients, app config.App, numbers []int, standing hold.Hold) ([]string, error) {
	lines := make([]string, len(numbers))
	errs := make([]error, len(numbers))
	abreast.Each(len(numbers), func(i int) {
		var p github.Pull
		if p, errs[i] = c.GitHub.Pull(ctx, app.Repo, numbers[i]); errs[i] == nil {
			lines[i] = "• " + phrase.Pull(p)
		}
	})
	for i, err := range errs {
		now := time.Now()
		switch {
		case github.KindOf(err) == github.NotFound:
			return nil, unknownPull(numbers[i], app.Repo)
		case err != nil:
			lines[i] = fmt.Sprintf(":grey_question: #%d: %s", numbers[i], githubTrouble(*ledger.TroubleOf(now, now, err), c.GitHubVariable))
		}
	}
	lines = append(lines, "A run that lands nothing else with it is not cancelled.")
	if standing.FromRollback() {
		return append(lines, ":warning: It also ships what is on the branch before it: what the rollback took back, unless that was reverted by then."), nil
	}
	return append(lines, ":warning: It also ships what is on the branch before it and waits."), nil
}
