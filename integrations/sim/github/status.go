package githubsim

import (
	"fmt"
	"slices"
	"time"
)

// Status is a classic commit status, as CI that is not Actions sets it.
type Status struct {
	SHA         string
	State       string // "error", "failure", "pending", "success"
	Context     string // empty: "default"
	Description string
	TargetURL   string
	By          string // login
	At          time.Time
}

type status struct {
	Status
	id int64
}

// SetStatus adds a status to a commit; of one context the newest counts. One without a time is of now, and told.
func (r *Repo) SetStatus(st Status) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	_, err := r.setStatus(st)
	return err
}

func (r *Repo) setStatus(st Status) (*status, error) {
	c := r.resolve(st.SHA)
	switch {
	case c == nil:
		return nil, fmt.Errorf("%s has no commit %q", r.full(), st.SHA)
	case !slices.Contains([]string{"error", "failure", "pending", "success"}, st.State):
		return nil, fmt.Errorf("%q is no state; a status is error, failure, pending or success", st.State)
	}
	if st.Context == "" {
		st.Context = "default"
	}
	if st.At.IsZero() {
		st.At = time.Now()
	}
	st.SHA, st.At = c.sha, seconds(st.At)
	r.server.account(st.By)
	one := &status{Status: st, id: r.server.next("status")}
	r.statuses = append(r.statuses, one)
	if st.At.Equal(seconds(r.server.now())) {
		r.tellStatus(one)
	}
	return one, nil
}

// tellStatus announces a status.
func (r *Repo) tellStatus(st *status) {
	r.server.announce(r, Event{Name: "status", After: st.SHA}, st.By, func() object {
		branches := []object{}
		for _, name := range sortedKeys(r.branches) {
			if r.branches[name] == st.SHA {
				branches = append(branches, object{"name": name, "protected": false, "commit": object{"sha": st.SHA, "url": r.api("/commits/%s", st.SHA)}})
			}
		}
		o := r.simpleStatus(st)
		for _, field := range []string{"node_id", "url"} {
			delete(o, field)
		}
		o["sha"], o["name"], o["branches"] = st.SHA, r.full(), branches
		o["commit"] = r.commitObject(r.git.commits[st.SHA])
		return o
	})
}

// statusesOf lists a commit's statuses, newest first.
func (r *Repo) statusesOf(sha string) []*status {
	var list []*status
	for _, st := range slices.Backward(r.statuses) {
		if st.SHA == sha {
			list = append(list, st)
		}
	}
	return list
}

// newest keeps the newest of each context, in the order in which the contexts came up.
func newest(list []*status) []*status {
	var out []*status
	for _, st := range slices.Backward(list) {
		i := slices.IndexFunc(out, func(o *status) bool { return o.Context == st.Context })
		if i < 0 {
			out = append(out, st)
		} else {
			out[i] = st
		}
	}
	return out
}

// combined is facts 6.2: failure if any error or failure; pending if none or any pending.
func combined(list []*status) string {
	state := "success"
	if len(list) == 0 {
		state = "pending"
	}
	for _, st := range list {
		switch st.State {
		case "error", "failure":
			return "failure"
		case "pending":
			state = "pending"
		}
	}
	return state
}
