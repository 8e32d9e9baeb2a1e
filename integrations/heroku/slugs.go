package heroku

import (
	"context"
	"net/url"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Slug is the code of a release, built and ready to run: a slug on Cedar, an image on Fir.
type Slug struct {
	ID                string
	Commit            string // 40 hex digits for a push; what the builder called its source for a build by API; "" unknown
	CommitDescription string
	Stack             string
	ProcessTypes      map[string]string // type to command
}

// Slug reads the code of a Cedar release, by Release.SlugID.
func (c *Client) Slug(ctx context.Context, app, id string) (Slug, error) {
	op := "slug of " + app
	var s *herokugo.Slug
	err := c.do(ctx, op, &call{accept: v3}, func(ctx context.Context) (err error) {
		s, err = c.service.SlugInfo(ctx, url.PathEscape(app), url.PathEscape(id))
		return err
	})
	if err != nil {
		return Slug{}, err
	}
	return Slug{
		ID: s.ID, Commit: value(s.Commit), CommitDescription: value(s.CommitDescription), Stack: s.Stack.Name,
		ProcessTypes: s.ProcessTypes,
	}, need(op, s.ID)
}

// Image reads the code of a Fir release, by Release.ImageID. heroku-go knows no images.
func (c *Client) Image(ctx context.Context, app, id string) (Slug, error) {
	op := "image of " + app
	var s struct {
		ID, Commit        string
		CommitDescription string `json:"commit_description"`
		Stack             struct{ Name string }
		ProcessTypes      map[string]struct{ Command string } `json:"process_types"`
	}
	if err := c.get(ctx, op, call{accept: v3sdk}, path("apps", app, "oci-images", id), &s); err != nil {
		return Slug{}, err
	}
	types := make(map[string]string, len(s.ProcessTypes))
	for name, p := range s.ProcessTypes {
		types[name] = p.Command
	}
	return Slug{
		ID: s.ID, Commit: s.Commit, CommitDescription: s.CommitDescription, Stack: s.Stack.Name, ProcessTypes: types,
	}, need(op, s.ID)
}

// value is what p points to, or "".
func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
