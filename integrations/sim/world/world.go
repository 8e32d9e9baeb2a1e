package world

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/weather"
)

// Options say which world, and where its servers can be reached.
type Options struct {
	// Changes are how it differs from the default, a line each; empty ones and remarks are passed over:
	//
	//	world two-files                      two workflow files of one name, a deploy that waits for no test and adds a commit
	//	world pair                           two apps, penny-qa and penny-university, in one channel
	//	release v121 config "Set FEATURE_X"  how Heroku describes a release of the past
	//	maintenance on                       the app is in maintenance mode
	//	latency 200ms                        how long each request takes to reach its server
	//	merge queue                          the tests run on what is in the merge queue, too; without it that lands at once
	//	down github                          it does not answer from the beginning; also heroku, slack, runs, runners
	//	no webhooks                          nobody set them up; also: no webhooks from github, no webhooks from heroku
	//	history 30 days                      two merges each working day of that time, #1 or so to #44, v74 or so to v122; some
	//	                                     were red first on the pull request, some on the branch
	//	history one release                  #44 and v122 are all that there ever was
	//	concurrency ci                       the runs of one branch wait for each other; a newer one replaces the one that waits
	//	concurrency ci cancel-in-progress    a newer run also cancels the one that goes on
	//	channel penny-qa #general            the channel that an app tells in, instead of #deploys
	//	mode read                            SLIPWAY_MODE; also of one app: mode penny-qa=read
	//	operators dave                       OPERATORS; several with commas between them
	//	group dba alice,bob                  a user group of Slack's, @dba
	Changes []string

	// Settings are the text of .slipway.yml in the repository; empty: it has none.
	Settings string
	// File gives the text that a line such as "!settings other.yml" names. With nil such lines fail.
	File func(name string) (string, error)

	Speed    float64 // how much faster than life runs and releases go; 0 means 1
	AnyToken bool    // take any token of the right form

	SlackURL, GitHubURL, HerokuURL string // without a slash at the end

	Scopes   []string // the bot's granted scopes; nil: all
	Commands []string // its registered slash commands; nil: any

	Shortcuts []slacksim.Shortcut // its registered message shortcuts; nil: any

	// DeliverTo is where GitHub and Heroku send webhooks of all that happens: to /webhooks/github and /webhooks/heroku
	// below it. Empty: they send none.
	DeliverTo string
	Secret    string       // signs the webhooks; empty: DefaultSecret
	Client    *http.Client // brings the webhooks; nil: each server has one of its own. Closing its connections is its owner's
}

// World is the three servers and what is going on in them.
type World struct {
	Slack  *slacksim.Server
	GitHub *githubsim.Server
	Heroku *herokusim.Server

	Repo *githubsim.Repo
	Apps []*herokusim.App // the one that lines such as "!config" mean is the last

	Start   time.Time // when the story begins
	options Options
	plan    plan
	tokens  tokens

	ctx    context.Context
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	mu     sync.Mutex
	doing  map[string]int // what the world itself is waiting for, in words

	lasting []lasting // commands of one-off dynos, as they were started
}

// tokens are the bot's.
type tokens struct{ github, heroku string }

// New makes a world as it is at its start, which is now.
func New(o Options) (*World, error) {
	plan, err := planned(o.Changes, time.Now())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := &World{
		Start: time.Now(), options: o, plan: plan, ctx: ctx, cancel: cancel, doing: map[string]int{},
		tokens: tokens{github: "ghp_SlipwaySandboxToken0000000000000000", heroku: "HRKU-5a5a5a5a-0000-4000-8000-000000000001"},
		Slack: slacksim.New(slacksim.Options{
			URL: o.SlackURL, AnyToken: o.AnyToken, Scopes: o.Scopes, Commands: o.Commands, Shortcuts: o.Shortcuts, BotName: "slipway",
		}),
		GitHub: githubsim.New(githubsim.Options{URL: o.GitHubURL, Speed: o.Speed, AnyToken: o.AnyToken, Client: o.Client}),
		Heroku: herokusim.New(herokusim.Options{URL: o.HerokuURL, Speed: o.Speed, AnyToken: o.AnyToken, Client: o.Client}),
	}
	w.addTeam()
	w.addApps()
	w.addRepo()
	for _, change := range plan.after {
		change(w)
	}
	if err := w.addHooks(); err != nil {
		w.Close()
		return nil, fmt.Errorf("webhooks to %s: %w", o.DeliverTo, err)
	}
	return w, nil
}

// Close ends everything that goes on and waits for it.
func (w *World) Close() {
	w.cancel()
	w.Slack.Close()
	w.GitHub.Close()
	w.Heroku.Close()
	w.tasks.Wait()
}

// Env is the environment, KEY=value, with which slipway runs in this world.
func (w *World) Env() []string {
	var apps []string
	for _, app := range w.Apps {
		apps = append(apps, app.Name()+"="+repoOwner+"/"+repoName+"#"+cmp.Or(w.plan.channels[app.Name()], "deploys"))
	}
	env := []string{
		"SLACK_APP_TOKEN=" + w.Slack.AppToken(),
		"SLACK_BOT_TOKEN=" + w.Slack.BotToken(),
		"GITHUB_TOKEN=" + w.tokens.github,
		"HEROKU_API_KEY=" + w.tokens.heroku,
		"APPS=" + strings.Join(apps, ","),
		"FALLBACK_USER=U0BOB",
		"SLACK_API_URL=" + w.options.SlackURL + "/api/",
		"GITHUB_API_URL=" + w.options.GitHubURL + "/",
		"HEROKU_API_URL=" + w.options.HerokuURL,
	}
	env = append(env, w.plan.rights.env()...)
	if w.tells("github") {
		env = append(env, "GITHUB_WEBHOOK_SECRET="+w.secret())
	}
	if w.tells("heroku") {
		env = append(env, "HEROKU_WEBHOOK_SECRET="+w.secret())
	}
	return env
}

// Open names what is still going on: runs, builds, releases, envelopes without an answer, work that comes late.
func (w *World) Open() []string {
	open := slices.Concat(w.Slack.Open(), w.GitHub.Open(), w.Heroku.Open())
	for _, server := range w.weathers() {
		open = append(open, server.Open()...)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, words := range slices.Sorted(maps.Keys(w.doing)) {
		if w.doing[words] > 0 {
			open = append(open, words)
		}
	}
	return open
}

func (w *World) weathers() []*weather.Weather {
	return []*weather.Weather{w.Slack.Weather(), w.GitHub.Weather(), w.Heroku.Weather()}
}

// InFlight is the number of requests that have arrived at one of the servers and are not answered.
func (w *World) InFlight() int {
	n := 0
	for _, server := range w.weathers() {
		n += server.InFlight()
	}
	return n
}

// begin lets something go on beside the story; Open names it until it is over. What fails has failed in the world, where
// people see it, so the error is nobody's here.
func (w *World) begin(words string, do func(ctx context.Context) error) {
	w.mu.Lock()
	w.doing[words]++
	w.mu.Unlock()
	w.tasks.Go(func() {
		_ = do(w.ctx)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.doing[words]--
	})
}

// app is the one that lines mean which name none.
func (w *World) app() *herokusim.App { return w.Apps[len(w.Apps)-1] }

func unknown(kind, word string, valid ...string) error {
	return fmt.Errorf("%q is no %s; there are %s", word, kind, strings.Join(valid, ", "))
}
