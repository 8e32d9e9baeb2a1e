package doctor_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/inbox"
	"slipway/bot/op"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/memnet"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/slack"
)

const (
	slackAt, githubAt, herokuAt, botAt = "slack.test:80", "github.test:80", "heroku.test:80", "bot.test:80"

	name    = "penny-university/penny_university"
	app     = "penny-university"
	own     = "penny-slipway"
	account = "slipway@penny.example"

	readToken, writeToken = "github_pat_reads", "github_pat_writes"
	readKey, writeKey     = "HRKU-reads", "HRKU-writes"
)

var wanted = []doctor.Scope{
	{Name: "channels:read", Why: "the channels of APPS by their names"},
	{Name: "chat:write", Why: "messages"},
	{Name: "commands", Why: "slash commands"},
	{Name: "groups:history", Why: "finding a message in a private channel"},
	{Name: "groups:read", Why: "private channels by their names"},
	{Name: "im:write", Why: "telling FALLBACK_USER"},
	{Name: "users:read", Why: "guests are refused"},
}

// stage is a set-up without a fault, in a bubble: real clients, simulated far ends, a database, and a receiver of webhooks.
type stage struct {
	t       *testing.T
	slack   *slacksim.Server
	github  *githubsim.Server
	heroku  *herokusim.Server
	team    *githubsim.Repo
	app     *herokusim.App
	ours    *herokusim.App // slipway itself
	store   *store.Store
	cable   *storetest.Cable
	status  atomic.Int64 // of the receiver; 0: it does not answer
	patient doctor.Patient

	network   memnet.Network
	transport *http.Transport
	closing   []func()
}

// onStage runs a test in a set-up that is well.
func onStage(t *testing.T, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t}
		s.transport = &http.Transport{DialContext: s.network.DialContext}
		s.status.Store(http.StatusAccepted)
		defer s.close()
		s.build()
		time.Sleep(time.Minute) // the first webhooks have come by then
		test(s)
	})
}

func (s *stage) build() {
	s.serve(botAt, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.status.Load() == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(int(s.status.Load()))
	}))
	s.buildSlack()
	s.buildGitHub()
	s.buildHeroku()
	s.configure()
	s.openStore()
	s.connect()
}

func (s *stage) buildSlack() {
	s.slack = slacksim.New(slacksim.Options{})
	s.slack.AddUser(slacksim.User{ID: "U0ALICE", Name: "alice"})
	s.slack.AddUser(slacksim.User{ID: "U0BOB", Name: "bob"})
	s.slack.AddChannel(slacksim.Channel{ID: "C0DEPLOYS", Name: "deploys", Members: []string{"U0ALICE"}, BotIn: true})
	s.serve(slackAt, s.slack)
	s.closing = append(s.closing, s.slack.Close)
}

func (s *stage) buildGitHub() {
	s.github = githubsim.New(githubsim.Options{URL: "http://" + githubAt, Client: &http.Client{Transport: s.transport}})
	s.team = s.github.AddRepo("penny-university", "penny_university", "master")
	s.team.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Begin", Files: []githubsim.File{{Path: ".slipway.yml", Text: "notify:\n  silence: true\n"}}})
	reads := githubsim.Permissions{"actions": "read", "contents": "read", "pull_requests": "read", "statuses": "read", "repository_hooks": "write"}
	s.github.AddFineToken(readToken, "slipway-bot", reads, name)
	s.github.AddFineToken(writeToken, "slipway-bot", githubsim.Permissions{"actions": "write", "contents": "write", "pull_requests": "write", "statuses": "write"}, name)
	s.github.ExpireToken(readToken, time.Now().AddDate(0, 3, 0))
	s.github.AddHook(name, githubsim.HookSpec{URL: "http://" + botAt + inbox.GitHubPath, Secret: "hub", ContentType: "json", Events: inbox.GitHubEvents()})
	s.serve(githubAt, s.github)
	s.closing = append(s.closing, s.github.Close)
}

func (s *stage) buildHeroku() {
	s.heroku = herokusim.New(herokusim.Options{Client: &http.Client{Transport: s.transport}})
	s.heroku.AddAccount(account, readKey)
	s.heroku.AddAccount(account, writeKey)
	s.app = s.heroku.AddApp(herokusim.AppSpec{Name: app, Owner: "alice@penny.example", Collaborators: []string{account}})
	s.ours = s.heroku.AddApp(herokusim.AppSpec{Name: own, Owner: account, Formation: []herokusim.Process{{Type: "worker", Command: "slipway run", Size: "Eco"}, {Type: "web", Command: "slipway run", Size: "Basic", Quantity: 1}}})
	eco := s.heroku.AddApp(herokusim.AppSpec{Name: "penny-eco", Owner: account, Formation: []herokusim.Process{{Type: "web", Command: "slipway run", Size: "Eco", Quantity: 1}}})
	for _, a := range []*herokusim.App{s.ours, eco} {
		a.PastRelease(herokusim.PastRelease{Kind: "code", Commit: "5f3a2b1c", CommitDescription: "slipway"})
	}
	s.hookHeroku(herokusim.WebhookSpec{URL: "http://" + botAt + inbox.HerokuPath, Secret: "her", Include: inbox.HerokuEntities()})
	s.serve(herokuAt, s.heroku)
	s.closing = append(s.closing, s.heroku.Close)
}

func (s *stage) hookHeroku(spec herokusim.WebhookSpec) {
	s.t.Helper()
	if _, err := s.app.AddWebhook(spec); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) configure() {
	c := &s.patient.Config
	for _, err := range []error{
		c.Apps.Decode(app + "=" + name + "#deploys"), c.Operators.Decode("U0ALICE"), c.FallbackUser.Decode("U0BOB"),
		c.HeartbeatURL.Decode("https://hc-ping.com/2f0e51f1"), c.GitHubSecrets.Decode("hub"), c.HerokuSecrets.Decode("her"),
	} {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	c.GitHubToken, c.GitHubWriteToken = config.NewSecret(readToken), config.NewSecret(writeToken)
	c.HerokuAPIKey, c.HerokuWriteKey = config.NewSecret(readKey), config.NewSecret(writeKey)
}

func (s *stage) openStore() {
	s.cable = &storetest.Cable{}
	kept, err := store.Open(s.t.Context(), store.Options{Path: storetest.File(s.t), Unsafe: true, Connect: s.cable.Connect})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store = kept
	s.closing = append(s.closing, func() { _ = kept.Close() }) // a test may have cut the line
}

// connect makes the clients.
func (s *stage) connect() {
	p := &s.patient
	sl := slack.ClientOptions{BotToken: s.slack.BotToken(), APIURL: "http://" + slackAt + "/api/", HTTP: &http.Client{Transport: s.transport, Timeout: 10 * time.Second}}
	p.Slack = slack.NewClient(sl)
	p.AppToken = func(ctx context.Context) error { return slack.TryAppToken(ctx, s.slack.AppToken(), sl) }
	p.GitHub, p.GitHubWrite = s.gitHubAs(readToken), s.gitHubAs(writeToken)
	p.Heroku, p.HerokuWrite = s.herokuAs(readKey), s.herokuAs(writeKey)
	p.Database = s.store.Vitals
	p.Channels = channels.New(channels.Options{Store: s.store, Slack: p.Slack, Log: slog.New(slog.DiscardHandler), Apps: p.Config.Apps})
	if _, err := p.Channels.Resolve(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	p.Others = func(ctx context.Context) (int, bool) {
		err := s.store.Do(ctx, func(context.Context, *store.Tx) error { return nil })
		return 0, err == nil
	}
	p.Standing = func(context.Context) ([]op.Standing, error) { return nil, nil }
	p.Refused = func(doctor.Sender) int { return 0 }
	p.Scopes, p.Dyno, p.OwnApp = wanted, "", ""
}

func (s *stage) gitHubAs(token string) *github.Client {
	c, err := github.New(github.Options{URL: "http://" + githubAt, Token: token, HTTP: s.transport})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *stage) herokuAs(key string) *heroku.Client {
	c, err := heroku.New(heroku.Options{URL: "http://" + herokuAt, Token: key, HTTP: s.transport})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *stage) serve(addr string, h http.Handler) {
	l, err := s.network.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	s.closing = append(s.closing, func() {
		_ = server.Close()
		serving.Wait()
	})
}

func (s *stage) close() {
	s.transport.CloseIdleConnections()
	for _, end := range slices.Backward(s.closing) {
		end()
	}
	time.Sleep(time.Minute) // net/http lets closed connections linger, and a far end may hang
}

// look makes all checks. None of their findings may show a secret.
func (s *stage) look() []doctor.Finding {
	s.t.Helper()
	found := doctor.New(s.patient).Look(s.t.Context())
	text := fmt.Sprint(found)
	for _, secret := range []string{s.slack.BotToken(), s.slack.AppToken(), readToken, writeToken, readKey, writeKey, "2f0e51f1"} {
		if strings.Contains(text, secret) {
			s.t.Errorf("%s shows in\n%s", secret, text)
		}
	}
	return found
}

// bad are the findings that are not well.
func (s *stage) bad() []doctor.Finding { return notWell(s.look()) }

func notWell(found []doctor.Finding) (bad []doctor.Finding) {
	for _, f := range found {
		if f.Level != doctor.OK {
			bad = append(bad, f)
		}
	}
	return bad
}
