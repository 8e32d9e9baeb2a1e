package herokusim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	body    []byte
}

// bodyMax is how much of a body is read.
const bodyMax = 1 << 20

// decode reads the body's JSON.
func (r *request) decode(v any) error {
	if err := json.Unmarshal(r.body, v); err != nil {
		return &fault{status: http.StatusBadRequest, ID: "bad_request", Message: "Request invalid, validate usage and try again."}
	}
	return nil
}

// invalid is the refusal of a request that is well-formed but asks what cannot be.
func invalid(format string, args ...any) *fault {
	return &fault{status: http.StatusUnprocessableEntity, ID: "invalid_params", Message: fmt.Sprintf(format, args...)}
}

// with is an answer with another status than 200, or with a header of its own.
type with struct {
	status      int
	view        any
	name, value string // a header; "" for none
}

func created(view any) with { return with{status: http.StatusCreated, view: view} }

// accepted is the answer to what has no view: "Answer `{}` rather than an empty body".
func accepted() with { return with{status: http.StatusAccepted, view: struct{}{}} }

// handler answers a request with a view or a list. The server's lock is held.
type handler func(*request) (any, error)

// routes is the Platform API as far as it is simulated, and what lies beside it: streams, logs, sources.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /streams/{secret}", s.serveStream)
	mux.HandleFunc("GET /sites/{app}/{path...}", s.serveSite)
	mux.HandleFunc("GET /logplex/{secret}", s.serveLogs)
	mux.HandleFunc("GET /source-blobs/{secret}", s.serveSource)
	mux.HandleFunc("PUT /source-blobs/{secret}", s.takeSource)
	for _, part := range []map[string]handler{s.readRoutes(), s.changeRoutes(), s.dynoRoutes(), s.webhookRoutes(), s.dataRoutes()} {
		for pattern, h := range part {
			mux.Handle(pattern, s.serve(h))
		}
	}
	mux.Handle("/", s.serve(s.elsewhere))
	return mux
}

func (s *Server) readRoutes() map[string]handler {
	return map[string]handler{
		"GET /account":                                   s.showAccount,
		"GET /account/rate-limits":                       s.showRateLimit,
		"GET /oauth/authorizations":                      s.listAuthorizations,
		"GET /addons/{addon}":                            s.showAddon,
		"GET /apps":                                      s.listApps,
		"GET /apps/{app}":                                s.showApp,
		"GET /apps/{app}/addon-attachments":              s.listAttachments,
		"GET /apps/{app}/addons":                         s.listAddons,
		"GET /apps/{app}/builds":                         s.listBuilds,
		"GET /apps/{app}/builds/{build}":                 s.showBuild,
		"GET /apps/{app}/collaborators":                  s.listCollaborators,
		"GET /apps/{app}/config-vars":                    s.showConfig,
		"GET /apps/{app}/pipeline-couplings":             s.showCoupling,
		"GET /apps/{app}/releases":                       s.listReleases,
		"GET /apps/{app}/releases/{release}":             s.showRelease,
		"GET /apps/{app}/releases/{release}/config-vars": s.showReleaseConfig,
		"GET /apps/{app}/slugs/{slug}":                   s.showSlug,
		"POST /actions/addon-attachments/resolve":        s.resolveAttachment,
	}
}

func (s *Server) changeRoutes() map[string]handler {
	return map[string]handler{
		"PATCH /apps/{app}":                               s.changeApp,
		"PATCH /apps/{app}/config-vars":                   s.changeConfig,
		"POST /apps/{app}/collaborators":                  s.createCollaborator,
		"DELETE /apps/{app}/collaborators/{collaborator}": s.deleteCollaborator,
		"POST /apps/{app}/builds":                         s.createBuild,
		"DELETE /apps/{app}/builds/{build}":               s.cancelBuild,
		"POST /apps/{app}/releases":                       s.createRelease,
		"POST /sources":                                   s.createSource,
	}
}

func (s *Server) dynoRoutes() map[string]handler {
	return map[string]handler{
		"GET /apps/{app}/dynos":                           s.listDynos,
		"GET /apps/{app}/dynos/{dyno}":                    s.showDyno,
		"POST /apps/{app}/dynos":                          s.createDyno,
		"DELETE /apps/{app}/dynos":                        s.restartDynos,
		"DELETE /apps/{app}/dynos/{dyno}":                 s.restartDyno,
		"POST /apps/{app}/dynos/{dyno}/actions/stop":      s.stopDyno,
		"GET /apps/{app}/formation":                       s.listFormation,
		"GET /apps/{app}/formation/{type}":                s.showFormation,
		"PATCH /apps/{app}/formation":                     s.scaleBatch,
		"PATCH /apps/{app}/formation/{type}":              s.scaleOne,
		"DELETE /apps/{app}/formations/{type}":            s.restartType,
		"POST /apps/{app}/formations/{type}/actions/stop": s.stopType,
		"POST /apps/{app}/log-sessions":                   s.createLogSession,
	}
}

func (s *Server) webhookRoutes() map[string]handler {
	return map[string]handler{
		"GET /apps/{app}/webhooks":                      s.listWebhooks,
		"POST /apps/{app}/webhooks":                     s.createWebhook,
		"GET /apps/{app}/webhooks/{webhook}":            s.showWebhook,
		"PATCH /apps/{app}/webhooks/{webhook}":          s.changeWebhook,
		"DELETE /apps/{app}/webhooks/{webhook}":         s.deleteWebhook,
		"GET /apps/{app}/webhook-deliveries":            s.listWebhookDeliveries,
		"GET /apps/{app}/webhook-deliveries/{delivery}": s.showWebhookDelivery,
		"GET /apps/{app}/webhook-events":                s.listWebhookEvents,
		"GET /apps/{app}/webhook-events/{event}":        s.showWebhookEvent,
	}
}

// serve puts a handler behind what all of the API has in common: request ids, credentials, the rate limit, versions,
// ranges and ETags. The answer is written without the lock, so that a slow reader holds up nobody.
func (s *Server) serve(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
		if err != nil {
			return // the client is gone
		}
		s.reply(h, r, body, w.Header()).write(w)
	})
}

func (s *Server) reply(h handler, r *http.Request, body []byte, header http.Header) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.Method+r.URL.Path]++
	header.Set("Request-Id", uuid("request", r.Method, r.URL.Path, s.asked[r.Method+r.URL.Path]))
	header.Set("RateLimit-Remaining", strconv.Itoa(bucketSize))
	if s.warning != "" {
		// "Warning headers: `X-Heroku-Warning`, `Warning-Message`"
		header.Set("X-Heroku-Warning", s.warning)
		header.Set("Warning-Message", s.warning)
	}
	who := s.authenticate(r)
	if who == nil {
		return encode(r, header, unauthorized.status, unauthorized)
	}
	free := r.URL.Path == "/account/rate-limits"
	if !free && !who.bucket.take() {
		header.Set("RateLimit-Remaining", "0")
		return encode(r, header, rateLimited.status, rateLimited)
	}
	status, view := s.answer(h, &request{Request: r, account: who, body: body}, header)
	answer := encode(r, header, status, view)
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
	switch v := body.(type) {
	case list:
		return v.page(r.Header.Get("Range"), header)
	case with:
		if v.name != "" {
			header.Set(v.name, v.value)
		}
		return v.status, v.view, nil
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
