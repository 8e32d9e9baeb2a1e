package heroku

import (
	"context"
	"fmt"
	"net/url"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Build is one build of an app's code. That it succeeded does not mean that it was released: with a release
// phase its release may be pending or failed.
type Build struct {
	ID        string
	Status    string // Pending, Succeeded, Failed, or a newer word as it came
	Commit    string // what the builder called its source; "" when it gave none
	By        string // email
	ReleaseID string // "" until there is one
	OutputURL StreamURL
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Builds reads the newest builds of an app, newest first, at most max of them; 0 or less reads all.
func (c *Client) Builds(ctx context.Context, app string, max int) ([]Build, error) {
	list := reading{
		op: "builds of " + app, accept: v3, max: max,
		// Besides id, the schema lets builds be ordered by started_at only.
		first: &herokugo.ListRange{Field: "started_at", Max: sizeOf(max), Descending: true},
	}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) ([]herokugo.Build, error) {
		return c.service.BuildList(ctx, url.PathEscape(app), r)
	})
	if err != nil {
		return nil, err
	}
	builds := make([]Build, len(found))
	for i, b := range found {
		builds[i] = buildOf(b)
	}
	return builds, nil
}

// Build reads one build.
func (c *Client) Build(ctx context.Context, app, id string) (Build, error) {
	op := fmt.Sprintf("build %s of %s", id, app)
	var b herokugo.Build
	if err := c.get(ctx, op, call{accept: v3}, path("apps", app, "builds", id), &b); err != nil {
		return Build{}, err
	}
	return buildOf(b), need(op, b.ID)
}

func buildOf(b herokugo.Build) Build {
	out := Build{
		ID: b.ID, Status: b.Status, Commit: value(b.SourceBlob.Version), By: b.User.Email,
		OutputURL: StreamURL(b.OutputStreamURL), CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt,
	}
	if b.Release != nil {
		out.ReleaseID = b.Release.ID
	}
	return out
}
