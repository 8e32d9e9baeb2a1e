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
	URL      string  // where clients reach it, without a trailing slash; output streams live under it
	Speed    float64 // how much faster than life builds, release phases and dyno starts go; 0 means 1
	AnyToken bool    // take any token that looks like one (HRKU-… or a UUID), as the first account added
	// FreeNotModified makes 304 answers cost no rate-limit token. Whether they do at Heroku is not known, so
	// both are to be had.
	FreeNotModified bool
}

// Server is one Heroku: accounts, apps, and the API that shows them. Its methods may be called at any time, by anyone.
type Server struct {
	opts    Options
	weather *weather.Weather
	handler http.Handler

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup // builds, releases and dyno starts under way

	mu       sync.Mutex // guards everything below, and every App
	closed   bool
	accounts []*account
	tokens   map[string]*account
	apps     []*App
	streams  map[string]*stream // by the secret part of their address
	asked    map[string]int     // how often each method and path was asked, for request ids
	events   eventLog
}

// New makes a server without accounts or apps.
func New(opts Options) *Server {
	if opts.Speed <= 0 {
		opts.Speed = 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		opts:    opts,
		ctx:     ctx,
		cancel:  cancel,
		tokens:  map[string]*account{},
		streams: map[string]*stream{},
		asked:   map[string]int{},
	}
	s.weather = weather.New(s.refuse)
	s.handler = s.weather.Wrap(s.routes())
	return s
}

// ServeHTTP answers the Platform API and the output streams, behind the weather.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Weather is what stands between this server and its clients.
func (s *Server) Weather() *weather.Weather { return s.weather }

// Close ends all builds, releases and streams where they stand, and returns when nothing runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.work.Wait()
	s.weather.Close()
}

// Open tells in words what is still going on: builds, releases in their release phase, dynos that start. Empty when
// nothing is.
func (s *Server) Open() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []string
	for _, a := range s.apps {
		open = append(open, a.open()...)
	}
	return open
}

// spawn runs f on a goroutine that Close waits for. It tells whether it did: a closed server starts nothing.
func (s *Server) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.work.Go(f)
	return true
}

// pass lets d of life go by, at the server's speed. It gives ErrClosed when the server was closed meanwhile.
func (s *Server) pass(d time.Duration) error {
	t := time.NewTimer(time.Duration(float64(d) / s.opts.Speed))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-s.ctx.Done():
		return ErrClosed
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
