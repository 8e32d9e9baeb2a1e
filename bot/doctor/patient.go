package doctor

import (
	"context"
	"slices"
	"sync"

	"slipway/bot/abreast"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/op"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/slack"
)

// Scope is a permission of the bot's token in Slack, and what it is needed for.
type Scope struct{ Name, Why string }

// Patient is a set-up. What the command line does not have, which has no running bot, may be left out.
type Patient struct {
	Config config.Config

	Slack       *slack.Client               // nil, as the other two may be: it is not asked
	AppToken    func(context.Context) error // asks Slack to take the app-level token; nil: it is in use, so it is taken
	GitHub      *github.Client
	GitHubWrite *github.Client // with GITHUB_WRITE_TOKEN; nil: there is none
	Heroku      *heroku.Client
	HerokuWrite *heroku.Client // with HEROKU_WRITE_API_KEY; nil: there is none

	Database func(context.Context) (store.Vitals, error)  // looks at the database and changes nothing
	Channels *channels.Channels                           // nil: the channels are looked for by their names
	Others   func(context.Context) (n int, known bool)    // sockets of somebody else with our app-level token; nil: nobody counts them
	Standing func(context.Context) ([]op.Standing, error) // operations that have an app; nil: nobody carries any out
	Refused  func(Sender) int                             // requests with a wrong signature, or none; nil: nobody counts them

	Scopes []Scope // that the bot token needs
	Dyno   string  // DYNO, such as web.1; "": this is no dyno
	OwnApp string  // the Heroku app that slipway itself runs as; "": not known
	Post   bool    // post a message into each channel, and delete it

	*visit
}

// Sender is who sends webhooks.
type Sender string

// The senders.
const (
	FromGitHub Sender = "GitHub"
	FromHeroku Sender = "Heroku"
)

// visit is what the checks of one end tell each other.
type visit struct {
	lost bool // the end does not answer, or refuses us: what else it would say follows from that

	mu     sync.Mutex
	unseen []string          // repositories and apps that cannot be read: the same of them
	main   map[string]string // default branches by repository
}

func (v *visit) lose(found ...Finding) []Finding {
	v.lost = true
	return found
}

func (v *visit) pass(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.unseen = append(v.unseen, name)
}

func (v *visit) passed(name string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Contains(v.unseen, name)
}

// eachApp asks about all apps at the same time, and gives the findings in the order of APPS.
func (p *Patient) eachApp(look func(config.App) []Finding) []Finding {
	var apps []config.App
	for _, app := range p.Config.Apps {
		if !p.passed(app.Name) {
			apps = append(apps, app)
		}
	}
	return together(apps, look)
}

// eachRepo asks about all repositories of APPS, each once.
func (p *Patient) eachRepo(look func(github.Repo) []Finding) []Finding {
	var repos []github.Repo
	for _, app := range p.Config.Apps {
		if !slices.Contains(repos, app.Repo) && !p.passed(app.Repo.String()) {
			repos = append(repos, app.Repo)
		}
	}
	return together(repos, look)
}

// together asks about all at the same time, and gives what is found in their order.
func together[T, F any](all []T, look func(T) []F) []F {
	found := make([][]F, len(all))
	abreast.Each(len(all), func(i int) { found[i] = look(all[i]) })
	return slices.Concat(found...)
}
