package githubsim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// filteredMax is how many runs a filtered list gives at most: facts 3.1.
const filteredMax = 1000

func listWorkflows(c *call) (any, error) {
	return object{"total_count": len(c.repo.workflows), "workflows": mapped(paged(c, c.repo.workflows), c.repo.workflowObject)}, nil
}

// workflow finds the workflow that the address names, by id or by file.
func (c *call) workflow() (*workflow, error) {
	name := c.path("workflow")
	for _, w := range c.repo.workflows {
		if strconv.FormatInt(w.id, 10) == name || w.file() == name || w.Path == name {
			return w, nil
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/actions/workflows#get-a-workflow"}
}

func getWorkflow(c *call) (any, error) {
	w, err := c.workflow()
	if err != nil {
		return nil, err
	}
	return c.repo.workflowObject(w), nil
}

// listRuns lists the runs of the repository or of one workflow, newest first, with the filters of facts 3.1.
func listRuns(c *call) (any, error) {
	var of *workflow
	if c.path("workflow") != "" {
		var err error
		if of, err = c.workflow(); err != nil {
			return nil, err
		}
	}
	created, err := parseCreated(c.query.Get("created"))
	if err != nil {
		return nil, err
	}
	var list []*run
	for _, r := range c.repo.runs() {
		if (of == nil || r.workflow == of) && c.filtered(r) && created(r.created) {
			list = append(list, r)
		}
	}
	for _, filter := range []string{"actor", "branch", "event", "status", "created", "head_sha", "check_suite_id"} {
		if c.query.Get(filter) != "" {
			list = list[:min(len(list), filteredMax)]
		}
	}
	pulls := c.query.Get("exclude_pull_requests") != "true"
	return object{
		"total_count":   len(list),
		"workflow_runs": mapped(paged(c, list), func(r *run) object { return r.runObject(r.last(), pulls) }),
	}, nil
}

func (c *call) filtered(r *run) bool {
	is := func(filter, value string) bool {
		want := c.query.Get(filter)
		return want == "" || strings.EqualFold(want, value)
	}
	a := r.last()
	return is("branch", r.branch) && is("event", r.event) && is("actor", r.actor) && is("head_sha", r.sha) &&
		is("check_suite_id", strconv.FormatInt(r.suite, 10)) && (is("status", a.status) || is("status", a.conclusion))
}

// parseCreated reads GitHub's search syntax for times: ">=2026-01-05T14:00:00Z", "2026-01-01..2026-01-05".
func parseCreated(text string) (func(time.Time) bool, error) {
	if text == "" {
		return func(time.Time) bool { return true }, nil
	}
	invalid := &fault{status: http.StatusUnprocessableEntity, message: "Validation Failed", errors: []object{{"field": "created", "code": "invalid"}}}
	rest := strings.TrimLeft(text, "<>=")
	op := text[:len(text)-len(rest)]
	from, to, ranged := strings.Cut(rest, "..")
	first, last, ok := moment(from)
	if ranged {
		var ok2 bool
		if _, last, ok2 = moment(to); to == "*" {
			last, ok2 = time.Unix(1<<40, 0), true
		}
		ok = (ok || from == "*") && ok2
	}
	if !ok {
		return nil, invalid
	}
	return func(t time.Time) bool {
		t = seconds(t)
		switch op {
		case ">=":
			return !t.Before(first)
		case ">":
			return t.After(last)
		case "<=":
			return !t.After(last)
		case "<":
			return t.Before(first)
		}
		return !t.Before(first) && !t.After(last)
	}, nil
}

// moment reads a time or a whole day.
func moment(text string) (first, last time.Time, ok bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, t, true
	}
	t, err := time.Parse(time.DateOnly, text)
	return t, t.Add(24*time.Hour - time.Second), err == nil
}

// attempt finds the attempt that the address names; without a number the newest.
func (c *call) attempt() (*attempt, error) {
	missing := &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/actions/workflow-runs#get-a-workflow-run"}
	for _, r := range c.repo.runs() {
		if strconv.FormatInt(r.id, 10) != c.path("run") {
			continue
		}
		if c.path("attempt") == "" {
			return r.last(), nil
		}
		n, err := strconv.Atoi(c.path("attempt"))
		if err != nil || n < 1 || n > len(r.attempts) {
			return nil, missing
		}
		return r.attempts[n-1], nil
	}
	return nil, missing
}

func getRun(c *call) (any, error) { return getAttempt(c) }

func getAttempt(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	return a.run.runObject(a, c.query.Get("exclude_pull_requests") != "true"), nil
}
