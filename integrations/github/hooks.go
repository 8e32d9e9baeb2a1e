package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// Hook is a webhook of a repository. Its secret cannot be read.
type Hook struct {
	ID          int64
	URL         string
	Events      []string
	Active      bool
	ContentType string // json or form
	Insecure    bool   // the receiver's certificate is not looked at
	UpdatedAt   time.Time
}

// HookSpec is what a hook is to be.
type HookSpec struct {
	URL    string
	Secret string // with which deliveries are signed; needed
	Events []string
}

// String leaves the secret out.
func (s HookSpec) String() string { return fmt.Sprintf("hook to %s for %v", s.URL, s.Events) }

// GoString is String: %#v must not show the secret either.
func (s HookSpec) GoString() string { return s.String() }

// Hooks lists the webhooks of a repository. NotFound: there is no such repository, or the token may not administer it.
func (c *Client) Hooks(ctx context.Context, repo Repo) ([]Hook, error) {
	op := fmt.Sprintf("list hooks of %s", repo)
	return pages(ctx, c, op, repo, most, func(ctx context.Context, opts gh.ListOptions) ([]Hook, *gh.Response, error) {
		var answer []hook
		resp, err := c.get(ctx, repo, "hooks", paging(opts), "", &answer)
		if err != nil {
			return nil, resp, err
		}
		out, err := each(answer, hook.ours)
		return out, resp, err
	})
}

// CreateHook makes a webhook with JSON bodies; GitHub sends it a ping. Invalid: there is one with this address and
// these settings, or GitHub does not take the address.
func (c *Client) CreateHook(ctx context.Context, repo Repo, s HookSpec) (Hook, error) {
	return c.putHook(ctx, fmt.Sprintf("create a hook of %s", repo), repo, http.MethodPost, "hooks", s)
}

// EditHook makes an existing webhook what the spec says, and active.
func (c *Client) EditHook(ctx context.Context, repo Repo, id int64, s HookSpec) (Hook, error) {
	return c.putHook(ctx, fmt.Sprintf("edit hook %d of %s", id, repo), repo, http.MethodPatch, fmt.Sprintf("hooks/%d", id), s)
}

func (c *Client) putHook(ctx context.Context, op string, repo Repo, method, path string, s HookSpec) (Hook, error) {
	if s.Secret == "" {
		return Hook{}, invalid(op, "a hook without a secret could be spoken for by anybody")
	}
	body := map[string]any{
		"name": "web", "active": true, "events": s.Events,
		"config": map[string]string{"url": s.URL, "content_type": "json", "secret": s.Secret, "insecure_ssl": "0"},
	}
	if method == http.MethodPatch {
		delete(body, "name")
	}
	var out Hook
	err := c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		var made hook
		resp, err := c.send(ctx, repo, method, path, body, &made)
		if err == nil {
			out, err = made.ours()
		}
		return resp, err
	})
	return out, err
}

// PingHook asks GitHub to send a ping to a hook.
func (c *Client) PingHook(ctx context.Context, repo Repo, id int64) error {
	op := fmt.Sprintf("ping hook %d of %s", id, repo)
	return c.change(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		return c.send(ctx, repo, http.MethodPost, fmt.Sprintf("hooks/%d/pings", id), nil, nil)
	})
}

// hook is GitHub's. go-github wants insecure_ssl to be a text, and it may be a number.
type hook struct {
	ID     int64
	Active bool
	Events []string
	Config struct {
		URL         string
		ContentType string `json:"content_type"`
		Insecure    any    `json:"insecure_ssl"`
	}
	UpdatedAt stamp `json:"updated_at"`
}

func (h hook) ours() (Hook, error) {
	if h.ID == 0 {
		return Hook{}, lacks("id of a hook")
	}
	return Hook{
		ID: h.ID, URL: h.Config.URL, Events: slices.Sorted(slices.Values(h.Events)), Active: h.Active,
		ContentType: h.Config.ContentType, Insecure: fmt.Sprint(h.Config.Insecure) == "1", UpdatedAt: h.UpdatedAt.time(),
	}, nil
}
