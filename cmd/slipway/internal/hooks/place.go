package hooks

import (
	"context"
	"slices"
	"time"

	"slipway/integrations/github"
)

// place is where webhooks are made: a repository, or an app.
type place interface {
	String() string
	sender() *sender
	hooks(ctx context.Context) ([]hook, error)
	// create and repair note what became of the secret.
	create(ctx context.Context, url string) error
	repair(ctx context.Context, h hook) error
	// deliveries are those that the far end still knows of, newest first.
	deliveries(ctx context.Context, h hook) ([]delivery, error)
	// byHand says how a person deletes a webhook.
	byHand(h hook) string
	// explain puts an error into words that say what the token lacks.
	explain(err error) error
}

// hook is a webhook as it stands.
type hook struct {
	id    string
	url   string
	about string   // what it is told of, and how
	wrong []string // what is not as it is to be, but for the secret, which cannot be read
}

// delivery is one webhook that was sent.
type delivery struct {
	at      time.Time
	what    string // its event
	outcome string
	refused bool // the receiver did not take the signature
}

// places are those of the apps: each repository once, then each app.
func places(o Options, ofGitHub, ofHeroku *sender) []place {
	var repos []github.Repo
	var list []place
	for _, app := range o.Apps {
		if !slices.Contains(repos, app.Repo) {
			repos = append(repos, app.Repo)
			list = append(list, &repository{o.GitHub, o.GitHubVariable, app.Repo, ofGitHub})
		}
	}
	for _, app := range o.Apps {
		list = append(list, &herokuApp{o.Heroku, o.HerokuVariable, app.Name, ofHeroku})
	}
	return list
}
