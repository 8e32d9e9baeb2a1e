package policy_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/policy"
	"slipway/bot/store"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/memnet"
)

const (
	addr  = "github.test:80"
	token = "ghp_token"
	name  = "penny-university/penny_university"
	one   = "penny-university=" + name + "#deploys"
	two   = one + ",penny-qa=Penny-University/penny_university#qa"
)

var repo = github.Repo{Owner: "penny-university", Name: "penny_university"}

// stage is a simulated GitHub with the team's repository, a database and a policy, in a bubble.
type stage struct {
	*githubsim.Server
	*policy.Policy
	t     *testing.T
	team  *githubsim.Repo
	store *store.Store
	api   *github.Client
	log   logged

	mu   sync.Mutex
	told []ledger.Fact // by what was folded, in its order
	kept int           // versions, as the policy says it
}

// onStage runs a test with a process that looks after apps.
func onStage(t *testing.T, apps string, test func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, Server: githubsim.New(githubsim.Options{Client: &http.Client{}})}
		s.team = s.AddRepo(repo.Owner, repo.Name, "master")
		s.team.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Begin", Files: []githubsim.File{{Path: "README.md", Text: "# Penny\n"}}})
		s.AddToken(token, "slipway-bot", name)
		defer s.serve()()
		var err error
		if s.store, err = store.Open(t.Context(), store.Options{Path: storetest.File(t), Unsafe: true}); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.store.Close(); err != nil {
				t.Error(err)
			}
		}()
		s.process(apps)
		test(s)
	})
}

func (s *stage) serve() (stop func()) {
	var network memnet.Network
	l, err := network.Listen(addr)
	if err != nil {
		s.t.Fatal(err)
	}
	server := &http.Server{Handler: s.Server}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	transport := &http.Transport{DialContext: network.DialContext}
	if s.api, err = github.New(github.Options{URL: "http://" + addr, Token: token, HTTP: transport}); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		transport.CloseIdleConnections()
		s.Close()
		_ = server.Close()
		serving.Wait()
		time.Sleep(time.Second) // net/http lets closed connections linger
	}
}

// process begins anew with APPS, with nothing in memory.
func (s *stage) process(list string) {
	s.t.Helper()
	var apps config.Apps
	if err := apps.Decode(list); err != nil {
		s.t.Fatal(err)
	}
	s.Policy = policy.New(policy.Options{Store: s.store, GitHub: s.api, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Apps: apps, Fold: s.fold, Kept: s.heard})
}

func (s *stage) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept++
}

func (s *stage) fold(ctx context.Context, tx *store.Tx, now time.Time, facts ...ledger.Fact) ([]ledger.Subject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, facts...)
	return ledger.Fold(ctx, tx, now, facts...)
}

// run starts the process, and gives what ends it.
func (s *stage) run() (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}

// commit puts the file on a branch; "-" takes it away.
func (s *stage) commit(branch, text string) {
	file := githubsim.File{Path: policy.File, Text: text}
	if text == "-" {
		file = githubsim.File{Path: policy.File, Gone: true}
	}
	s.team.Commit(branch, githubsim.CommitSpec{Author: "ada", Message: "Set " + text, Files: []githubsim.File{file}})
}

// set puts the file on the default branch and reads it.
func (s *stage) set(text string) {
	s.t.Helper()
	s.commit("master", text)
	s.refresh()
}

func (s *stage) refresh() {
	s.t.Helper()
	if err := s.Refresh(s.t.Context(), repo); err != nil {
		s.t.Fatal(err)
	}
}

// do runs a transaction.
func (s *stage) do(work func(ctx context.Context, tx *store.Tx) error) {
	s.t.Helper()
	if err := s.store.Do(s.t.Context(), work); err != nil {
		s.t.Fatal(err)
	}
}

// in gives what is in force for the first app, and what is wrong.
func (s *stage) in() (app settings.App, faulty policy.Faulty) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *store.Tx) (err error) {
		app, faulty, err = s.In(ctx, tx, s.Apps[0])
		return err
	})
	return app, faulty
}

// wants fails unless this is in force of notify.checks, and these lines say what is wrong.
func (s *stage) wants(checks settings.Checks, faults string) {
	s.t.Helper()
	app, faulty := s.in()
	if app.Notify.Checks != checks {
		s.t.Errorf("notify.checks is %q, want %q; the log:\n%s", app.Notify.Checks, checks, &s.log)
	}
	if got := faulty.Faults.Error(); !strings.HasPrefix(got, faults) || (faults == "") != (got == "") {
		s.t.Errorf("wrong is %q, want %q", got, faults)
	}
}

// told lists the versions that were not taken, each with whether a good one stayed, and what became of it.
func (s *stage) faulties() string {
	s.t.Helper()
	var lines []string
	s.do(func(ctx context.Context, tx *store.Tx) error {
		list, err := s.Faulties(ctx, tx, s.Apps[0], time.Time{})
		for _, f := range list {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s, good %t, %s", f.Faults[0].Text[:20], f.Good, f.Became)))
		}
		return err
	})
	return strings.Join(lines, "\n")
}

// branch is the one that the ledger takes for that which deploys.
func (s *stage) branch() string {
	s.t.Helper()
	var known *ledger.Known
	s.do(func(ctx context.Context, tx *store.Tx) (err error) {
		known, err = ledger.Load(ctx, tx, s.Apps[0].Name, repo)
		return err
	})
	return known.Branch()
}

// asked counts the requests to a path so far.
func (s *stage) asked(path string) (n int) {
	all, _ := s.Weather().Requests(0)
	for _, r := range all {
		if r.Path == "/repos/"+name+path {
			n++
		}
	}
	return n
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
