package herokusim

import (
	"net/http"
	"time"
)

// createDyno starts a one-off dyno, and answers before it is up: "the 201 answer … `"state":"starting"`".
func (s *Server) createDyno(r *request) (any, error) {
	var body struct {
		Attach     bool              `json:"attach"`
		Command    string            `json:"command"`
		Env        map[string]string `json:"env"`
		ForceNoTTY bool              `json:"force_no_tty"`
		Size       string            `json:"size"`
		TimeToLive *int              `json:"time_to_live"`
		Type       string            `json:"type"`
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	limit := limitMax
	if ttl := body.TimeToLive; ttl != nil {
		limit = time.Duration(*ttl) * time.Second
	}
	switch {
	case body.Command == "":
		return nil, invalid("command can't be blank.")
	case limit <= 0 || limit > limitMax:
		return nil, invalid("time_to_live must be between 1 and 86400.")
	case body.Attach && s.opts.Rendezvous == "":
		return nil, &fault{
			status: http.StatusNotImplemented, ID: "not_simulated",
			Message: "not simulated: an attached run without a rendezvous listener",
		}
	}
	o, err := r.app.newOneOff(RunSpec{
		Command: body.Command, Type: body.Type, Size: body.Size, Limit: limit, Env: body.Env,
	})
	if err != nil {
		return nil, err
	}
	o.lf = body.ForceNoTTY
	if body.Attach {
		r.app.expectClient(o)
	}
	r.app.startOneOff(o, r.account.email)
	return created(r.app.dynoView(&o.dyno)), nil
}
