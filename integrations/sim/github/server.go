package githubsim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"slipway/integrations/sim/weather"
)

// Options say where the simulator lives. The zero value serves as GitHub itself would be addressed.
type Options struct {
	URL      string  // where clients reach it, without a slash at the end; default "https://api.github.com"
	HTML     string  // what html_url starts with; default "https://github.com"
	Speed    float64 // how much faster than life runs go; 0 means 1
	AnyToken bool    // take any token that starts with ghp_, github_pat_ or ghs_, for every repository
}

// Server is the simulated GitHub. Make it with New and end it with Close.
type Server struct {
	options Options
	weather *weather.Weather
	handler http.Handler

	ctx    context.Context // ends the runs
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu        sync.Mutex
	ids       map[string]int64
	users     map[string]*user      // by login in lower case
	tokens    map[string]*principal // by the token
	repos     map[string]*Repo      // by "owner/name" in lower case
	runs      []*run                // in the order of their creation
	events    []Event
	quotas    map[string]*quota // by login
	fresh     quota             // what SetQuota said, until its reset
	secondary *time.Duration    // the next request meets the secondary limit
	asked     map[string]int    // how often each request was seen, for its id
}

// New gives an empty GitHub in fair weather.
func New(o Options) *Server {
	if o.URL == "" {
		o.URL = "https://api.github.com"
	}
	if o.HTML == "" {
		o.HTML = "https://github.com"
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		options: o, ctx: ctx, cancel: cancel,
		ids: map[string]int64{}, users: map[string]*user{}, tokens: map[string]*principal{},
		repos: map[string]*Repo{}, quotas: map[string]*quota{}, asked: map[string]int{},
	}
	s.weather = weather.New(s.refuse)
	s.handler = s.weather.Wrap(s.routes())
	s.users["web-flow"] = &user{id: 19864447, login: "web-flow", name: "GitHub", email: webEmail, kind: "User"}
	return s
}

// ServeHTTP answers the REST API, behind the weather.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Weather is what stands between this server and its clients.
func (s *Server) Weather() *weather.Weather { return s.weather }

// Close cancels all runs and returns when their goroutines have ended.
func (s *Server) Close() {
	s.cancel()
	s.wg.Wait()
	s.weather.Close()
}

// Open names what is still going on, oldest first: "run CI #12 of master (test-backend)". A step that was told
// to hang is named too. It is empty when nothing goes on.
func (s *Server) Open() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []string
	for _, r := range s.runs {
		if !r.over() {
			open = append(open, r.words())
		}
	}
	return open
}

// next gives the next id of a kind.
func (s *Server) next(kind string) int64 {
	id, ok := s.ids[kind]
	if !ok {
		id = firstIDs[kind]
	}
	s.ids[kind] = id + 1
	return id
}

// firstIDs are as large as GitHub's are today, so that nothing that keeps ids in 32 bits goes unnoticed.
var firstIDs = map[string]int64{
	"user":     64_310_001,
	"repo":     98_230_417,
	"pull":     2_201_774_310,
	"workflow": 131_204_881,
	"run":      20_704_118_201,
	"suite":    53_118_400_610,
	"job":      59_417_702_113,
	"runner":   1_000_000_101,
	"status":   35_600_812_001,
}

// repo finds a repository by "owner/name"; GitHub does not mind the case.
func (s *Server) repo(full string) *Repo { return s.repos[strings.ToLower(full)] }

// sortedKeys serves loops whose order must not depend on a map's.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
