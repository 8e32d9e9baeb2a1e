package githubsim

import (
	"crypto/rsa"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// AppSpec describes a GitHub App.
type AppSpec struct {
	ID          int64
	Slug, Name  string
	Owner       string
	Key         *rsa.PublicKey // of the private key with which it signs its JWTs
	Permissions Permissions
	Hook        *HookSpec // its one webhook, or nil
}

type app struct {
	AppSpec
	created      time.Time
	installation func(r *Repo) int64
	installs     []*install
	bot          *user
}

// install is an App on one account.
type install struct {
	id      int64
	app     *app
	account string
	repos   []string // "owner/name" in lower case
	created time.Time
}

// AddApp registers an App and installs it for these repositories ("owner/name"), which have one owner. It gives the
// installation's id. The App's hook gets its ping.
func (s *Server) AddApp(spec AppSpec, repos ...string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &app{AppSpec: spec, created: seconds(s.now())}
	a.bot = s.account(spec.Slug + "[bot]")
	a.bot.kind = "Bot"
	s.account(spec.Owner)
	in := &install{id: s.next("installation"), app: a, created: a.created}
	for _, name := range repos {
		r := s.repo(name)
		if r == nil {
			panic("githubsim: there is no repository " + name)
		}
		in.account, in.repos = r.owner, append(in.repos, strings.ToLower(r.full()))
	}
	a.installs = []*install{in}
	a.installation = func(r *Repo) int64 {
		if r != nil && a.installedOn(r) {
			return in.id
		}
		return 0
	}
	s.apps = append(s.apps, a)
	if spec.Hook != nil {
		h := &hook{
			app: a, id: s.next("hook"), url: spec.Hook.URL, secret: spec.Hook.Secret, contentType: spec.Hook.ContentType,
			insecure: "0", events: spec.Hook.Events, active: true, created: a.created, updated: a.created,
		}
		if err := h.check(); err != nil {
			panic("githubsim: " + err.Error())
		}
		s.hooks = append(s.hooks, h)
		s.ping(h, spec.Owner)
	}
	return in.id
}

func (a *app) installedOn(r *Repo) bool {
	return slices.ContainsFunc(a.installs, func(in *install) bool { return slices.Contains(in.repos, strings.ToLower(r.full())) })
}

// tokenTime is how long an installation's token lives: facts 6.2.
const tokenTime = time.Hour

// token makes a token of an installation, with all of its rights or with some.
func (s *Server) installationToken(in *install, permissions Permissions, repos []string) (token string, expires time.Time) {
	n := s.next("token")
	token = fmt.Sprintf("ghs_%x", sha(fmt.Sprintf("%d %d", in.id, n)))[:40]
	expires = seconds(s.now()).Add(tokenTime)
	p := &principal{login: in.app.bot.login, repos: in.repos, permissions: maps.Clone(in.app.Permissions), integration: in.app, expires: expires}
	if p.permissions == nil {
		p.permissions = Permissions{}
	}
	if permissions != nil {
		p.permissions = permissions
	}
	if repos != nil {
		p.repos = repos
	}
	s.tokens[token] = p
	return token, expires
}

func (s *Server) ownAppObject(a *app) object {
	events := []string{}
	if a.Hook != nil {
		events = a.Hook.Events
	}
	return object{
		"id": a.ID, "slug": a.Slug, "node_id": nodeID("A", a.ID), "client_id": fmt.Sprintf("Iv1.%x", sha(a.Slug))[:20], "owner": s.userOrNull(a.Owner),
		"name": a.Name, "description": "", "external_url": "https://example.com/" + a.Slug, "html_url": s.options.HTML + "/apps/" + a.Slug,
		"created_at": stamp(a.created), "updated_at": stamp(a.created), "permissions": a.permissions(), "events": events,
	}
}

// permissions are the App's, with the one that all have.
func (a *app) permissions() Permissions {
	p := Permissions{"metadata": "read"}
	maps.Copy(p, a.Permissions)
	return p
}

func (s *Server) installationObject(in *install) object {
	at := fmt.Sprintf("%s/app/installations/%d", s.options.URL, in.id)
	events := []string{}
	if in.app.Hook != nil {
		events = in.app.Hook.Events
	}
	owner := s.known(in.account)
	page := fmt.Sprintf("%s/settings/installations/%d", s.options.HTML, in.id)
	if owner.kind == "Organization" {
		page = fmt.Sprintf("%s/organizations/%s/settings/installations/%d", s.options.HTML, owner.login, in.id)
	}
	return object{
		"id": in.id, "account": s.userObject(owner), "access_tokens_url": at + "/access_tokens",
		"repositories_url": s.options.URL + "/installation/repositories", "html_url": page, "app_id": in.app.ID, "app_slug": in.app.Slug,
		"target_id": owner.id, "target_type": owner.kind, "permissions": in.app.permissions(), "events": events,
		"created_at": stamp(in.created), "updated_at": stamp(in.created), "single_file_name": nil, "has_multiple_single_files": false,
		"single_file_paths": []string{}, "repository_selection": "selected", "suspended_by": nil, "suspended_at": nil,
	}
}
