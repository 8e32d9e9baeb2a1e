package access_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/access"
	"slipway/bot/channels"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/policy"
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
	slackAddr, herokuAddr, githubAddr = "slack.test:80", "heroku.test:80", "github.test:80"

	herokuKey = "HRKU-7c0ffee0-1111-2222-3333-444455556666"
	room      = "C0DEPLOYS"
	elsewhere = "T0ELSEWHERE"

	carl = "U0CARL" // a collaborator
	mona = "U0MONA" // a member of the workspace
	oona = "U0OONA" // an operator
)

// stage is a simulated Slack, Heroku and GitHub, a database, and a door, in a bubble. carl, mona and oona are in #deploys.
type stage struct {
	*access.Door
	t      *testing.T
	slack  *slacksim.Server
	heroku *herokusim.Server
	github *githubsim.Server
	repo   *githubsim.Repo
	app    *herokusim.App
	made   access.Options // what doors are made with
	of     config.App     // whom it is asked about
	log    logged

	mu    sync.Mutex
	named map[string][]string // permissions on the app, by e-mail address

	stopped []func()
}

func onStage(t *testing.T, o slacksim.Options, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, slack: slacksim.New(o), named: map[string][]string{}}
		s.heroku = herokusim.New(herokusim.Options{URL: "http://" + herokuAddr, Client: &http.Client{}})
		s.github = githubsim.New(githubsim.Options{Client: &http.Client{}})
		s.people()
		s.world()
		defer s.close()
		s.build()
		test(s)
	})
}

// people fills the workspace.
func (s *stage) people() {
	s.is(slacksim.User{ID: carl, Name: "carl", RealName: "Carl Cole", Email: "carl@penny.example"})
	s.is(slacksim.User{ID: mona, Name: "mona", RealName: "Mona May", Email: "mona@penny.example"})
	s.is(slacksim.User{ID: oona, Name: "oona", RealName: "Oona Oz"})
	s.in(carl, mona, oona)
}

// is adds a person, or changes one.
func (s *stage) is(u slacksim.User) { s.slack.AddUser(u) }

// in makes these the people in the channel.
func (s *stage) in(ids ...string) {
	s.slack.AddChannel(slacksim.Channel{ID: room, Name: "deploys", Members: ids, BotIn: true})
}

// world makes what is outside of Slack.
func (s *stage) world() {
	s.heroku.AddAccount("owner@penny.example", herokuKey)
	s.app = s.heroku.AddApp(herokusim.AppSpec{Name: "penny-university", Owner: "owner@penny.example", Collaborators: []string{"carl@penny.example"}})
	s.repo = s.github.AddRepo("penny-university", "penny_university", "master")
	s.repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Begin", Files: []githubsim.File{{Path: "README.md", Text: "# Penny\n"}}})
	s.github.AddToken("ghp_token", "slipway-bot", "penny-university/penny_university")
}

// build makes the door, which has read that there is no .slipway.yml.
func (s *stage) build() {
	transport := s.serve(map[string]http.Handler{slackAddr: s.slack, herokuAddr: http.HandlerFunc(s.serveHeroku), githubAddr: s.github})
	gh, err := github.New(github.Options{URL: "http://" + githubAddr, Token: "ghp_token", HTTP: transport})
	if err != nil {
		s.t.Fatal(err)
	}
	hk, err := heroku.New(heroku.Options{URL: "http://" + herokuAddr, Token: herokuKey, HTTP: transport})
	if err != nil {
		s.t.Fatal(err)
	}
	sl := slack.NewClient(slack.ClientOptions{
		BotToken: s.slack.BotToken(), APIURL: "http://" + slackAddr + "/api/", HTTP: &http.Client{Transport: transport, Timeout: 10 * time.Second},
	})
	kept := s.empty() // a test may close it
	var apps config.Apps
	if err := apps.Decode("penny-university=penny-university/penny_university#deploys"); err != nil {
		s.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	s.of = apps[0]
	s.made = access.Options{
		Slack: sl, Heroku: hk, Store: kept, Log: log, Operators: []config.User{oona},
		Channels: channels.New(channels.Options{Store: kept, Slack: sl, Log: log, Apps: apps}),
		Policy:   policy.New(policy.Options{Store: kept, GitHub: gh, Log: log, Apps: apps}),
	}
	s.read()
	s.resolve()
	s.install()
	s.process()
}

// empty makes the door's database a new one, in which nothing is known.
func (s *stage) empty() *store.Store {
	s.t.Helper()
	kept, err := store.Open(s.t.Context(), store.Options{Path: storetest.File(s.t), Unsafe: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.stopped = append(s.stopped, func() { _ = kept.Close() })
	s.made.Store = kept
	return kept
}

// install makes known who the bot is, and which scopes it has.
func (s *stage) install() {
	self, err := s.made.Slack.Auth(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.made.Home = func(context.Context) (slack.Identity, error) { return self, nil }
}

// process makes a door that has nothing in memory.
func (s *stage) process() { s.Door = access.New(s.made) }

// read reads .slipway.yml.
func (s *stage) read() {
	s.t.Helper()
	if err := s.made.Policy.Refresh(s.t.Context(), s.of.Repo); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) resolve() {
	s.t.Helper()
	if _, err := s.made.Channels.Resolve(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// set puts .slipway.yml on the default branch and reads it.
func (s *stage) set(text string) {
	s.t.Helper()
	s.repo.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Set " + text, Files: []githubsim.File{{Path: policy.File, Text: text}}})
	s.read()
}

// serve answers at addresses in memory.
func (s *stage) serve(servers map[string]http.Handler) *http.Transport {
	var network memnet.Network
	var serving sync.WaitGroup
	transport := &http.Transport{DialContext: network.DialContext, MaxIdleConnsPerHost: 100}
	for addr, handler := range servers {
		l, err := network.Listen(addr)
		if err != nil {
			s.t.Fatal(err)
		}
		server := &http.Server{Handler: handler}
		serving.Go(func() { _ = server.Serve(l) })
		s.stopped = append(s.stopped, func() { _ = server.Close() })
	}
	s.stopped = append(s.stopped, transport.CloseIdleConnections, serving.Wait)
	return transport
}

func (s *stage) close() {
	s.slack.Close()
	s.heroku.Close()
	s.github.Close()
	for _, stop := range s.stopped {
		stop()
	}
	time.Sleep(time.Second) // net/http lets closed connections linger
}

// now asks for a confirmation.
func (s *stage) now(user string, verb settings.Verb) error {
	return s.Now(s.t.Context(), access.Who{User: user}, s.of, verb)
}

// changes asks for a plan.
func (s *stage) changes(user string, verb settings.Verb) error {
	return s.Changes(s.t.Context(), access.Who{User: user}, s.of, verb)
}

// reads asks to be shown something.
func (s *stage) reads(user string, _ settings.Verb) error {
	return s.Reads(s.t.Context(), access.Who{User: user}, s.of)
}

// refuses fails unless an error is a refusal by this rule; "" is none at all.
func (s *stage) refuses(err error, rule string) {
	s.t.Helper()
	if got := access.RuleOf(err); got != rule || (err == nil) != (rule == "") {
		s.t.Errorf("refused by %q (%v), want %q; the log:\n%s", got, err, rule, &s.log)
	}
}

// says fails unless an error is a refusal in these words.
func (s *stage) says(err error, words string) {
	s.t.Helper()
	if err == nil || err.Error() != words {
		s.t.Errorf("got\n%v\nwant\n%s", err, words)
	}
}

// asked counts the calls of a method of Slack's so far, or of Heroku's collaborators.
func (s *stage) asked(method string) (n int) {
	weather, path := s.slack.Weather(), "/api/"+method
	if method == "collaborators" {
		weather, path = s.heroku.Weather(), "/apps/penny-university/collaborators"
	}
	all, _ := weather.Requests(0)
	for _, r := range all {
		if r.Path == path {
			n++
		}
	}
	return n
}

// unread makes as if .slipway.yml was never read.
func (s *stage) unread() {
	s.t.Helper()
	err := s.made.Store.Do(s.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "delete from policies")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// logs fails unless the log says something so often.
func (s *stage) logs(words string, times int) {
	s.t.Helper()
	if n := strings.Count(s.log.String(), words); n != times {
		s.t.Errorf("the log says %q %d times, want %d:\n%s", words, n, times, &s.log)
	}
}

// logged keeps the lines of a log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
