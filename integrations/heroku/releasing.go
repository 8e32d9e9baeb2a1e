package heroku

import (
	"context"
	"fmt"
	"net/http"
)

// Rollback makes a new release with the code and config vars of an old one, which is given by its id, not its version.
// Add-ons and what lies in databases stay. A release phase runs, with the old code, and the answer comes before it has
// ended: the rollback is done when the new release is Succeeded and Current. Invalid: it is not Eligible.
func (c *Client) Rollback(ctx context.Context, app, releaseID string) (Release, error) {
	return c.release(ctx, fmt.Sprintf("roll %s back to release %s", app, releaseID), app, releaseID, map[string]string{"release": releaseID})
}

// ReleaseSpec is code to be released with the config vars that are in force.
type ReleaseSpec struct {
	SlugID      string // on Cedar; or else
	ImageID     string // on Fir
	Description string // "" leaves it to Heroku
}

// MakeRelease releases code that was built before. A release phase runs, as for Rollback.
func (c *Client) MakeRelease(ctx context.Context, app string, s ReleaseSpec) (Release, error) {
	body := map[string]string{"slug": s.SlugID}
	if s.SlugID == "" {
		body = map[string]string{"oci_image": s.ImageID}
	}
	if s.Description != "" {
		body["description"] = s.Description
	}
	return c.release(ctx, "make a release of "+app, app, s.SlugID+s.ImageID, body)
}

// release posts a release: its key says which of two operations it is.
func (c *Client) release(ctx context.Context, op, app, of string, body any) (Release, error) {
	if of == "" {
		return Release{}, &Error{Op: op, Kind: Invalid, Message: "it is not said what to release"}
	}
	var r release
	err := c.change(ctx, op, call{accept: v3sdk}, http.MethodPost, path("apps", app, "releases"), body, &r, func() error { return need(op, r.ID) })
	if err != nil {
		return Release{}, err
	}
	return r.ours(), nil
}
