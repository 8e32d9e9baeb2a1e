package github

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// acceptRaw asks for a file as it is: JSON holds files up to 1 MB only.
const acceptRaw = "application/vnd.github.raw+json"

// File reads a file as of a commit, branch or tag; ref "" is the default branch. Invalid: it is a folder.
func (c *Client) File(ctx context.Context, repo Repo, path, ref string) ([]byte, error) {
	op := fmt.Sprintf("read file %s of %s", path, repo)
	query := url.Values{}
	if ref != "" {
		op = fmt.Sprintf("read file %s at %s of %s", path, ref, repo)
		if err := checkRef(op, ref); err != nil {
			return nil, err
		}
		query.Set("ref", ref)
	}
	if err := checkPath(op, path); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := c.ask(ctx, op, repo, func(ctx context.Context) (*gh.Response, error) {
		resp, err := c.get(ctx, repo, "contents/"+refPath(path), query, acceptRaw, &out)
		if err == nil && isJSON(resp.Header.Get("Content-Type")) { // a folder has no raw form, and is listed
			err = invalid(op, "%s is a folder", path)
		}
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	return bytes.Clone(out.Bytes()), nil
}

// checkPath refuses what is no path inside a repository: with ".." it would ask for something else.
func checkPath(op, path string) error {
	for _, part := range strings.Split(path, "/") {
		if part == "" || part == "." || part == ".." {
			return invalid(op, "%q is no path in a repository; write it like folder/file", path)
		}
	}
	return nil
}

// isJSON does not take the raw media type for JSON, though it ends in +json.
func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.TrimSpace(kind) == "application/json"
}
