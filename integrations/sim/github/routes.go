package githubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// call is one request on its way to an answer.
type call struct {
	s      *Server
	r      *http.Request
	who    *principal
	repo   *Repo
	query  url.Values
	body   []byte
	header http.Header // of the answer
}

// path gives one element of the path by its name in the route.
func (c *call) path(name string) string { return c.r.PathValue(name) }

// handler reads what was asked for under the mutex. Its result holds nothing that may still change.
type handler func(c *call) (any, error)

// route is one endpoint below a repository, with the permission that the far end wants for it (facts 4).
type route struct {
	method, path, permission string
	handler                  handler
}

// routes lists everything that is simulated.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.serve("", notSimulated))
	mux.Handle("GET /rate_limit", s.serve("", rateLimit))
	mux.Handle("GET /user", s.serve("", currentUser))
	mux.Handle("POST /graphql", s.serve("", graphQL))
	for _, r := range appRoutes {
		mux.Handle(r.method+" "+r.path, s.serve("", asApp(r.handler)))
	}
	for _, list := range [][]route{reads, hookRoutes, actions, writes} {
		for _, r := range list {
			mux.Handle(r.method+" /repos/{owner}/{repo}"+r.path, s.serve(r.permission, inRepo(r.permission, r.handler)))
		}
	}
	return s.byNumber(mux)
}

var reads = []route{
	{"GET", "", "metadata=read", repository},
	{"GET", "/branches/{branch...}", "contents=read", branch},
	{"GET", "/rules/branches/{branch...}", "metadata=read", branchRules},
	{"GET", "/commits", "contents=read", listCommits},
	{"GET", "/commits/{ref...}", "", commitRoutes},
	{"GET", "/compare/{basehead...}", "contents=read", compare},
	{"GET", "/contents", "contents=read", contents},
	{"GET", "/contents/{path...}", "contents=read", contents},
	{"GET", "/git/trees/{ref...}", "contents=read", getTree},
	{"GET", "/tarball", "contents=read", tarball},
	{"GET", "/tarball/{ref...}", "contents=read", tarball},
	{"GET", "/pulls", "pull_requests=read", listPulls},
	{"GET", "/pulls/{number}", "pull_requests=read", getPull},
	{"GET", "/pulls/{number}/commits", "pull_requests=read", pullCommits},
	{"GET", "/pulls/{number}/files", "pull_requests=read", pullFiles},
	{"GET", "/check-runs/{check}", "checks=read", getCheckRun},
	{"GET", "/check-runs/{check}/annotations", "checks=read", listAnnotations},
	{"GET", "/deployments", "deployments=read", listDeployments},
	{"GET", "/deployments/{deployment}", "deployments=read", getDeployment},
	{"GET", "/deployments/{deployment}/statuses", "deployments=read", listDeploymentStatuses},
}

var actions = []route{
	{"GET", "/actions/workflows", "actions=read", listWorkflows},
	{"GET", "/actions/workflows/{workflow}", "actions=read", getWorkflow},
	{"GET", "/actions/workflows/{workflow}/runs", "actions=read", listRuns},
	{"GET", "/actions/runs", "actions=read", listRuns},
	{"GET", "/actions/runs/{run}", "actions=read", getRun},
	{"GET", "/actions/runs/{run}/attempts/{attempt}", "actions=read", getAttempt},
	{"GET", "/actions/runs/{run}/jobs", "actions=read", listJobs},
	{"GET", "/actions/runs/{run}/attempts/{attempt}/jobs", "actions=read", listAttemptJobs},
	{"GET", "/actions/runs/{run}/logs", "actions=read", runLogs},
	{"GET", "/actions/runs/{run}/attempts/{attempt}/logs", "actions=read", runLogs},
	{"GET", "/actions/jobs/{job}", "actions=read", getJob},
	{"GET", "/actions/jobs/{job}/logs", "actions=read", jobLogs},
	{"POST", "/actions/runs/{run}/rerun", "actions=write", rerun},
	{"POST", "/actions/runs/{run}/rerun-failed-jobs", "actions=write", rerunFailed},
	{"POST", "/actions/jobs/{job}/rerun", "actions=write", rerunJob},
	{"POST", "/actions/runs/{run}/cancel", "actions=write", cancelRun},
	{"POST", "/actions/workflows/{workflow}/dispatches", "actions=write", dispatch},
}

var writes = []route{
	{"PUT", "/pulls/{number}/merge", "contents=write", mergePull},
	{"GET", "/pulls/{number}/merge", "contents=read; pull_requests=read", wasMerged},
	{"POST", "/statuses/{sha}", "statuses=write", createStatus},
	{"POST", "/check-runs", "checks=write", createCheckRun},
	{"PATCH", "/check-runs/{check}", "checks=write", updateCheckRun},
	{"POST", "/deployments", "deployments=write", createDeployment},
	{"POST", "/deployments/{deployment}/statuses", "deployments=write", createDeploymentStatus},
	{"DELETE", "/git/refs/{ref...}", "contents=write", deleteBranch},
}

var hookRoutes = []route{
	{"GET", "/hooks", "repository_hooks=read", listHooks},
	{"POST", "/hooks", "repository_hooks=write", createHook},
	{"GET", "/hooks/{hook}", "repository_hooks=read", getHook},
	{"PATCH", "/hooks/{hook}", "repository_hooks=write", editHook},
	{"DELETE", "/hooks/{hook}", "repository_hooks=write", deleteHook},
	{"GET", "/hooks/{hook}/config", "repository_hooks=read", getHookConfig},
	{"PATCH", "/hooks/{hook}/config", "repository_hooks=write", editHookConfig},
	{"POST", "/hooks/{hook}/pings", "repository_hooks=read", pingHook},
	{"GET", "/hooks/{hook}/deliveries", "repository_hooks=read", listDeliveries},
	{"GET", "/hooks/{hook}/deliveries/{delivery}", "repository_hooks=read", getDelivery},
	{"POST", "/hooks/{hook}/deliveries/{delivery}/attempts", "repository_hooks=write", redeliver},
}

// appRoutes are what an App may ask for with its JWT alone.
var appRoutes = []route{
	{"GET", "/app", "", getApp},
	{"GET", "/app/installations", "", listInstallations},
	{"GET", "/app/installations/{installation}", "", getInstallation},
	{"POST", "/app/installations/{installation}/access_tokens", "", createToken},
	{"GET", "/app/hook/deliveries", "", appDeliveries},
	{"GET", "/app/hook/deliveries/{delivery}", "", appDelivery},
	{"POST", "/app/hook/deliveries/{delivery}/attempts", "", redeliverToApp},
	{"GET", "/repos/{owner}/{repo}/installation", "", repoInstallation},
}

// serve does for every request what GitHub does for every request: who asks, what he has left, and the headers.
func (s *Server) serve(permission string, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := s.handle(w.Header(), r, permission, h)
		if a.body == nil {
			w.Header().Del("Content-Type")
			w.WriteHeader(a.status)
			return
		}
		write(w, a.status, a.body)
	})
}

// bodyMax is how much of a request is read.
const bodyMax = 1 << 20

// handle makes an answer. Encoding, the dearest part, happens outside the mutex.
func (s *Server) handle(header http.Header, r *http.Request, permission string, h handler) answer {
	s.common(header)
	if permission != "" {
		header.Set("X-Accepted-GitHub-Permissions", permission)
	}
	var who *principal
	var result any
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
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
		result, err = h(&call{s: s, r: r, who: who, query: r.URL.Query(), body: body, header: header})
	})
	a := finish(header, r, result, err)
	s.locked(func() {
		who.tell(header)
		q := s.quota(who)
		if a.status == http.StatusNotModified && !free(r.URL.Path) {
			q.remaining = min(q.remaining+1, q.limit) // facts 6.4: a 304 is free
		}
		q.set(header)
		if r.URL.Path == "/graphql" {
			header.Set("X-RateLimit-Resource", "graphql")
		}
	})
	return a
}

// inRepo finds the repository and checks the right. One that the caller may not read is not there, for all that he
// is told.
func inRepo(permission string, h handler) handler {
	return func(c *call) (any, error) {
		full := c.path("owner") + "/" + c.path("repo")
		c.repo = c.s.repo(full)
		if moved := c.s.renamed[strings.ToLower(full)]; c.repo == nil && moved != nil && c.who.mayRead(moved) {
			return c.movedTo(moved), nil
		}
		if c.repo == nil || !c.who.mayRead(c.repo) {
			return nil, notFound()
		}
		if c.who.outside {
			return nil, c.ssoFault()
		}
		if err := c.who.allows(permission); err != nil {
			return nil, err
		}
		return h(c)
	}
}

// decode reads the body; none at all is an empty object.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return &fault{status: http.StatusBadRequest, message: "Problems parsing JSON"}
	}
	return nil
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
	if c.who.integration != nil {
		return nil, &fault{status: http.StatusForbidden, message: "Resource not accessible by integration", doc: "rest/users/users#get-the-authenticated-user"}
	}
	if u == nil || c.who.jwt != nil {
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
