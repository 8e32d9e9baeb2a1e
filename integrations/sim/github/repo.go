package githubsim

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// Repo is one repository. Its methods may be used from several goroutines.
type Repo struct {
	server      *Server
	id          int64
	owner, name string
	base        string // the default branch
	created     time.Time
	pushed      time.Time

	git         *store
	branches    map[string]string // name to commit
	pulls       map[int]*pull
	workflows   []*workflow
	scripts     map[string][]scripted // by target, for the next run there
	statuses    []*status
	checks      []*checkRun
	deployments []*deployment
	groups      []*mergeGroup       // of the merge queue, under trial
	required    map[string][]string // checks by branch, of its protection
	ruled       map[string][]string // the same of rulesets
}

// File is a file's whole text in a commit.
type File struct {
	Path, Text string
	Gone       bool // the commit deletes it; Text is empty
}

// CommitSpec describes a commit.
type CommitSpec struct {
	Author  string // login
	Message string
	Files   []File    // what changes; everything else stays
	At      time.Time // zero: now
	// ByActions says that it is pushed with a run's own GITHUB_TOKEN: it is told, and starts no run (facts 1.2).
	ByActions bool
}

// Commit is a commit as worlds and tests see it.
type Commit struct {
	SHA     string
	Message string
	Author  string    // login; the name where there is no account
	At      time.Time // of the committer
	Parents []string
}

// AddRepo makes an empty, private repository. Its owner is an organization unless a user of that login exists.
func (s *Server) AddRepo(owner, name, defaultBranch string) *Repo {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known(owner) == nil {
		s.account(owner).kind = "Organization"
	}
	now := seconds(time.Now())
	r := &Repo{
		server: s, id: s.next("repo"), owner: owner, name: name, base: defaultBranch, created: now, pushed: now,
		git: newStore(), branches: map[string]string{}, pulls: map[int]*pull{}, scripts: map[string][]scripted{},
		required: map[string][]string{}, ruled: map[string][]string{},
	}
	s.repos[strings.ToLower(r.full())] = r
	return r
}

func (r *Repo) full() string { return r.owner + "/" + r.name }

// Commit adds a commit to a branch without a push: it starts nothing, and is for building the past. The first
// commit of the default branch makes that branch; any other branch must exist.
func (r *Repo) Commit(branch string, c CommitSpec) Commit {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	made, err := r.commit(branch, c)
	if err != nil {
		panic("githubsim: " + err.Error()) // a world that is built wrongly
	}
	r.pushed = made.committer.at
	return r.shown(made)
}

// Branch makes a branch where another stands.
func (r *Repo) Branch(from, name string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if r.branches[from] == "" {
		panic(fmt.Sprintf("githubsim: %s has no branch %q", r.full(), from))
	}
	r.branches[name] = r.branches[from]
}

// Head is a branch's newest commit; its SHA is empty if there is no such branch.
func (r *Repo) Head(branch string) Commit {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if c := r.git.commits[r.branches[branch]]; c != nil {
		return r.shown(c)
	}
	return Commit{}
}

// commit writes a commit and moves the branch to it.
func (r *Repo) commit(branch string, spec CommitSpec) (*gitCommit, error) {
	files := map[string]string{}
	var parents []string
	if head := r.git.commits[r.branches[branch]]; head != nil {
		files = maps.Clone(head.files)
		parents = []string{head.sha}
	} else if branch != r.base {
		return nil, fmt.Errorf("%s has no branch %q", r.full(), branch)
	}
	if branch == r.base {
		r.placeWorkflows(files)
	}
	for _, f := range spec.Files {
		if f.Gone {
			delete(files, f.Path)
			continue
		}
		files[f.Path] = r.git.blob(f.Text)
	}
	at := spec.At
	if at.IsZero() {
		at = time.Now()
	}
	who := r.server.signature(spec.Author, at)
	c := r.git.commit(files, parents, who, who, spec.Message)
	r.branches[branch] = c.sha
	return c, nil
}

// signature is how a login signs a commit. A login without an account signs with an address that GitHub
// cannot match to anybody.
func (s *Server) signature(login string, at time.Time) signature {
	if u := s.known(login); u != nil {
		return signature{name: u.name, email: u.email, at: seconds(at)}
	}
	return signature{name: login, email: strings.ToLower(login) + "@localhost", at: seconds(at)}
}

// byEmail finds the account that signs with this address, or nil.
func (s *Server) byEmail(email string) *user {
	for _, login := range sortedKeys(s.users) {
		if u := s.users[login]; u.email == email {
			return u
		}
	}
	return nil
}

func (r *Repo) shown(c *gitCommit) Commit {
	author := c.author.name
	if u := r.server.byEmail(c.author.email); u != nil {
		author = u.login
	}
	return Commit{SHA: c.sha, Message: c.message, Author: author, At: c.committer.at, Parents: append([]string(nil), c.parents...)}
}

// resolve finds what a ref names: a branch, "heads/…", "refs/heads/…", a full SHA or the beginning of one.
func (r *Repo) resolve(ref string) *gitCommit {
	name := strings.TrimPrefix(strings.TrimPrefix(ref, "refs/"), "heads/")
	for _, branch := range []string{ref, name} {
		if c := r.git.commits[r.branches[branch]]; c != nil {
			return c
		}
	}
	ref = strings.ToLower(ref)
	if c := r.git.commits[ref]; c != nil {
		return c
	}
	if len(ref) < 7 {
		return nil
	}
	var found *gitCommit
	for sha, c := range r.git.commits {
		if !strings.HasPrefix(sha, ref) {
			continue
		}
		if found != nil {
			return nil // ambiguous
		}
		found = c
	}
	return found
}
