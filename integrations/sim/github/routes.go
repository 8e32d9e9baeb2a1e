package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
)

// call is one request on its way to an answer.
type call struct {
	s      *Server
	r      *http.Request
	who    *principal
	repo   *Repo
	query  url.Values
	header http.Header // of the answer
}

// path gives one element of the path by its name in the route.
func (c *call) path(name string) string { return c.r.PathValue(name) }

// handler reads what was asked for under the mutex. Its result holds nothing that may still change.
type handler func(c *call) (any, error)

// routes lists everything that is simulated, with the permission that the far end wants for it (facts 4).
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.serve("", notSimulated))
	mux.Handle("GET /rate_limit", s.serve("", rateLimit))
	mux.Handle("GET /user", s.serve("", currentUser))
	for _, route := range []struct {
		path, permission string
		handler          handler
	}{
		{"", "metadata=read", repository},
		{"/branches/{branch...}", "contents=read", branch},
		{"/commits", "contents=read", listCommits},
		{"/commits/{ref...}", "contents=read", commitRoutes},
		{"/compare/{basehead...}", "contents=read", compare},
		{"/contents", "contents=read", contents},
		{"/contents/{path...}", "contents=read", contents},
		{"/pulls", "pull_requests=read", listPulls},
		{"/pulls/{number}", "pull_requests=read", getPull},
		{"/pulls/{number}/commits", "pull_requests=read", pullCommits},
		{"/pulls/{number}/files", "pull_requests=read", pullFiles},
		{"/actions/workflows", "actions=read", listWorkflows},
		{"/actions/workflows/{workflow}", "actions=read", getWorkflow},
		{"/actions/workflows/{workflow}/runs", "actions=read", listRuns},
		{"/actions/runs", "actions=read", listRuns},
		{"/actions/runs/{run}", "actions=read", getRun},
		{"/actions/runs/{run}/attempts/{attempt}", "actions=read", getAttempt},
		{"/actions/runs/{run}/jobs", "actions=read", listJobs},
		{"/actions/runs/{run}/attempts/{attempt}/jobs", "actions=read", listAttemptJobs},
		{"/actions/jobs/{job}", "actions=read", getJob},
	} {
		mux.Handle("GET /repos/{owner}/{repo}"+route.path, s.serve(route.permission, inRepo(route.handler)))
	}
	return mux
}

// serve does for every request what GitHub does for every request: who asks, what he has left, and the headers.
func (s *Server) serve(permission string, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := s.handle(w.Header(), r, permission, h)
		if a.status == http.StatusNotModified {
			w.Header().Del("Content-Type")
			w.WriteHeader(a.status)
			return
		}
		write(w, a.status, a.body)
	})
}

// handle makes an answer. Encoding, the dearest part, happens outside the mutex.
func (s *Server) handle(header http.Header, r *http.Request, permission string, h handler) answer {
	s.common(header)
	if permission != "" {
		header.Set("X-Accepted-GitHub-Permissions", permission)
	}
	var who *principal
	var result any
	var err error
	s.locked(func() {
		asked := r.Method + " " + r.URL.RequestURI()
		s.asked[asked]++
		header.Set("X-GitHub-Request-Id", requestID(fmt.Sprintf("%s %d", asked, s.asked[asked])))
		if who, err = s.authenticate(r); err != nil {
			return
		}
		if !free(r.URL.Path) {
			if err = s.spend(who, s.quota(who), header); err != nil {
				return
			}
		}
		result, err = h(&call{s: s, r: r, who: who, query: r.URL.Query(), header: header})
	})
	a := finish(header, r, result, err)
	s.locked(func() {
		q := s.quota(who)
		if a.status == http.StatusNotModified && !free(r.URL.Path) {
			q.remaining = min(q.remaining+1, q.limit) // facts 6.4: a 304 is free
		}
		q.set(header)
	})
	return a
}

// inRepo finds the repository. One that the caller may not read is not there, for all that he is told.
func inRepo(h handler) handler {
	return func(c *call) (any, error) {
		c.repo = c.s.repo(c.path("owner") + "/" + c.path("repo"))
		if c.repo == nil || !c.who.mayRead(c.repo) {
			return nil, notFound()
		}
		return h(c)
	}
}

// notSimulated answers everything that GitHub may have and this simulator has not.
func notSimulated(c *call) (any, error) {
	return nil, &fault{status: http.StatusNotImplemented, message: fmt.Sprintf("not simulated: %s %s", c.r.Method, c.r.URL.Path)}
}

func rateLimit(c *call) (any, error) {
	core := c.s.quota(c.who).object()
	whole := func(limit int) object {
		return object{"limit": limit, "used": 0, "remaining": limit, "reset": core["reset"]}
	}
	return object{
		"resources": object{"core": core, "search": whole(30), "graphql": whole(tokenLimit), "integration_manifest": whole(tokenLimit), "code_search": whole(10)},
		"rate":      core,
	}, nil
}

func currentUser(c *call) (any, error) {
	u := c.s.known(c.who.login)
	if u == nil {
		return nil, &fault{status: http.StatusUnauthorized, message: "Requires authentication", doc: "rest/users/users#get-the-authenticated-user"}
	}
	o := c.s.userObject(u)
	for key, value := range (object{
		"name": u.name, "email": u.email, "company": nil, "blog": "", "location": nil, "hireable": nil, "bio": nil,
		"twitter_username": nil, "notification_email": nil, "public_repos": 0, "public_gists": 0, "followers": 0, "following": 0,
		"created_at": "2015-03-01T09:00:00Z", "updated_at": "2015-03-01T09:00:00Z",
	}) {
		o[key] = value
	}
	return o, nil
}
