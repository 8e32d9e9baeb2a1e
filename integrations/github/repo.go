package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// Repo names a repository.
type Repo struct{ Owner, Name string }

// String is the name as GitHub writes it: owner/name.
func (r Repo) String() string { return r.Owner + "/" + r.Name }

// ParseRepo reads "owner/name".
func ParseRepo(s string) (Repo, error) {
	owner, name, ok := strings.Cut(s, "/")
	r := Repo{Owner: owner, Name: name}
	switch {
	case strings.Contains(s, "://"), strings.HasPrefix(s, "git@"), strings.HasPrefix(s, "github.com/"):
		return Repo{}, fmt.Errorf("repository %q: write it as owner/name, without the address", s)
	case !ok:
		return Repo{}, fmt.Errorf("repository %q: write it as owner/name", s)
	}
	if err := r.check(); err != nil {
		return Repo{}, err
	}
	return r, nil
}

const (
	letters    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	ownerRunes = letters + "-_" // the underscore stands in the logins of managed users
	nameRunes  = letters + "-_."
)

// check tells what is wrong with a name before it becomes part of a path.
func (r Repo) check() error {
	switch {
	case r.Owner == "" || len(r.Owner) > 100 || strings.Trim(r.Owner, ownerRunes) != "":
		return fmt.Errorf("repository %q: %q is no owner; one has letters, digits and hyphens", r, r.Owner)
	case strings.Contains(r.Name, "/"):
		return fmt.Errorf("repository %q: write it as owner/name, with one slash", r)
	case r.Name == "" || len(r.Name) > 100 || strings.Trim(r.Name, nameRunes) != "" || r.Name == "." || r.Name == "..":
		return fmt.Errorf("repository %q: %q is no repository's name; one has letters, digits, hyphens, dots and underscores", r, r.Name)
	case strings.HasSuffix(r.Name, ".git"):
		return fmt.Errorf("repository %q: leave out .git", r)
	}
	return nil
}

// Repository is what GitHub tells of a repository.
type Repository struct {
	FullName      string // as it is called now: it differs from what was asked for after a rename
	DefaultBranch string
	URL           string
	Private       bool
}

// Repository reads a repository. NotFound also means that the token may not see it.
func (c *Client) Repository(ctx context.Context, repo Repo) (Repository, error) {
	op := fmt.Sprintf("read repository %s", repo)
	var out Repository
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		r, resp, err := c.gh.Repositories.Get(ctx, repo.Owner, repo.Name)
		if err == nil && (r.GetFullName() == "" || r.GetDefaultBranch() == "") {
			return resp, lacks("full_name or default_branch")
		}
		out = Repository{FullName: r.GetFullName(), DefaultBranch: r.GetDefaultBranch(), URL: r.GetHTMLURL(), Private: r.GetPrivate()}
		return resp, err
	})
	if err != nil {
		return Repository{}, err
	}
	return out, nil
}

// ask is call for a question about a repository, whose name is looked at first.
func (c *Client) ask(ctx context.Context, op string, repo Repo, ask func(context.Context) (*gh.Response, error)) error {
	if err := repo.check(); err != nil {
		return invalid(op, "%v", err)
	}
	return c.call(context.WithValue(ctx, repoKey{}, repo), op, ask)
}

// repoKey finds the repository of a request in its context: an App has one token for each owner.
type repoKey struct{}

// get decodes the answer to a question that go-github has no fitting method for. Path begins after "repos/o/r/" and
// is escaped already.
func (c *Client) get(ctx context.Context, repo Repo, path string, query url.Values, accept string, into any) (*gh.Response, error) {
	u := fmt.Sprintf("repos/%s/%s", repo, path)
	if len(query) > 0 {
		u += "?" + query.Encode()
	}
	req, err := c.gh.NewRequest("GET", u, nil)
	if err != nil {
		return nil, err
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	return c.gh.Do(ctx, req, into)
}

// lacks is the error for an answer in which something is missing that GitHub always sends.
func lacks(field string) *Error {
	return &Error{Kind: Malformed, Message: "the answer has no " + field}
}

// checkRef tells what no branch, tag or commit is called, before it becomes part of a path: go-github escapes some
// of them and some not, and a path with ".." would ask for something else.
func checkRef(op, ref string) error {
	bad := strings.Contains(ref, "..") || strings.ContainsAny(ref, " ~^?*[\\")
	for _, r := range ref {
		bad = bad || r < ' ' || r == 0x7f
	}
	for _, part := range strings.Split(ref, "/") {
		bad = bad || part == "" || part[0] == '.'
	}
	if bad {
		return invalid(op, "%q is no branch, tag or commit", ref)
	}
	return nil
}

// refPath escapes a ref for a path, but for its slashes: GitHub does not take them escaped everywhere.
func refPath(ref string) string {
	parts := strings.Split(ref, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
