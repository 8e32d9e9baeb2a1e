package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/store"
	"slipway/commands"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
)

const (
	newsApps    = 40
	newsSamples = 300 // of posts, and of edits
	newsWarmUp  = 20  // cycles

	newsCycles = newsWarmUp + newsSamples + 10 + newsBehind // some more: a message may be edited by what is read meanwhile

	newsCycle  = 1450 * time.Millisecond // Slack allows 50 edits a minute
	newsBehind = 3                       // cycles between a message and its edit: Slack shows edits of one message every 1.5 s
	newsWithin = 100 * time.Millisecond  // p99
	newsLost   = 3 * time.Second         // an event that shows nothing by then
)

const (
	newsSecret = "s3cret"
	newsToken  = "HRKU-5a5a5a5a-0000-4000-8000-000000000001"
	newsGitHub = "ghp_SlipwaySandboxToken0000000000000000"
)

// The environment of the bot that tells.
const (
	newsFolder    = "SLIPWAY_TEST_NEWS_FOLDER" // of its database, and of the file with its address
	newsAppsOf    = "SLIPWAY_TEST_NEWS_APPS"
	newsGitHubURL = "SLIPWAY_TEST_NEWS_GITHUB"
	newsHerokuURL = "SLIPWAY_TEST_NEWS_HEROKU"
)

// telling is the whole bot, which takes webhooks, keeps what it knows on the disk, and tells.
var telling = responder{name: "telling", sockets: 2, answer: func(ctx context.Context, api, appToken string) error {
	cfg := config.Config{
		SlackAppToken: config.NewSecret(appToken), SlackBotToken: config.NewSecret(os.Getenv(answerBotToken)),
		GitHubToken: config.NewSecret(newsGitHub), HerokuAPIKey: config.NewSecret(newsToken),
		SlackAPIURL:  config.APIURL(strings.TrimSuffix(api, "/")),
		GitHubAPIURL: config.APIURL(os.Getenv(newsGitHubURL)), HerokuAPIURL: config.APIURL(os.Getenv(newsHerokuURL)),
	}
	folder := os.Getenv(newsFolder)
	err := errors.Join(cfg.Apps.Decode(os.Getenv(newsAppsOf)), cfg.GitHubSecrets.Decode(newsSecret), cfg.HerokuSecrets.Decode(newsSecret))
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(folder, "slipway.db")})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	b, err := bot.New(cfg, commands.All(), bot.Outside{Store: st, Log: log, Version: "bench"})
	if err != nil {
		return err
	}
	defer b.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var serving sync.WaitGroup
	defer serving.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	serving.Go(func() { _ = b.Serve(ctx, l) })
	if err := os.WriteFile(filepath.Join(folder, "address.new"), []byte(l.Addr().String()), 0o600); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(folder, "address.new"), filepath.Join(folder, "address")); err != nil {
		return err
	}
	return b.Run(ctx)
}}

// BenchmarkNews measures the time from a webhook of Heroku's to the message that tells of it: from the moment it is sent until
// Slack has it, one at a time.
func BenchmarkNews(b *testing.B) {
	for b.Loop() {
		n := newNews(b)
		n.play()
		n.report()
		n.close()
	}
}

// news are the far ends of a bot with many apps, each with a channel of its own.
type news struct {
	b      *testing.B
	sim    *slacksim.Server
	heroku *herokusim.Server
	apps   []*herokusim.App
	hold   *holder
	target string // the bot's
	stop   func() (stalled time.Duration)
	ends   []func() // of the far ends

	took map[slacksim.Kind][]time.Duration
	none int // events that showed nothing
}

func newNews(b *testing.B) *news {
	b.Helper()
	n := &news{b: b, hold: &holder{waiting: map[string][]*delivery{}}, took: map[slacksim.Kind][]time.Duration{}}
	github := githubsim.New(githubsim.Options{})
	n.heroku = herokusim.New(herokusim.Options{Speed: 1000})
	n.heroku.AddAccount("slipway@penny.example", newsToken)
	n.sim = slacksim.New(slacksim.Options{})
	door := n.serve(n.hold, func() {})
	var repos, apps []string
	for i := range newsApps {
		name := appOf(i)
		n.apps = append(n.apps, n.app(name, door))
		n.sim.AddChannel(slacksim.Channel{ID: channelOf(i), Name: name, BotIn: true})
		github.AddRepo("penny", name, "master").Commit("master", githubsim.CommitSpec{Author: "alice", Message: "Begin", At: time.Now().Add(-time.Hour)})
		repos, apps = append(repos, "penny/"+name), append(apps, fmt.Sprintf("%s=penny/%s#%s", name, name, channelOf(i)))
	}
	github.AddToken(newsGitHub, "slipway", repos...)
	folder := b.TempDir()
	b.Setenv(newsFolder, folder)
	b.Setenv(newsAppsOf, strings.Join(apps, ","))
	b.Setenv(newsGitHubURL, n.serve(github, github.Close))
	b.Setenv(newsHerokuURL, n.serve(n.heroku, n.heroku.Close))
	_, n.stop = telling.start(b, n.serve(n.sim, n.sim.Close)+"/api/", n.sim)
	n.await("address", func() bool {
		address, err := os.ReadFile(filepath.Join(folder, "address"))
		n.target = "http://" + string(address)
		return err == nil
	})
	n.await("the first messages", func() bool {
		told := 0
		for i := range newsApps {
			told += min(1, len(n.sim.Messages(channelOf(i))))
		}
		return told == newsApps
	})
	return n
}

func appOf(i int) string { return fmt.Sprint("app-", i) }

func channelOf(i int) string { return fmt.Sprint("C0APP", i) }

// serve serves on a port of its own until the end.
func (n *news) serve(h http.Handler, end func()) (url string) {
	server := httptest.NewServer(h)
	n.ends = append(n.ends, func() {
		server.CloseClientConnections()
		end()
		server.Close()
	})
	return server.URL
}

// app has a past of fifty releases, and webhooks.
func (n *news) app(name, door string) *herokusim.App {
	app := n.heroku.AddApp(herokusim.AppSpec{
		Name: name, Owner: "alice@penny.example", Collaborators: []string{"slipway@penny.example"}, ReleasePhase: "python manage.py migrate",
		Formation: []herokusim.Process{{Type: "web", Command: "gunicorn penny.wsgi", Quantity: 1}}, CreatedAt: time.Now().AddDate(-1, 0, 0),
	})
	for v := range 50 {
		app.PastRelease(herokusim.PastRelease{
			Version: v + 1, Kind: "code", Commit: fmt.Sprintf("%040x", v+1), CommitDescription: "Work", By: "alice@penny.example",
			At: time.Now().Add(time.Duration(v-51) * time.Hour),
		})
	}
	if _, err := app.AddWebhook(herokusim.WebhookSpec{URL: door + "/" + name, Secret: newsSecret, Level: "sync", Include: []string{"api:release"}}); err != nil {
		panic(err)
	}
	return app
}

// await waits for what comes by itself, two minutes at most.
func (n *news) await(what string, there func() bool) {
	n.b.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !there(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			n.b.Fatalf("%s did not come within two minutes", what)
		}
	}
}

// play lets a variable change in each cycle, and an earlier release succeed.
func (n *news) play() {
	var changes sync.WaitGroup
	defer changes.Wait()
	tick := time.NewTicker(newsCycle)
	defer tick.Stop()
	for cycle := range newsCycles {
		if cycle == newsWarmUp {
			clear(n.took)
			n.none = 0
		}
		app := n.apps[cycle%newsApps]
		if cycle < newsCycles-newsBehind {
			changes.Go(func() { _, _ = app.SetConfig(context.Background(), fmt.Sprint("V", cycle), "1", "alice@penny.example") })
			n.pass(cycle % newsApps)
		}
		time.Sleep(newsCycle / 2)
		if cycle >= newsBehind {
			n.pass((cycle - newsBehind) % newsApps)
		}
		<-tick.C
	}
}

// pass takes the next webhook of an app to the bot, and waits for what Slack gets of it.
func (n *news) pass(app int) {
	var d *delivery
	n.await("a webhook", func() bool { d = n.hold.next(appOf(app)); return d != nil })
	_, from := n.sim.Journal(1 << 30)
	r, err := http.NewRequest("POST", n.target+"/webhooks/heroku", bytes.NewReader(d.body))
	if err != nil {
		n.b.Fatal(err)
	}
	r.Header = d.header
	sent := time.Now()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		n.b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		n.b.Errorf("a webhook is answered %s", answer.Status)
	}
	for late := time.After(newsLost); ; {
		changed := n.sim.Changed()
		entries, next := n.sim.Journal(from)
		from = next
		for _, e := range entries {
			if e.Channel == channelOf(app) {
				n.took[e.Kind] = append(n.took[e.Kind], e.At.Sub(sent))
				return
			}
		}
		select {
		case <-changed:
		case <-late:
			n.none++
			return
		}
	}
}

func (n *news) report() {
	for _, kind := range slices.Sorted(maps.Keys(n.took)) {
		took := slices.Sorted(slices.Values(n.took[kind]))
		p99 := took[len(took)*99/100]
		for name, d := range map[string]time.Duration{"p50": took[len(took)/2], "p99": p99, "max": took[len(took)-1]} {
			n.b.ReportMetric(float64(d)/1e6, fmt.Sprintf("%s-%s-ms", kind, name))
		}
		n.b.ReportMetric(float64(len(took)), string(kind))
		n.b.Logf("%s: %d, p50 %v, p90 %v, p99 %v, max %v", kind, len(took), took[len(took)/2], took[len(took)*9/10], p99, took[len(took)-1])
		if p99 >= newsWithin {
			n.b.Errorf("%s: p99 is %s, and should be below %s", kind, p99, newsWithin)
		}
	}
	n.b.ReportMetric(float64(n.none), "untold")
	if posts, edits := len(n.took[slacksim.Posted]), len(n.took[slacksim.Updated]); posts < newsSamples || edits < newsSamples {
		n.b.Errorf("%d posts and %d edits, want %d of each; %d events showed nothing", posts, edits, newsSamples, n.none)
	}
	if faults := n.sim.Faults(); len(faults) > 0 {
		n.b.Errorf("Slack's rules were broken: %q", faults)
	}
}

func (n *news) close() {
	n.b.ReportMetric(float64(n.stop())/1e6, "stall-ms")
	for _, end := range n.ends {
		end()
	}
}

// delivery is a webhook on its way.
type delivery struct {
	header http.Header
	body   []byte
}

// holder takes webhooks from Heroku, and keeps them until it is their turn.
type holder struct {
	mu      sync.Mutex
	waiting map[string][]*delivery // by app, in the order in which they came
}

// ServeHTTP takes one.
func (h *holder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	app := strings.TrimPrefix(r.URL.Path, "/")
	h.mu.Lock()
	h.waiting[app] = append(h.waiting[app], &delivery{r.Header.Clone(), body})
	h.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

func (h *holder) next(app string) *delivery {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.waiting[app]) == 0 {
		return nil
	}
	d := h.waiting[app][0]
	h.waiting[app] = h.waiting[app][1:]
	return d
}
