package heroku

import (
	"context"
	"fmt"
	"strconv"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// What the API says of a release. There may be words besides these; Release.Status is what came.
const (
	Pending   = "pending" // its release command runs
	Succeeded = "succeeded"
	Failed    = "failed"
	Expired   = "expired" // cannot be gone back to any more
)

// Release is one release of an app: code and config together. The commit is not on it but on its slug or image.
type Release struct {
	ID          string
	Version     int
	Status      string // Pending, Succeeded, Failed, Expired, or a newer word as it came
	Description string // the only hint at its cause; see Cause
	SlugID      string // on Cedar; "" on Fir and before the first deploy
	ImageID     string // on Fir
	By          string // email
	Current     bool   // it is what really runs, though a newer one may have failed
	Eligible    bool   // Heroku would roll back to it
	OutputURL   StreamURL
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// String is the name that people use: v122.
func (r Release) String() string { return "v" + strconv.Itoa(r.Version) }

// SameCode tells whether both releases run the same slug or image.
func (r Release) SameCode(other Release) bool {
	return r.SlugID == other.SlugID && r.ImageID == other.ImageID
}

// Releases reads the newest releases of an app, newest first, at most max of them; 0 or less reads all.
func (c *Client) Releases(ctx context.Context, app string, max int) ([]Release, error) {
	list := reading{
		op: "releases of " + app, accept: v3sdk, max: max,
		span: fmt.Sprintf("version ..; max=%d, order=desc", sizeOf(max)),
	}
	found, err := pages(ctx, c, list, func(ctx context.Context, _ *herokugo.ListRange) (page []release, err error) {
		err = c.service.Get(ctx, &page, path("apps", app, "releases"), nil, nil)
		return page, err
	})
	if err != nil {
		return nil, err
	}
	releases := make([]Release, len(found))
	for i, r := range found {
		releases[i] = r.ours()
	}
	return releases, nil
}

// Release reads one release by its version: 122, not v122.
func (c *Client) Release(ctx context.Context, app string, version int) (Release, error) {
	op := fmt.Sprintf("release v%d of %s", version, app)
	var r release
	if err := c.get(ctx, op, call{accept: v3sdk}, path("apps", app, "releases", strconv.Itoa(version)), &r); err != nil {
		return Release{}, err
	}
	return r.ours(), need(op, r.ID)
}

// release is the API's, in 3.sdk: heroku-go's lacks current eligibility and images.
type release struct {
	ID          string
	Version     int
	Status      string
	Description string
	Slug        struct{ ID string }
	Image       struct{ ID string } `json:"oci_image"`
	User        struct{ Email string }
	Current     bool
	Eligible    bool      `json:"eligible_for_rollback"`
	OutputURL   StreamURL `json:"output_stream_url"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func (r release) ours() Release {
	return Release{
		ID: r.ID, Version: r.Version, Status: r.Status, Description: r.Description,
		SlugID: r.Slug.ID, ImageID: r.Image.ID, By: r.User.Email, Current: r.Current, Eligible: r.Eligible,
		OutputURL: r.OutputURL, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
