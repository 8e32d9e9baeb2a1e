package github

import (
	"context"
	"net/url"
	"strconv"

	gh "github.com/google/go-github/v60/github"
)

const (
	perPage = 100  // GitHub's most
	most    = 1000 // where a list ends for us; a filtered list of runs ends there for GitHub too
)

// page reads one page of a list.
type page[T any] func(ctx context.Context, opts gh.ListOptions) ([]T, *gh.Response, error)

// pages reads a list until it has limit items (0: 100; at most 1,000) or there are no more. A page that fails makes the
// whole list fail: half a list looks like a whole one.
func pages[T any](ctx context.Context, c *Client, op string, repo Repo, limit int, next page[T]) ([]T, error) {
	if limit <= 0 {
		limit = perPage
	}
	return pagesUpTo(ctx, c, op, repo, min(limit, most), next)
}

// pagesUpTo is pages for a list that ends elsewhere for GitHub.
func pagesUpTo[T any](ctx context.Context, c *Client, op string, repo Repo, limit int, next page[T]) ([]T, error) {
	all := []T{}
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		opts := gh.ListOptions{PerPage: min(limit, perPage)}
		for {
			items, resp, err := next(ctx, opts)
			if err != nil {
				return resp, err
			}
			all = append(all, items...)
			// Pages only go up, and full ones would have filled the limit by now: a server that links for ever ends here.
			if len(all) >= limit || resp.NextPage <= opts.Page || resp.NextPage > (limit+perPage-1)/perPage {
				return resp, nil
			}
			opts.Page = resp.NextPage
		}
	})
	if err != nil {
		return nil, err
	}
	return all[:min(limit, len(all))], nil
}

// paging is the query for one page.
func paging(opts gh.ListOptions) url.Values {
	v := url.Values{"per_page": {strconv.Itoa(opts.PerPage)}}
	if opts.Page > 0 {
		v.Set("page", strconv.Itoa(opts.Page))
	}
	return v
}

// each turns go-github's items into ours.
func each[T, U any](in []T, turn func(T) (U, error)) ([]U, error) {
	out := make([]U, 0, len(in))
	for _, item := range in {
		u, err := turn(item)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}
