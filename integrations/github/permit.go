package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Permit is what GitHub tells of our token together with a repository.
type Permit struct {
	Repository
	Push, Admin bool      // what its owner may do there; a fine-grained token may be allowed less
	Classic     bool      // a classic token, whose scopes hold for all repositories; else Scopes says nothing
	Scopes      []string  // X-OAuth-Scopes
	Expires     time.Time // zero: never, or not told
	Date        time.Time // the answer's own time, in whole seconds; zero without one
}

// Writes tells whether it is certain that the token may write.
func (p Permit) Writes() bool {
	return p.Classic && p.Push && (slices.Contains(p.Scopes, "repo") || !p.Private && slices.Contains(p.Scopes, "public_repo"))
}

// Permit reads a repository for what the answer tells of our token (facts/github.md, "Auth and permissions").
func (c *Client) Permit(ctx context.Context, repo Repo) (Permit, error) {
	op := fmt.Sprintf("read repository %s", repo)
	var out Permit
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		r, resp, err := c.gh.Repositories.Get(ctx, repo.Owner, repo.Name)
		if err == nil && (r.GetFullName() == "" || r.GetDefaultBranch() == "") {
			return resp, lacks("full_name or default_branch")
		}
		if err != nil {
			return resp, err
		}
		out = Permit{
			Repository: Repository{FullName: r.GetFullName(), DefaultBranch: r.GetDefaultBranch(), URL: r.GetHTMLURL(), Private: r.GetPrivate()},
			Push:       r.GetPermissions()["push"], Admin: r.GetPermissions()["admin"], Expires: resp.TokenExpiration.Time,
		}
		scopes, classic := resp.Header["X-Oauth-Scopes"]
		out.Classic, out.Scopes = classic, words(strings.Join(scopes, ","))
		out.Date, _ = http.ParseTime(resp.Header.Get("Date"))
		return resp, nil
	})
	if err != nil {
		return Permit{}, err
	}
	return out, nil
}

// words reads a list with commas between.
func words(list string) (out []string) {
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// Required are the checks without which nothing is merged into a branch, by its protection or by rulesets, sorted. NotFound:
// there is no such branch. Both are told to whoever may read the repository.
func (c *Client) Required(ctx context.Context, repo Repo, branch string) ([]string, error) {
	op := fmt.Sprintf("read the protection of %s of %s", branch, repo)
	if err := checkRef(op, branch); err != nil {
		return nil, err
	}
	var protected struct {
		Name       string
		Protection struct {
			Checks struct{ Contexts []string } `json:"required_status_checks"`
		}
	}
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		resp, err := c.get(ctx, repo, "branches/"+url.PathEscape(branch), nil, "", &protected)
		if err == nil && protected.Name == "" {
			err = lacks("name of a branch")
		}
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	ruled, err := c.ruled(ctx, op, repo, branch)
	if err != nil {
		return nil, err
	}
	all := append(ruled, protected.Protection.Checks.Contexts...)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// ruled are the checks that rulesets require. An enterprise host of before 2023 has none, and says 404.
func (c *Client) ruled(ctx context.Context, op string, repo Repo, branch string) (contexts []string, err error) {
	var rules []struct {
		Type       string
		Parameters struct {
			Checks []struct{ Context string } `json:"required_status_checks"`
		}
	}
	err = c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		return c.get(ctx, repo, "rules/branches/"+refPath(branch), nil, "", &rules)
	})
	if KindOf(err) == NotFound {
		return nil, nil
	}
	for _, rule := range rules {
		for _, check := range rule.Parameters.Checks {
			contexts = append(contexts, check.Context)
		}
	}
	return contexts, err
}
