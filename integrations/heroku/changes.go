package heroku

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Settle is how long after its connection was lost a request may still take effect. What is not there by then will not come.
// Heroku gives no figure for its API; its routers end a request after 30 s (error H12).
const Settle = 30 * time.Second

// SetMaintenance shows visitors a page in place of the app, or the app again. Only web traffic stops; other dynos go on.
func (c *Client) SetMaintenance(ctx context.Context, app string, on bool) (App, error) {
	op := "end maintenance of " + app
	if on {
		op = "begin maintenance of " + app
	}
	var a appAnswer
	err := c.change(ctx, op, call{accept: v3sdk}, http.MethodPatch, path("apps", app), map[string]bool{"maintenance": on}, &a,
		func() error { return need(op, a.ID) })
	if err != nil {
		return App{}, err
	}
	return a.ours(), nil
}

// Scale is how many dynos of a type there are to be.
type Scale struct {
	Type     string
	Quantity int
	Size     string // "" leaves it
}

// Scale sets several process types at once, and gives them as they are now. Types that are not named stay.
func (c *Client) Scale(ctx context.Context, app string, to ...Scale) ([]Process, error) {
	op := "scale " + app
	updates := make([]map[string]any, len(to))
	for i, s := range to {
		if s.Type == "" || s.Quantity < 0 {
			return nil, &Error{Op: op, Kind: Invalid, Message: "a process type is missing, or less than none of it is asked for"}
		}
		updates[i] = map[string]any{"type": s.Type, "quantity": s.Quantity}
		if s.Size != "" {
			updates[i]["size"] = s.Size
		}
	}
	var found []herokugo.Formation
	err := c.change(ctx, op, call{accept: v3}, http.MethodPatch, path("apps", app, "formation"), map[string]any{"updates": updates}, &found)
	if err != nil {
		return nil, err
	}
	return processesOf(found), nil
}

// Restart restarts all dynos of an app. One-off dynos end with it.
func (c *Client) Restart(ctx context.Context, app string) error {
	return c.change(ctx, "restart "+app, call{accept: v3}, http.MethodDelete, path("apps", app, "dynos"), nil, nil)
}

// RestartDyno restarts one dyno. A one-off dyno ends with it.
func (c *Client) RestartDyno(ctx context.Context, app, dyno string) error {
	op := fmt.Sprintf("restart %s of %s", dyno, app)
	return c.change(ctx, op, call{accept: v3}, http.MethodDelete, path("apps", app, "dynos", dyno), nil, nil)
}

// ConfigNames reads which config vars an app has, in order. Their values are let go of unread, and no error holds one.
func (c *Client) ConfigNames(ctx context.Context, app string) ([]string, error) {
	op := "config names of " + app
	var vars names
	if err := c.get(ctx, op, call{accept: v3}, path("apps", app, "config-vars"), &vars); err != nil {
		return nil, err
	}
	return vars, nil
}

// names are the keys of an object.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var vars map[string]json.RawMessage
	if json.Unmarshal(b, &vars) != nil || vars == nil {
		return &Error{Kind: Malformed, Message: "the answer is no list of config vars"}
	}
	*n = slices.AppendSeq([]string{}, maps.Keys(vars))
	slices.Sort(*n)
	return nil
}
