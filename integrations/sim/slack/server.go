package slacksim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"slipway/integrations/sim/weather"
)

// Server is one simulated Slack workspace with one app.
type Server struct {
	opts    Options
	weather *weather.Weather
	web     http.Handler // the Web API and the response URLs, behind the weather

	mu     sync.Mutex // guards everything below; nothing blocks while it is held
	closed bool
	wg     sync.WaitGroup // sockets and timers
	timers map[*timer]struct{}
	ids    ids
	host   string // of the last request, for URLs when Options.URL is empty

	tokenRefusal string
	appRefusal   string // of the app-level token alone
	limits       limits

	users    map[string]*User
	groups   map[string]*Group
	channels map[string]*channel
	triggers map[string]*trigger
	hooks    map[string]*hook
	views    map[string]*view
	offered  map[offerKey][]map[string]any                      // options of external selects
	fields   map[stateKey]map[string]map[string]json.RawMessage // of messages, per person
	stacks   map[string][]*view                                 // by person, the modal on top last
	homes    map[string]*view                                   // by person

	link      link
	envelopes map[string]*envelope
	pending   map[*Delivery]struct{}

	journal  []Entry
	contents []Content
	misfits  []string
	changed  chan struct{}
	faults   []string
	stats    Stats
}

// New gives a workspace with nobody in it but the bot.
func New(opts Options) *Server {
	s := &Server{
		opts:      opts.withDefaults(),
		weather:   weather.New(refuse),
		timers:    map[*timer]struct{}{},
		users:     map[string]*User{},
		groups:    map[string]*Group{},
		channels:  map[string]*channel{},
		triggers:  map[string]*trigger{},
		hooks:     map[string]*hook{},
		views:     map[string]*view{},
		offered:   map[offerKey][]map[string]any{},
		fields:    map[stateKey]map[string]map[string]json.RawMessage{},
		stacks:    map[string][]*view{},
		homes:     map[string]*view{},
		envelopes: map[string]*envelope{},
		pending:   map[*Delivery]struct{}{},
		changed:   make(chan struct{}),
	}
	s.link.tickets = map[string]time.Time{}
	s.link.linger = map[*socket]struct{}{}
	s.link.turn = s.opts.Seed
	s.users[botUserID] = &User{ID: botUserID, Name: s.opts.BotName, RealName: s.opts.BotName, TeamID: teamID, Bot: true}
	web := http.NewServeMux()
	web.HandleFunc("/api/{method...}", s.serveMethod)
	web.HandleFunc("/commands/", s.serveHook)
	web.HandleFunc("/actions/", s.serveHook)
	web.HandleFunc("/", s.serveUnknown)
	s.web = s.weather.Wrap(web)
	return s
}

// ServeHTTP answers what clients ask. Sockets do not pass through the weather, since an open socket is no
// request in flight, but there are none while Slack is down.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.host = r.Host
	s.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/link/") {
		s.serveLink(w, r)
		return
	}
	s.web.ServeHTTP(w, r)
}

// Weather is the weather between this Slack and its clients. To take Slack down, call [Server.SetDown], which
// also cuts the sockets at once; after Weather().SetDown they are cut when the next frame would pass.
func (s *Server) Weather() *weather.Weather { return s.weather }

// SetDown makes Slack unreachable and cuts every socket, until it is called with false.
func (s *Server) SetDown(down bool) {
	s.weather.SetDown(down)
	if down {
		s.CutSockets()
	}
}

// Close ends every socket and timer and waits for their goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.stopTimers()
	for _, k := range slices.Clone(s.link.sockets) {
		s.gone(k, "the server closed")
	}
	for k := range s.link.linger {
		_ = k.conn.NetConn().Close()
	}
	s.mu.Unlock()
	s.weather.Close()
	s.wg.Wait()
}

// Open gives in words what is still going on: envelopes without an ack, redeliveries that are due. It is empty
// when nothing is.
func (s *Server) Open() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for d := range s.pending {
		out = append(out, d.what)
	}
	slices.Sort(out)
	return out
}

// Faults gives what clients did against the protocol so far, oldest first: double acks, acks for envelopes that
// never were, acks that were too large or too late, spent triggers and tickets, methods that are not simulated.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// base is what URLs to this server start with.
func (s *Server) base() string {
	if s.opts.URL != "" {
		return strings.TrimSuffix(s.opts.URL, "/")
	}
	return "http://" + s.host
}
