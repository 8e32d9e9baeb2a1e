package githubsim

import (
	"fmt"
	"net/http"
)

// jobLogs answers 302 to the other host: 404 while the log is not sealed, 410 when it is gone (facts 5, 6.2).
func jobLogs(c *call) (any, error) {
	j, err := c.job()
	if err != nil {
		return nil, err
	}
	if err := logThere(c, j); err != nil {
		return nil, err
	}
	return c.s.signedBlob(fmt.Sprintf("/logs/job/%d", j.id), logTime), nil
}

// runLogs answers 302 to the zip of all logs of an attempt.
func runLogs(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	for _, j := range a.listed() {
		if err := logThere(c, j); err != nil && len(j.steps) > 0 {
			return nil, err
		}
	}
	if a.status != "completed" {
		return nil, notFound()
	}
	return c.s.signedBlob(fmt.Sprintf("/logs/run/%d/%d", a.run.id, a.number), logTime), nil
}

func logThere(c *call, j *job) error {
	sealed, gone := j.sealed(c.s.now())
	switch {
	case gone:
		return &fault{status: http.StatusGone, message: "The logs for this run have expired and are no longer available.", doc: logDoc}
	case !sealed || len(j.steps) == 0:
		return &fault{status: http.StatusNotFound, message: "Not Found", doc: logDoc}
	}
	return nil
}

const logDoc = "rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run"
