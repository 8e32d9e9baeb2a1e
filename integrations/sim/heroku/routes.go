package herokusim

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// request is what a handler is given: whose it is, in which version, and of which app.
type request struct {
	*http.Request
	account *account
	sdk     bool
	app     *App // of paths below /apps/{app}
}

// handler answers a request with a view or a list. The server's lock is held.
type handler func(*request) (any, error)

// routes is the Platform API as far as it is simulated, and the output streams.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /streams/{secret}", s.serveStream)
	for pattern, h := range map[string]handler{
		"/account":                                   s.showAccount,
		"/account/rate-limits":                       s.showRateLimit,
		"/apps":                                      s.listApps,
		"/apps/{app}":                                s.showApp,
		"/apps/{app}/builds":                         s.listBuilds,
		"/apps/{app}/builds/{build}":                 s.showBuild,
		"/apps/{app}/collaborators":                  s.listCollaborators,
		"/apps/{app}/config-vars":                    s.showConfig,
		"/apps/{app}/dynos":                          s.listDynos,
		"/apps/{app}/dynos/{dyno}":                   s.showDyno,
		"/apps/{app}/formation":                      s.listFormation,
		"/apps/{app}/releases":                       s.listReleases,
		"/apps/{app}/releases/{release}":             s.showRelease,
		"/apps/{app}/releases/{release}/config-vars": s.showReleaseConfig,
		"/apps/{app}/slugs/{slug}":                   s.showSlug,
	} {
		mux.Handle("GET "+pattern, s.serve(h))
	}
	mux.Handle("/", s.serve(s.elsewhere))
	return mux
}

// serve puts a handler behind what all of the API has in common: request ids, credentials, the rate limit, versions,
// ranges and ETags. The answer is written without the lock, so that a slow reader holds up nobody.
func (s *Server) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.reply(h, r, w.Header()).write(w)
	})
}

func (s *Server) reply(h handler, r *http.Request, header http.Header) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.Method+r.URL.Path]++
	header.Set("Request-Id", uuid("request", r.Method, r.URL.Path, s.asked[r.Method+r.URL.Path]))
	header.Set("RateLimit-Remaining", strconv.Itoa(bucketSize))
	who := s.authenticate(r)
	if who == nil {
		return encode(r, header, unauthorized.status, unauthorized)
	}
	free := r.URL.Path == "/account/rate-limits"
	if !free && !who.bucket.take() {
		header.Set("RateLimit-Remaining", "0")
		return encode(r, header, rateLimited.status, rateLimited)
	}
	status, body := s.answer(h, &request{Request: r, account: who}, header)
	answer := encode(r, header, status, body)
	if answer.status == http.StatusNotModified && s.opts.FreeNotModified && !free {
		who.bucket.give()
	}
	header.Set("RateLimit-Remaining", strconv.Itoa(who.bucket.left()))
	return answer
}

// answer is a handler's answer, or the fault that came instead.
func (s *Server) answer(h handler, r *request, header http.Header) (status int, body any) {
	status, body, err := s.handle(h, r, header)
	if f, ok := errors.AsType[*fault](err); ok {
		return f.status, f
	}
	if err != nil {
		panic(err) // handlers give faults only
	}
	return status, body
}

func (s *Server) handle(h handler, r *request, header http.Header) (status int, body any, err error) {
	if r.account.refusal != nil {
		return 0, nil, r.account.refusal
	}
	if r.sdk, err = version(r.Header.Get("Accept")); err != nil {
		return 0, nil, err
	}
	if name := r.PathValue("app"); name != "" {
		// "404 `not_found` (also no permission)"; "Accept app by name AND by UUID"
		if r.app = s.app(name); r.app == nil || !r.app.shownTo(r.account) {
			return 0, nil, notFound("app")
		}
	}
	if body, err = h(r); err != nil {
		return 0, nil, err
	}
	if l, ok := body.(list); ok {
		return l.page(r.Header.Get("Range"), header)
	}
	return http.StatusOK, body, nil
}

// elsewhere answers what is not simulated: 501 and loudly where Heroku has something, else Heroku's own 404.
func (s *Server) elsewhere(r *request) (any, error) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	known := slices.Contains(topLevel, parts[0])
	if parts[0] == "apps" {
		known = len(parts) < 3 || slices.Contains(belowApp, parts[2])
	}
	if known {
		return nil, &fault{
			status: http.StatusNotImplemented, ID: "not_simulated",
			Message: "not simulated: " + r.Method + " " + r.URL.Path,
		}
	}
	return nil, notFound("resource")
}
