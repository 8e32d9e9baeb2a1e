package hooks

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/memnet"
	"slipway/integrations/sim/weather"
	"slipway/integrations/sim/world"
)

const (
	bot       = "http://127.0.0.1:4004"
	repoName  = "penny-university/penny_university"
	fineToken = "github_pat_fine"
)

// stage is a world of two apps in one repository, and a bot's receiver, in memory.
type stage struct {
	*world.World
	t         *testing.T
	transport *http.Transport
	token     string // for GitHub; "" is the one that may do everything
	heroku    string // for Heroku, likewise
	from      map[*weather.Weather]int

	mu      sync.Mutex
	secrets map[string]string // by path; what is signed otherwise is refused
	taken   map[string]int
	refused map[string]int
}

// onStage runs f in a bubble. The hooks that the world has of its own are those of o.
func onStage(t *testing.T, o world.Options, f func(s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)))
		network := &memnet.Network{}
		s := &stage{
			t: t, transport: &http.Transport{DialContext: network.DialContext}, from: map[*weather.Weather]int{},
			secrets: map[string]string{}, taken: map[string]int{}, refused: map[string]int{},
		}
		o.GitHubURL, o.HerokuURL = "http://127.0.0.1:4002", "http://127.0.0.1:4003"
		o.Changes, o.Client = []string{"world pair"}, &http.Client{Transport: s.transport}
		var servers []*http.Server
		var serving sync.WaitGroup
		serve := func(addr string, h http.Handler) {
			l, err := network.Listen(addr)
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: h}
			servers = append(servers, server)
			serving.Go(func() { _ = server.Serve(l) })
		}
		serve("127.0.0.1:4004", s)
		w, err := world.New(o)
		if err != nil {
			t.Fatal(err)
		}
		s.World = w
		serve("127.0.0.1:4002", w.GitHub)
		serve("127.0.0.1:4003", w.Heroku)
		f(s)
		w.Close()
		s.transport.CloseIdleConnections()
		for _, server := range servers {
			_ = server.Close()
		}
		serving.Wait()
	})
}

// ServeHTTP is the bot's receiver.
func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(s.secrets[r.URL.Path]))
	mac.Write(body)
	sum := mac.Sum(nil)
	if r.Header.Get("X-Hub-Signature-256") != "sha256="+hex.EncodeToString(sum) &&
		r.Header.Get("Heroku-Webhook-Hmac-SHA256") != base64.StdEncoding.EncodeToString(sum) {
		s.refused[r.URL.Path]++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.taken[r.URL.Path]++
	w.WriteHeader(http.StatusAccepted)
}

// run is slipway hooks, with changes of its options. It gives what is printed and what failed.
func (s *stage) run(change func(o *Options)) (string, error) {
	s.t.Helper()
	env := map[string]string{}
	for _, l := range s.Env() {
		name, value, _ := strings.Cut(l, "=")
		env[name] = value
	}
	if s.token != "" {
		env["GITHUB_TOKEN"] = s.token
	}
	if s.heroku != "" {
		env["HEROKU_API_KEY"] = s.heroku
	}
	var out bytes.Buffer
	o := Options{To: bot, Out: &out, GitHubVariable: "GITHUB_TOKEN", HerokuVariable: "HEROKU_API_KEY"}
	var err error
	if o.GitHub, err = github.New(github.Options{URL: "http://127.0.0.1:4002", Token: env["GITHUB_TOKEN"], HTTP: s.transport}); err != nil {
		s.t.Fatal(err)
	}
	if o.Heroku, err = heroku.New(heroku.Options{URL: "http://127.0.0.1:4003", Token: env["HEROKU_API_KEY"], HTTP: s.transport}); err != nil {
		s.t.Fatal(err)
	}
	if err := (*config.Apps)(&o.Apps).Decode(env["APPS"]); err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(&o)
	}
	err = Run(s.t.Context(), o)
	synctest.Wait()
	return out.String(), err
}

// must is run where nothing fails.
func (s *stage) must(change func(o *Options)) string {
	s.t.Helper()
	text, err := s.run(change)
	if err != nil {
		s.t.Errorf("%v", err)
	}
	return text
}

// known gives a run the secrets of the receiver.
func known(o *Options) {
	o.GitHubSecret, o.HerokuSecret = config.NewSecret("hub"), config.NewSecret("her")
}

// receive lets the receiver take what is signed with these.
func (s *stage) receive(hub, her string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets["/webhooks/github"], s.secrets["/webhooks/heroku"] = hub, her
}

// changes counts the requests since it was last asked that were no reads.
func (s *stage) changes() int {
	n := 0
	for _, w := range []*weather.Weather{s.GitHub.Weather(), s.Heroku.Weather()} {
		requests, next := w.Requests(s.from[w])
		s.from[w] = next
		for _, r := range requests {
			if r.Method != http.MethodGet {
				n++
			}
		}
	}
	return n
}

// printed is the value of a variable among the lines of an output.
func printed(text, variable string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, variable+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// hub makes a hook of the repository by hand.
func (s *stage) hub(spec githubsim.HookSpec) {
	s.GitHub.AddHook(repoName, spec)
	synctest.Wait()
}
