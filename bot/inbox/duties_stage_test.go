package inbox_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config"
	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/reader"
	"slipway/bot/reader/readertest"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/world"
)

const (
	githubAddr = "127.0.0.1:4002"
	herokuAddr = "127.0.0.1:4003"
	hooksAddr  = "127.0.0.1:4004"
)

// begin is when every story takes place: Monday 2026-01-05 14:00 UTC.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// lookout is an inbox with its duties in a world.
type lookout struct {
	*world.World
	t       *testing.T
	network *memnet.Network
	apps    config.Apps
	client  *http.Client // reaches everybody in the world
	github  *github.Client
	reader  *reader.Reader
	so      store.Options
	secrets [][]byte // nil: the receivers are off
	log     *logged

	store  *store.Store
	inbox  *inbox.Inbox
	duties *inbox.Duties
	stop   func() // ends the process in good order
}

// inWorld sets up a lookout in a bubble. Its process is not started.
func inWorld(t *testing.T, changes []string, play func(l *lookout)) {
	t.Helper()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		network := &memnet.Network{}
		transport := &http.Transport{DialContext: network.DialContext, MaxIdleConnsPerHost: 32}
		l := &lookout{
			t: t, network: network, log: &logged{},
			client: &http.Client{Transport: transport}, so: store.Options{Path: path, Unsafe: true}, secrets: [][]byte{[]byte(world.DefaultSecret)},
		}
		w, err := world.New(world.Options{
			Changes: changes, GitHubURL: "http://" + githubAddr, HerokuURL: "http://" + herokuAddr,
			DeliverTo: "http://" + hooksAddr, Client: &http.Client{Transport: transport},
		})
		if err != nil {
			t.Fatal(err)
		}
		l.World = w
		defer l.serve(githubAddr, w.GitHub)()
		defer l.serve(herokuAddr, w.Heroku)()
		defer transport.CloseIdleConnections()
		defer w.Close()
		l.meet(transport)
		defer func() {
			if l.stop != nil {
				l.stop()
			}
			if t.Failed() {
				t.Logf("the log:\n%s", l.log)
			}
		}()
		play(l)
	})
}

func (l *lookout) serve(addr string, h http.Handler) (stop func()) {
	listener, err := l.network.Listen(addr)
	if err != nil {
		l.t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	return func() {
		_ = server.Close()
		serving.Wait()
	}
}

func (l *lookout) meet(transport http.RoundTripper) {
	if err := l.apps.Decode(l.env("APPS")); err != nil {
		l.t.Fatal(err)
	}
	var err error
	if l.github, err = github.New(github.Options{URL: l.env("GITHUB_API_URL"), Token: l.env("GITHUB_TOKEN"), HTTP: transport}); err != nil {
		l.t.Fatal(err)
	}
	hk, err := heroku.New(heroku.Options{URL: l.env("HEROKU_API_URL"), Token: l.env("HEROKU_API_KEY"), HTTP: transport})
	if err != nil {
		l.t.Fatal(err)
	}
	l.reader = reader.New(l.github, hk)
}

func (l *lookout) env(name string) string {
	for _, line := range l.Env() {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// start starts the process: the receiver, the folding and the duties.
func (l *lookout) start() {
	l.t.Helper()
	l.so.Log = slogTo(l.log)
	var err error
	if l.store, err = store.Open(l.t.Context(), l.so); err != nil {
		l.t.Fatal(err)
	}
	l.duties = inbox.NewDuties(inbox.DutyOptions{
		Store: l.store, Log: slogTo(l.log), Apps: l.apps, Reader: l.reader, GitHub: l.github,
		GitHubTells: l.secrets != nil, HerokuTells: l.secrets != nil,
	})
	l.inbox = inbox.New(inbox.Options{
		Store: l.store, Log: slogTo(l.log), GitHubSecrets: l.secrets, HerokuSecrets: l.secrets, Folded: l.duties.Folded,
	})
	unserve := l.serve(hooksAddr, l.inbox.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { l.inbox.Run(ctx) })
	running.Go(func() { l.duties.Run(ctx) })
	l.stop = func() {
		cancel()
		running.Wait()
		unserve()
		if err := l.store.Close(); err != nil {
			l.t.Error(err)
		}
		l.stop = nil
	}
}

// do lets something happen: a line of a conversation, without its "!".
func (l *lookout) do(line string) {
	l.t.Helper()
	words := strings.Fields(line)
	if err := l.Do(words[0], words[1:]); err != nil {
		l.t.Fatalf("!%s: %v", line, err)
	}
}

// settle waits until nothing goes on any more but what the bot does.
func (l *lookout) settle() {
	l.t.Helper()
	for range 3600 {
		time.Sleep(time.Second)
		if len(l.Open()) == 0 {
			return
		}
	}
	l.t.Fatalf("this goes on: %q", l.Open())
}

// untilLive waits until a release runs.
func (l *lookout) untilLive(version int) {
	l.t.Helper()
	app := l.Apps[len(l.Apps)-1]
	for range 3600 {
		if app.Current().Version == version {
			return
		}
		time.Sleep(time.Second)
	}
	l.t.Fatalf("v%d does not come; live is v%d", version, app.Current().Version)
}

// untilOver waits until the newest run is over.
func (l *lookout) untilOver() {
	l.t.Helper()
	for range 3600 {
		if l.Repo.Runs()[0].Status == "completed" {
			return
		}
		time.Sleep(time.Second)
	}
	l.t.Fatalf("the run does not end: %+v", l.Repo.Runs()[0])
}

// app is the one that lines mean which name none.
func (l *lookout) app() config.App { return l.apps[len(l.apps)-1] }

// known is what the database knows.
func (l *lookout) known() *ledger.Known {
	l.t.Helper()
	var k *ledger.Known
	err := l.store.Do(l.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = ledger.Load(ctx, tx, l.app().Name, l.app().Repo)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return k
}

// current fails the test when the database knows something else than a first reading shows, or something is missing.
func (l *lookout) current() {
	l.t.Helper()
	k, fresh := l.known(), ledger.New(l.app().Name, l.app().Repo)
	l.reader.Know(l.t.Context(), l.app(), fresh, reader.Trust{})
	if len(fresh.Gaps()) > 0 {
		l.t.Fatalf("a first reading has gaps: %v", fresh.Gaps())
	}
	if len(k.Missing())+len(k.Gaps()) > 0 {
		l.t.Errorf("missing is %v, gaps are %v", k.Missing(), k.Gaps())
	}
	if behind := readertest.Behind(k, fresh); len(behind) > 0 {
		l.t.Error(readertest.Short(behind))
	}
}

// standing is how it stands with a sender.
func (l *lookout) standing(s ledger.Sender) inbox.Standing {
	l.t.Helper()
	list, err := l.duties.Standings(l.t.Context(), l.app())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, standing := range list {
		if standing.Sender == s {
			return standing
		}
	}
	l.t.Fatalf("nobody watches %s", s)
	return inbox.Standing{}
}

// counting counts the requests to GitHub and Heroku from now on.
func (l *lookout) counting() func() (github, heroku []string) {
	_, atGitHub := l.World.GitHub.Weather().Requests(0)
	_, atHeroku := l.World.Heroku.Weather().Requests(0)
	return func() (github, heroku []string) {
		toGitHub, _ := l.World.GitHub.Weather().Requests(atGitHub)
		toHeroku, _ := l.World.Heroku.Weather().Requests(atHeroku)
		for _, r := range toGitHub {
			github = append(github, r.At.UTC().Format("15:04:05 ")+r.Method+" "+r.Path)
		}
		for _, r := range toHeroku {
			heroku = append(heroku, r.At.UTC().Format("15:04:05 ")+r.Method+" "+r.Path)
		}
		return github, heroku
	}
}
