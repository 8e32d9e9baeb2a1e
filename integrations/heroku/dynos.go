package heroku

import (
	"context"
	"fmt"
	"net/url"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Process is one process type of an app's formation. One of type "release" means that there is a release phase.
type Process struct {
	Type     string
	Command  string
	Size     string // "Standard-1X"
	Quantity int
}

// Dyno is one running process. A one-off dyno that ended is gone, and no answer here tells how it ended.
type Dyno struct {
	ID        string
	Name      string // "web.1"; on Fir "web-848cd4f64d-pvpr2"
	Type      string
	State     string // "crashed", "down", "idle", "starting" or "up", or a newer word as it came
	Command   string
	Size      string
	Release   int // version
	CreatedAt time.Time
	UpdatedAt time.Time // when State last changed
}

// Formation reads the process types of an app.
func (c *Client) Formation(ctx context.Context, app string) ([]Process, error) {
	list := reading{op: "formation of " + app, accept: v3}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) ([]herokugo.Formation, error) {
		return c.service.FormationList(ctx, url.PathEscape(app), r)
	})
	if err != nil {
		return nil, err
	}
	return processesOf(found), nil
}

func processesOf(found []herokugo.Formation) []Process {
	processes := make([]Process, len(found))
	for i, f := range found {
		processes[i] = Process{Type: f.Type, Command: f.Command, Size: f.Size, Quantity: f.Quantity}
	}
	return processes
}

// Dynos reads the dynos of an app, one-off dynos among them.
func (c *Client) Dynos(ctx context.Context, app string) ([]Dyno, error) {
	list := reading{op: "dynos of " + app, accept: v3}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) ([]herokugo.Dyno, error) {
		return c.service.DynoList(ctx, url.PathEscape(app), r)
	})
	if err != nil {
		return nil, err
	}
	dynos := make([]Dyno, len(found))
	for i, d := range found {
		dynos[i] = dynoOf(d)
	}
	return dynos, nil
}

// Dyno reads one dyno by its name or id. NotFound: it has ended, or is so new that it is not listed yet.
func (c *Client) Dyno(ctx context.Context, app, dyno string) (Dyno, error) {
	op := fmt.Sprintf("dyno %s of %s", dyno, app)
	var d herokugo.Dyno
	if err := c.get(ctx, op, call{accept: v3}, path("apps", app, "dynos", dyno), &d); err != nil {
		return Dyno{}, err
	}
	return dynoOf(d), need(op, d.ID)
}

func dynoOf(d herokugo.Dyno) Dyno {
	return Dyno{
		ID: d.ID, Name: d.Name, Type: d.Type, State: d.State, Command: d.Command, Size: d.Size,
		Release: d.Release.Version, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}
