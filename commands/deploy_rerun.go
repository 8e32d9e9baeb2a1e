package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/hold"
	"slipway/bot/ledger"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/github"
)

// DeployRerun runs again what a hold has cancelled.
var DeployRerun = bot.Command{
	Slash: "/deploy",
	Verb:  "rerun",
	Args:  "[of app]",
	Short: "run the newest deploying run again",
	Long: "Runs all jobs of the newest run that deploys again, once you have confirmed it: one that a hold cancelled, or that failed. It ships" +
		" what its commit has.\n`/deploy rerun`\n`/deploy rerun of penny-university`",
	About: bot.OneApp,
	Change: &bot.Change{
		Kind: "rerun", Right: settings.Deploy, ByHand: rerunByHand, Plan: planRerun, Run: runRerun,
	},
}

// rerun is what is confirmed. It is stored as JSON: add fields, never rename them.
type rerun struct {
	App     string
	Repo    github.Repo
	Run     int64 // GitHub's id
	Attempt int   // that ended
	Name    string
}

// rerunStep names the step. Names of steps are stored for ever.
const rerunStep = "run it again"

func rerunByHand(req bot.Request) ([]string, error) {
	return []string{fmt.Sprintf("gh run list -R %s", req.App.Repo), fmt.Sprintf("gh run rerun RUN -R %s", req.App.Repo)}, nil
}

func planRerun(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	known, err := c.Knowledge.Of(ctx, req.App)
	if err != nil {
		return op.Plan{}, err
	}
	newest, ok := hold.Newest(known)
	if !ok {
		return op.Plan{}, say.Moot("No run of %s is known that deploys, so there is none to run again.", say.Code(req.App.Name))
	}
	fresh, err := c.GitHub.Run(ctx, req.App.Repo, newest.ID)
	if err != nil {
		return op.Plan{}, unreadOnGitHub(c, err)
	}
	if err := rerunnable(fresh); err != nil {
		return op.Plan{}, err
	}
	_, held, err := c.Holds.Standing(ctx, req.App.Name)
	if err != nil {
		return op.Plan{}, err
	}
	data, err := json.Marshal(rerun{App: req.App.Name, Repo: req.App.Repo, Run: fresh.ID, Attempt: fresh.Attempt, Name: phrase.Run(fresh)})
	return op.Plan{
		Title: fmt.Sprintf("Run *%s* again", phrase.Run(fresh)), Lines: rerunLines(known, fresh, held), Label: runAgain, Steps: []string{rerunStep},
		Lookup: []string{fmt.Sprintf("gh run view %d -R %s", fresh.ID, req.App.Repo)}, Data: data,
	}, err
}

// runAgain is the button of the plan.
const runAgain = "Run it again"

// rerunLines say what comes of it.
func rerunLines(k *ledger.Known, run github.Run, held bool) []string {
	lines := []string{fmt.Sprintf("It ships %s, if its jobs pass.", phrase.Commit(run.SHA, k.CommitURL(run.SHA)))}
	if head, ok := k.Head(); ok && head.SHA != run.SHA {
		lines = append(lines, fmt.Sprintf(":warning: %s has gone on since: %s is not shipped by it.", say.ForeignCode(k.Branch(), phrase.NameLimit), phrase.Commit(head.SHA, head.URL)))
	}
	if held {
		lines = append(lines, ":warning: Automatic deploys are held: it is cancelled again unless it may pass.")
	}
	return lines
}

// rerunnable refuses what cannot be run again, or need not.
func rerunnable(run github.Run) error {
	switch {
	case run.Status != "completed":
		return say.Moot("%s goes on, so there is nothing to run again.", phrase.Run(run))
	case run.Conclusion == "success":
		return say.Moot("%s went well, so there is nothing to run again.", phrase.Run(run))
	}
	return nil
}

func runRerun(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var r rerun
		if err := o.Data(&r); err != nil {
			return err
		}
		_, err := op.Do(ctx, o, rerunStep, op.Effect[bool]{
			Guard: func(ctx context.Context) error { return r.guard(ctx, c) },
			Find: func(ctx context.Context, _ time.Time) (again, found bool, err error) {
				now, err := c.GitHub.Run(ctx, r.Repo, r.Run)
				return now.Attempt > r.Attempt, now.Attempt > r.Attempt, err
			},
			Act: func(ctx context.Context) (bool, error) {
				return true, r.denied(c.GitHubWrite.Rerun(ctx, r.Repo, r.Run, github.RerunOptions{}))
			},
			Settle: revertSettles,
		})
		return err
	}
}

// guard refuses when somebody was faster, or the branch has gone on: an older run might bring back what is gone by now.
func (r rerun) guard(ctx context.Context, c *bot.Clients) error {
	now, err := c.GitHub.Run(ctx, r.Repo, r.Run)
	if err != nil {
		return err
	}
	if now.Attempt > r.Attempt {
		return say.Moot("%s was run again already.", r.Name)
	}
	known, err := c.Knowledge.Of(ctx, config.App{Name: r.App, Repo: r.Repo})
	if err != nil {
		return err
	}
	if newest, ok := hold.Newest(known); ok && newest.ID != r.Run {
		return say.Moot("%s is newer than %s, which is not run again.", phrase.Run(newest), r.Name)
	}
	return rerunnable(now)
}

// denied says what GitHub's no means.
func (r rerun) denied(err error) error {
	e, ok := errors.AsType[*github.Error](err)
	if !ok || e.Ambiguous {
		return err
	}
	switch e.Kind {
	case github.Unauthorized, github.Forbidden, github.NotFound, github.Invalid:
		return say.Refuse("GitHub does not run %s again (%s): it is too old, or my token lacks *Actions: write*.", r.Name, e.Kind)
	}
	return err
}
