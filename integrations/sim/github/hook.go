package githubsim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// HookSpec describes a webhook of a repository.
type HookSpec struct {
	URL, Secret string
	ContentType string   // "json" or "form"; empty: "form", as GitHub's own default is
	Events      []string // empty: "push"; "*" is all of them
}

// Hook is a webhook as worlds and tests see it.
type Hook struct {
	ID               int64
	Repo             string // "owner/name"; empty for an App's
	URL, ContentType string
	Events           []string
	Active           bool
	CreatedAt        time.Time
}

type hook struct {
	repo        *Repo // nil: an App's
	app         *app  // or nil
	id          int64
	url, secret string
	contentType string
	insecure    string // "0" or "1"
	events      []string
	active      bool
	created     time.Time
	updated     time.Time
	last        *Delivery // the newest that was answered or given up
}

// hookEvents are the events that a hook may ask for.
var hookEvents = []string{
	"*", "check_run", "check_suite", "create", "delete", "deployment", "deployment_review", "deployment_status", "issue_comment", "issues",
	"merge_group", "pull_request", "pull_request_review", "push", "release", "repository", "status", "workflow_dispatch", "workflow_job", "workflow_run",
}

// AddHook adds a webhook to a repository ("owner/name") as POST /repos/{o}/{r}/hooks does, and sends its ping. What
// GitHub would refuse panics: the world is built wrongly.
func (s *Server) AddHook(repo string, spec HookSpec) Hook {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.repo(repo)
	if r == nil {
		panic("githubsim: there is no repository " + repo)
	}
	h, err := s.addHook(r, spec, r.owner)
	if err != nil {
		panic("githubsim: " + err.Error())
	}
	return h.shown()
}

func (s *Server) addHook(r *Repo, spec HookSpec, by string) (*hook, error) {
	h := &hook{repo: r, url: spec.URL, secret: spec.Secret, contentType: spec.ContentType, insecure: "0", events: spec.Events, active: true}
	if err := h.check(); err != nil {
		return nil, err
	}
	for _, other := range s.hooks {
		if other.repo == r && other.url == h.url && slices.Equal(other.events, h.events) {
			return nil, invalidHook("Hook already exists on this repository")
		}
	}
	h.id, h.created = s.next("hook"), seconds(s.now())
	h.updated = h.created
	s.hooks = append(s.hooks, h)
	s.ping(h, by)
	return h, nil
}

// check fills in what was left out and refuses what GitHub refuses.
func (h *hook) check() error {
	if h.contentType == "" {
		h.contentType = "form"
	}
	if len(h.events) == 0 {
		h.events = []string{"push"}
	}
	at, err := url.Parse(h.url)
	switch {
	case h.url == "":
		return invalidHook("Config must contain URL for webhooks")
	case err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https":
		return invalidHook("url is not a valid URL")
	case h.contentType != "json" && h.contentType != "form":
		return invalidHook("content_type must be json or form")
	}
	for _, e := range h.events {
		if !slices.Contains(hookEvents, e) {
			return invalidHook("These events are not allowed for this hook: " + e)
		}
	}
	return nil
}

func invalidHook(why string) *fault {
	return &fault{
		status: 422, message: "Validation Failed", doc: "rest/repos/webhooks#create-a-repository-webhook",
		errors: []object{{"resource": "Hook", "code": "custom", "message": why}},
	}
}

func (h *hook) shown() Hook {
	o := Hook{ID: h.id, URL: h.url, ContentType: h.contentType, Events: slices.Clone(h.events), Active: h.active, CreatedAt: h.created}
	if h.repo != nil {
		o.Repo = h.repo.full()
	}
	return o
}

// wanting gives the hooks that an event of a repository is sent to, oldest first.
func (s *Server) wanting(r *Repo, event string) []*hook {
	var list []*hook
	for _, h := range s.hooks {
		concerned := h.repo == r || h.app != nil && h.app.installedOn(r)
		if concerned && h.active && (slices.Contains(h.events, event) || slices.Contains(h.events, "*")) {
			list = append(list, h)
		}
	}
	return list
}

// zens are some of what GitHub says with a ping.
var zens = []string{
	"Keep it logically awesome.", "Design for failure.", "Anything added dilutes everything else.", "Responsive is better than fast.",
	"Approachable is better than simple.", "Speak like a human.",
}

// ping sends the first delivery of a hook, or one more.
func (s *Server) ping(h *hook, by string) {
	o := object{"zen": zens[h.id%int64(len(zens))], "hook_id": h.id, "hook": s.hookObject(h), "sender": s.userOrNull(by)}
	if h.repo != nil {
		o["repository"] = h.repo.inWebhook()
		if owner := s.known(h.repo.owner); owner.kind == "Organization" {
			o["organization"] = s.organization(owner)
		}
	}
	s.send(h, h.repo, Event{Name: "ping", Run: h.id}, o)
}

// words name a delivery that is on its way.
func (h *hook) words(e Event) string {
	host := h.url
	if at, err := url.Parse(h.url); err == nil {
		host = at.Host
	}
	return fmt.Sprintf("delivery of %s to %s", strings.TrimSpace(e.Name+" "+e.Action), host)
}
