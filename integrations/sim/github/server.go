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
	Blob     string  // where Blob is reached, for job logs and archives; default a path below URL, or without one "https://productionresultssa0.blob.core.windows.net"
	AnyToken bool    // take any token that starts with ghp_, github_pat_ or ghs_, for every repository

	// Client brings the webhooks to their receivers; nil: one of its own. A delivery ends after ten seconds. The
	// client's idle connections stay its owner's to close.
	Client *http.Client
}

// Server is the simulated GitHub. Make it with New and end it with Close.
type Server struct {
	options  Options
	weather  *weather.Weather
	outgoing *weather.Outgoing
	handler  http.Handler
	blobs    http.Handler

	client    *http.Client // brings the webhooks
	ownClient bool

	ctx    context.Context // ends the runs
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu         sync.Mutex
	ids        map[string]int64
	users      map[string]*user      // by login in lower case
	tokens     map[string]*principal // by the token
	repos      map[string]*Repo      // by "owner/name" in lower case
	runs       []*run                // in the order of their creation
	events     []Event
	quotas     map[string]*quota // by login
	fresh      quota             // what SetQuota said, until its reset
	hooks      []*hook           // in the order of their creation
	deliveries []*Delivery       // answered or given up, oldest first
	forgotten  int               // deliveries no longer kept
	apps       []*app
	renamed    map[string]*Repo // by their old names, in lower case
	secondary  *time.Duration   // the next request meets the secondary limit
	treeMax    int              // entries of a recursive tree
	asked      map[string]int   // how often each request was seen, for its id
	runless    bool             // no run is started
	late       []lateStart      // what runs start for once they do again, oldest first
	runners    chan struct{}    // nil, or closed when there are runners again
}

// New gives an empty GitHub in fair weather.
func New(o Options) *Server {
	if o.Blob == "" && o.URL != "" {
		o.Blob = o.URL + blobPath
	}
	if o.URL == "" {
		o.URL = "https://api.github.com"
	}
	if o.HTML == "" {
		o.HTML = "https://github.com"
	}
	if o.Blob == "" {
		o.Blob = "https://productionresultssa0.blob.core.windows.net"
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		options: o, ctx: ctx, cancel: cancel,
		ids: map[string]int64{}, users: map[string]*user{}, tokens: map[string]*principal{},
		repos: map[string]*Repo{}, quotas: map[string]*quota{}, asked: map[string]int{},
		renamed: map[string]*Repo{}, client: o.Client, treeMax: treeMax,
	}
	if s.client == nil {
		s.client, s.ownClient = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}, true
	}
	s.weather = weather.New(s.refuse)
	s.outgoing = weather.NewOutgoing(1)
	s.handler = s.weather.Wrap(s.routes())
	s.blobs = http.StripPrefix(blobPath, s.Blob())
	s.users["web-flow"] = &user{id: 19864447, login: "web-flow", name: "GitHub", email: webEmail, kind: "User"}
	return s
}

// blobPath is where Blob answers too, for those who have one address for all of GitHub.
const blobPath = "/_blobs"

// ServeHTTP answers the REST API, behind the weather.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, blobPath+"/") {
		s.blobs.ServeHTTP(w, r)
		return
	}
	s.handler.ServeHTTP(w, r)
}

// LimitTrees sets how many entries a recursive tree gives at most, which is 100,000 otherwise.
func (s *Server) LimitTrees(most int) { s.locked(func() { s.treeMax = most }) }

// Weather is what stands between this server and its clients.
func (s *Server) Weather() *weather.Weather { return s.weather }

// Close cancels all runs and returns when their goroutines have ended.
func (s *Server) Close() {
	s.cancel()
	s.wg.Wait()
	s.outgoing.Close()
	if s.ownClient {
		s.client.CloseIdleConnections()
	}
	s.weather.Close()
}

// Open names what is still going on, oldest first: "run CI #12 of master (test-backend)", and then the webhooks that
// wait or are under way: "delivery of push to 127.0.0.1:8080". A step that was told to hang is named too. It is
// empty when nothing goes on.
func (s *Server) Open() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []string
	for _, r := range s.runs {
		if !r.over() {
			open = append(open, r.words())
		}
	}
	return append(open, s.outgoing.Waiting()...)
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
	"user":              64_310_001,
	"repo":              98_230_417,
	"pull":              2_201_774_310,
	"workflow":          131_204_881,
	"run":               20_704_118_201,
	"suite":             53_118_400_610,
	"hook":              512_340_011,
	"delivery":          4_512_340_118_001,
	"installation":      61_204_433,
	"deployment":        2_713_004_551,
	"deployment status": 4_931_220_871,
	"token":             1,
	"stop":              1,
	"job":               59_417_702_113,
	"runner":            1_000_000_101,
	"status":            35_600_812_001,
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
