package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"slipway/integrations/sim/world"
)

// The ports of the four listeners, counted from the first.
const (
	pageOffset = iota
	slackOffset
	githubOffset
	herokuOffset
	offsets
)

// servers are the listeners of a sandbox, all on 127.0.0.1.
type servers struct {
	listeners [offsets]net.Listener
	running   []*http.Server
	done      sync.WaitGroup
}

// lastPort is the largest port that has three more after it.
const lastPort = 65535 - (offsets - 1)

// listen opens four ports: port and the three after it, or with 0 any.
func listen(port int) (*servers, error) {
	if port < 0 || port > lastPort {
		return nil, &OptionError{"--port", fmt.Errorf("there are no four ports from %d on; the last that has them is %d", port, lastPort)}
	}
	s := &servers{}
	for i := range s.listeners {
		p := 0
		if port != 0 {
			p = port + i
		}
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
		if err != nil {
			s.close()
			return nil, inUse(port, p, err)
		}
		s.listeners[i] = l
	}
	return s, nil
}

// inUse says which of the four ports is not free.
func inUse(first, port int, err error) error {
	if first == 0 || !errors.Is(err, syscall.EADDRINUSE) {
		return err
	}
	return fmt.Errorf("port %d is in use, and --port %d takes the four from %d to %d", port, first, first, first+offsets-1)
}

func (s *servers) url(offset int) string { return "http://" + s.listeners[offset].Addr().String() }

func (s *servers) serve(w *world.World) {
	handlers := [offsets]http.Handler{pageOffset: s.page(), slackOffset: w.Slack, githubOffset: w.GitHub, herokuOffset: w.Heroku}
	for i, h := range handlers {
		server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), ReadHeaderTimeout: 10 * time.Second}
		s.running = append(s.running, server)
		s.done.Go(func() { _ = server.Serve(s.listeners[i]) })
	}
}

// page says where things are.
func (s *servers) page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "slipway sandbox\n\nSlack   %s/api/\nGitHub  %s\nHeroku  %s\n\nType in the terminal where it was started.\n",
			s.url(slackOffset), s.url(githubOffset), s.url(herokuOffset))
	})
}

func (s *servers) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, server := range s.running {
		if errors.Is(server.Shutdown(ctx), context.DeadlineExceeded) {
			_ = server.Close()
		}
	}
	for _, l := range s.listeners {
		if l != nil {
			_ = l.Close()
		}
	}
	s.done.Wait()
}
