package world_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/world"
)

// receiver takes webhooks that are rightly signed.
type receiver struct {
	secret string

	mu     sync.Mutex
	events []string // "github push", "heroku api:release"
	wrong  []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return // cut off at the world's end
	}
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write(body)
	name, signed := "", false
	switch q.URL.Path {
	case "/webhooks/github":
		name = "github " + q.Header.Get("X-GitHub-Event")
		signed = q.Header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(mac.Sum(nil))
	case "/webhooks/heroku":
		_, rest, _ := strings.Cut(string(body), `"include":"`)
		include, _, _ := strings.Cut(rest, `"`)
		_, rest, _ = strings.Cut(string(body), `"app":{"id":"`)
		app, _, _ := strings.Cut(rest, `"`)
		name = "heroku " + include + " " + app
		signed = q.Header.Get("Heroku-Webhook-Hmac-SHA256") == base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, name)
	if !signed || q.Header.Get("Content-Type") != "application/json" {
		r.wrong = append(r.wrong, name)
	}
	w.WriteHeader(http.StatusAccepted)
}

// receiving runs f in a bubble with a world that sends its webhooks to a receiver.
func receiving(t *testing.T, o world.Options, f func(s story, r *receiver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		network := &memnet.Network{}
		l, err := network.Listen("127.0.0.1:4004")
		if err != nil {
			t.Fatal(err)
		}
		r := &receiver{secret: o.Secret}
		if r.secret == "" {
			r.secret = world.DefaultSecret
		}
		server := &http.Server{Handler: r}
		done := make(chan error)
		go func() { done <- server.Serve(l) }()
		transport := &http.Transport{DialContext: network.DialContext}
		o.DeliverTo, o.Client = "http://127.0.0.1:4004/", &http.Client{Transport: transport}
		w, err := world.New(o)
		if err != nil {
			t.Fatal(err)
		}
		f(story{w, t}, r)
		w.Close()
		transport.CloseIdleConnections()
		_ = server.Close()
		<-done
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.wrong) > 0 {
			t.Errorf("these are wrongly signed: %q", r.wrong)
		}
	})
}

func TestEveryHookIsToldOfWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", "another"} {
		receiving(t, world.Options{Changes: []string{"world pair", "merge queue"}, Secret: secret}, func(s story, r *receiver) {
			s.do("push 45")
			s.do("merge 46 queue")
			s.settle()
			var want []string
			for _, event := range []string{"check_run", "check_suite", "merge_group", "ping", "pull_request", "push", "workflow_job", "workflow_run"} {
				want = append(want, "github "+event)
			}
			var entities []string
			for _, app := range s.Apps {
				for _, entity := range []string{"api:build", "api:release", "dyno"} {
					entities = append(entities, "heroku "+entity+" "+app.ID())
				}
			}
			want = append(want, slices.Sorted(slices.Values(entities))...)
			got := slices.Compact(slices.Sorted(slices.Values(r.events)))
			if diff := cmp.Diff(want, got); diff != "" {
				s.t.Errorf("(-want +received):\n%s", diff)
			}
		})
	}
}

func TestABotInAWorldThatSendsKnowsTheSecrets(t *testing.T) {
	t.Parallel()
	receiving(t, world.Options{Secret: "another"}, func(s story, _ *receiver) {
		env := s.Env()
		for _, want := range []string{"GITHUB_WEBHOOK_SECRET=another", "HEROKU_WEBHOOK_SECRET=another"} {
			if !slices.Contains(env, want) {
				s.t.Errorf("%s is not in %q", want, env)
			}
		}
	})
}

func TestAWorldSendsToNobodyUnlessToldTo(t *testing.T) {
	in(t, nil, func(s story) {
		if env := strings.Join(s.Env(), " "); strings.Contains(env, "WEBHOOK") {
			s.t.Errorf("nothing is sent, and the environment is %s", env)
		}
		s.do("merge 46")
		s.settle()
		if sent, _ := s.GitHub.Deliveries(0); len(sent) > 0 {
			s.t.Errorf("%d webhooks were sent to nobody", len(sent))
		}
	})
}

func TestWebhooksToNowhereAreRefused(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"bot.example.com", "ftp://127.0.0.1", "http://"} {
		if w, err := world.New(world.Options{DeliverTo: to}); err == nil || !strings.Contains(err.Error(), "webhooks to "+to) {
			t.Errorf("%s: %v", to, err)
			if w != nil {
				w.Close()
			}
		}
	}
}

// Without the line "merge queue" nothing is tried in the queue, as in a repository whose workflows do not listen to it.
func TestAMergeFromTheQueueLandsWhenItsTestsHavePassed(t *testing.T) {
	t.Parallel()
	for line, waits := range map[string]bool{"": false, "merge queue": true} {
		t.Run(line, func(t *testing.T) {
			in(t, []string{line}, func(s story) {
				before := s.Repo.Head("master")
				s.do("merge 46 queue")
				if waiting := s.Repo.Head("master").SHA == before.SHA; waiting != waits {
					s.t.Errorf("it waits: %v, want %v", waiting, waits)
				}
				if err := s.try("merge 46 queue"); err == nil {
					s.t.Error("it is in the queue twice")
				}
				s.settle()
				if now := s.app().Current(); now.Commit != s.Repo.Head("master").SHA || now.Commit == before.SHA {
					s.t.Errorf("live is %+v", now)
				}
			})
		})
	}
}

func TestFaultsOfDeliveriesStayUntilTheyAreTakenBack(t *testing.T) {
	t.Parallel()
	for _, clear := range []string{"fault github deliver clear", "fault github clear"} {
		receiving(t, world.Options{}, func(s story, r *receiver) {
			pushes := func() (n int) {
				s.do("push 45")
				for _, e := range r.events {
					if e == "github push" {
						n++
					}
				}
				return n
			}
			s.do("fault github deliver push drop always")
			if n := pushes() + pushes(); n > 0 {
				s.t.Errorf("%d pushes were told", n)
			}
			s.do(clear)
			if n := pushes(); n != 1 {
				s.t.Errorf("after %s %d pushes were told", clear, n)
			}
		})
	}
}

func TestOnlyThoseTellWhoseWebhooksAreSetUp(t *testing.T) {
	t.Parallel()
	for line, who := range map[string]string{"no webhooks": "", "no webhooks from github": "heroku", "no webhooks from heroku": "github"} {
		receiving(t, world.Options{Changes: []string{line}}, func(s story, r *receiver) {
			s.do("merge 46")
			s.settle()
			for _, sender := range []string{"github", "heroku"} {
				tells := strings.Contains(strings.Join(r.events, "\n"), sender)
				knows := strings.Contains(strings.Join(s.Env(), "\n"), strings.ToUpper(sender)+"_WEBHOOK_SECRET")
				if want := sender == who; tells != want || knows != want {
					s.t.Errorf("%s: %s tells %t, the bot has its secret %t", line, sender, tells, knows)
				}
			}
		})
	}
}
