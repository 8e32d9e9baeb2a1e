package world

import (
	"cmp"
	"slices"
	"strings"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
)

// The paths of the receivers, below Options.DeliverTo.
const (
	githubPath = "/webhooks/github"
	herokuPath = "/webhooks/heroku"
)

// DefaultSecret is what signs the webhooks when Options.Secret is empty.
const DefaultSecret = "s3cret"

// githubEvents are those of facts/github.md §1.1 but ping, which nobody asks for and everybody gets.
var githubEvents = []string{
	"push", "pull_request", "workflow_run", "workflow_job", "check_suite", "check_run", "status", "deployment",
	"deployment_status", "merge_group", "release", "deployment_review",
}

// herokuEntities are the builds, releases and dynos of facts/heroku.md line 245, and what shows there alone (line 256): the
// app itself for its maintenance mode, and its formation.
var herokuEntities = []string{"api:app", "api:build", "api:formation", "api:release", "dyno"}

// addHooks adds the webhooks: one of the repository, one of each app.
func (w *World) addHooks() error {
	to := strings.TrimRight(w.options.DeliverTo, "/")
	for _, app := range w.Apps {
		if !w.tells("heroku") {
			break
		}
		_, err := app.AddWebhook(herokusim.WebhookSpec{URL: to + herokuPath, Secret: w.secret(), Level: "sync", Include: herokuEntities})
		if err != nil {
			return err // the address is wrong, which GitHub would panic at
		}
	}
	if !w.tells("github") {
		return nil
	}
	w.GitHub.AddHook(repoOwner+"/"+repoName, githubsim.HookSpec{
		URL: to + githubPath, Secret: w.secret(), ContentType: "json", Events: githubEvents,
	})
	return nil
}

// tells whether a sender has webhooks.
func (w *World) tells(sender string) bool {
	return w.options.DeliverTo != "" && !slices.Contains(w.plan.silent, sender)
}

func (w *World) secret() string { return cmp.Or(w.options.Secret, DefaultSecret) }
