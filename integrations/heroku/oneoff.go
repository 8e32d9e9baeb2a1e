package heroku

import (
	"context"
	"fmt"
	"net/http"
	"time"

	herokugo "github.com/heroku/heroku-go/v5"
)

// MaxTimeToLive is the longest that a one-off dyno may live.
const MaxTimeToLive = 24 * time.Hour

// RunSpec is a one-off dyno to be started.
type RunSpec struct {
	// Command goes to a shell, and into the logs with config vars expanded. If its first word is a process type, that
	// type's command runs in its place.
	Command    string
	TimeToLive time.Duration     // Heroku ends it then: from 1 s to MaxTimeToLive; needed, nothing else would end it
	Size       string            // "Standard-1X"; "" is the app's own
	Type       string            // "" is run; names are run.1234
	Env        map[string]string // beside the config vars
}

// Run starts a detached one-off dyno: it goes on when we end. Its output is in the logs, and how it ended is told by
// DynoEvent.Exit, by a log line (see ExitLine) or by a Marker, but not by the API. Conflict: the app was made a moment
// ago and has no release yet.
func (c *Client) Run(ctx context.Context, app string, s RunSpec) (Dyno, error) {
	op := "run a one-off dyno of " + app
	if s.Command == "" || s.TimeToLive < time.Second || s.TimeToLive > MaxTimeToLive {
		return Dyno{}, &Error{Op: op, Kind: Invalid, Message: "a one-off dyno needs a command, and a time to live of at most 24 h"}
	}
	body := map[string]any{
		"command": s.Command, "attach": false, "force_no_tty": true, "time_to_live": int(s.TimeToLive / time.Second),
	}
	for name, text := range map[string]string{"size": s.Size, "type": s.Type} {
		if text != "" {
			body[name] = text
		}
	}
	if len(s.Env) > 0 {
		body["env"] = s.Env
	}
	var d herokugo.Dyno
	err := c.change(ctx, op, call{accept: v3}, http.MethodPost, path("apps", app, "dynos"), body, &d, func() error { return need(op, d.ID) })
	if err != nil {
		return Dyno{}, err
	}
	return dynoOf(d), nil
}

// StopDyno ends a dyno. A one-off dyno is gone then; one of the formation is started again. NotFound: it has ended.
func (c *Client) StopDyno(ctx context.Context, app, dyno string) error {
	op := fmt.Sprintf("stop %s of %s", dyno, app)
	return c.change(ctx, op, call{accept: v3}, http.MethodPost, path("apps", app, "dynos", dyno, "actions", "stop"), nil, nil)
}
