package github

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	gh "github.com/google/go-github/v60/github"
)

// SignedURL is where something can be fetched for some minutes by whoever knows the address, so it shows itself to
// nobody: it prints, logs and marshals without its value. string(u) is the value.
type SignedURL string

// String tells whether there is an address, not which.
func (u SignedURL) String() string {
	if u == "" {
		return ""
	}
	return "[signed address]"
}

// Format keeps the value out of every verb.
func (u SignedURL) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, u.String()) }

// LogValue keeps the value out of logs.
func (u SignedURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText keeps the value out of whatever is stored: it would not live long anyway.
func (u SignedURL) MarshalText() ([]byte, error) { return nil, nil }

type locationKey struct{}

// wantsLocation tells whether a 302 is the answer and not on the way to it.
func wantsLocation(ctx context.Context) bool { return ctx.Value(locationKey{}) != nil }

// location asks where something is that GitHub does not hand out itself. The address is not visited: go-github's own
// methods for this pass by our transport, and whoever followed the redirect with our client would send the token along.
func (c *Client) location(ctx context.Context, repo Repo, path string) (SignedURL, *gh.Response, error) {
	resp, err := c.get(context.WithValue(ctx, locationKey{}, true), repo, path, nil, "", nil)
	switch {
	case resp == nil || resp.Response == nil:
		return "", resp, err
	case resp.StatusCode == http.StatusFound:
		u, err := url.Parse(resp.Header.Get("Location"))
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != c.wire.root.Scheme {
			return "", resp, &Error{Kind: Malformed, Message: "the redirect leads nowhere safe"}
		}
		return SignedURL(u.String()), resp, nil
	case err == nil:
		return "", resp, &Error{Kind: Malformed, Message: "an answer where a redirect should be"}
	}
	return "", resp, err
}

// Tarball asks where a gzipped tar of a commit, branch or tag can be fetched from without a token, for about 5 minutes.
// In it everything lies in one folder, whose name is not fixed.
func (c *Client) Tarball(ctx context.Context, repo Repo, ref string) (SignedURL, error) {
	return c.tarball(ctx, fmt.Sprintf("find the tarball of %s of %s", ref, repo), repo, ref)
}

func (c *Client) tarball(ctx context.Context, op string, repo Repo, ref string) (SignedURL, error) {
	if err := checkRef(op, ref); err != nil {
		return "", err
	}
	var out SignedURL
	err := c.ask(ctx, op, repo, func(ctx context.Context) (resp *gh.Response, err error) {
		out, resp, err = c.location(ctx, repo, "tarball/"+refPath(ref))
		return resp, err
	})
	return out, err
}
