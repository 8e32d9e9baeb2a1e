package herokusim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"slipway/integrations/sim/weather"
)

// ErrClosed is returned by work that the end of the server cut short.
var ErrClosed = errors.New("the Heroku simulator is closed")

// Options say how a server behaves.
type Options struct {
	URL      string  // where clients reach it, without a trailing slash; output streams and the apps themselves live under it
	Speed    float64 // how much faster than life builds, release phases and dyno starts go; 0 means 1
	AnyToken bool    // take any token that looks like one (HRKU-… or a UUID), as the first account added
	// FreeNotModified makes 304 answers cost no rate-limit token. Whether they do at Heroku is not known, so
	// both are to be had.
	FreeNotModified bool

	Client     *http.Client // with which webhooks are sent and sources fetched; nil: one of its own
	Rendezvous string       // host:port where clients reach ServeRendezvous; "": attached runs are not simulated

	// Of what follows it is not known what Heroku does; the zero value is the likelier, and both are to be had.
	RefuseSecondBuild bool          // a build is refused (422) while another runs, instead of waiting for it
	AnyContentType    bool          // a source may be PUT with a Content-Type
	TimeLimitStatus   int           // exit status of a dyno that came to its time limit: 143 (0 means that) or 137
	ZeroIsNull        bool          // the last event of a dyno that ended with 0 has no exit_status
	DynosAppearAfter  time.Duration // how long after its creation a one-off dyno answers 404
}

// Server is one Heroku: accounts, apps, and the API that shows them. Its methods may be called at any time, by anyone.
type Server struct {
	opts     Options
	weather  *weather.Weather
	outgoing *weather.Outgoing
	handler  http.Handler
	client   *http.Client

	ctx    context.Context // ends at Close
	cancel context.CancelCauseFunc
	work   sync.WaitGroup // builds, releases and dyno starts under way

	mu       sync.Mutex // guards everything below, and every App
	closed   bool
	accounts []*account
	tokens   map[string]*account
	grants   map[string]grant // what is known of a token, by it
	apps     []*App
	streams  map[string]*stream // by the secret part of their address
	asked    map[string]int     // how often each method and path was asked, for request ids
	events   eventLog
	sent     deliveryLog
	uploads  map[string]*upload     // by the secret part of their address
	sessions map[string]*logSession // likewise
	meetings map[string]*oneOff     // attached runs that wait for their client, by secret
	warning  string
}

// New makes a server without accounts or apps.
func New(opts Options) *Server {
	if opts.Speed <= 0 {
		opts.Speed = 1
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	s := &Server{
		opts:    opts,
		ctx:     ctx,
		cancel:  cancel,
		tokens:  map[string]*account{},
		grants:  map[string]grant{},
		streams: map[string]*stream{},
		asked:   map[string]int{},

		outgoing: weather.NewOutgoing(1),
		client:   opts.Client,
		uploads:  map[string]*upload{},
		sessions: map[string]*logSession{},
		meetings: map[string]*oneOff{},
	}
	if s.client == nil {
		s.client = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	s.weather = weather.New(s.refuse)
	s.handler = s.weather.Wrap(s.routes())
	return s
}

// ServeHTTP answers the Platform API and the output streams, behind the weather.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Weather is what stands between this server and its clients.
func (s *Server) Weather() *weather.Weather { return s.weather }

// Outgoing is the queue of webhook deliveries. Its faults go by the entity and the action: "api:release",
// "api:release.update".
func (s *Server) Outgoing() *weather.Outgoing { return s.outgoing }

// SetWarning sets the text that comes with every answer from now on, as Heroku warns its clients; "" for none.
func (s *Server) SetWarning(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.warning = text
}

// Close ends all builds, releases and streams where they stand, and returns when nothing runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel(ErrClosed)
	s.work.Wait()
	s.outgoing.Close()
	s.weather.Close()
	if s.opts.Client == nil {
		s.client.CloseIdleConnections()
	}
}

// Open tells in words what is still going on: builds, releases in their release phase, dynos that start, one-off dynos,
// webhook deliveries under way or waiting for their next try. Empty when nothing is.
func (s *Server) Open() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []string
	for _, a := range s.apps {
		open = append(open, a.open()...)
	}
	return append(open, s.outgoing.Waiting()...)
}

// spawn runs f on a goroutine that Close waits for. It tells whether it did: a closed server starts nothing.
func (s *Server) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begin(f)
}

// begin is spawn for those who hold the lock.
func (s *Server) begin(f func()) bool {
	if s.closed {
		return false
	}
	s.work.Go(f)
	return true
}

// life is how long d of life takes here.
func (s *Server) life(d time.Duration) time.Duration { return time.Duration(float64(d) / s.opts.Speed) }

// pass lets d of life go by, at the server's speed. It gives the cause when ctx ended meanwhile.
func (s *Server) pass(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	t := time.NewTimer(s.life(d))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// AddApp adds an app as it is before its first release. Its owner and collaborators get accounts if they have none. A
// name that is taken is a mistake of the caller, and panics.
func (s *Server) AddApp(spec AppSpec) *App {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.app(spec.Name) != nil {
		panic(fmt.Sprintf("herokusim: there is an app %s already", spec.Name))
	}
	a := newApp(s, spec)
	s.apps = append(s.apps, a)
	return a
}

// app finds an app by name or id; nil when there is none.
func (s *Server) app(identity string) *App {
	for _, a := range s.apps {
		if a.name == identity || a.id == identity {
			return a
		}
	}
	return nil
}
