package githubsim

import (
	"fmt"
	"net/http"
	"strconv"
)

// listJobs takes filter: "latest", the newest attempt's, or "all".
func listJobs(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	if c.query.Get("filter") != "all" {
		return jobList(c, a.listed()), nil
	}
	var all []*job
	for _, one := range a.run.attempts {
		all = append(all, one.listed()...)
	}
	return jobList(c, all), nil
}

func listAttemptJobs(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	return jobList(c, a.listed()), nil
}

func jobList(c *call, jobs []*job) object {
	return object{"total_count": len(jobs), "jobs": mapped(paged(c, jobs), (*job).jobObject)}
}

// listed gives the jobs that are to be seen yet.
func (a *attempt) listed() []*job {
	var jobs []*job
	for _, j := range a.jobs {
		if j.listed {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

func getJob(c *call) (any, error) {
	for _, r := range c.repo.runs() {
		for _, a := range r.attempts {
			for _, j := range a.listed() {
				if strconv.FormatInt(j.id, 10) == c.path("job") {
					return j.jobObject(), nil
				}
			}
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/actions/workflow-jobs#get-a-job-for-a-workflow-run"}
}

// page is where people see the job.
func (j *job) page() string {
	return j.attempt.run.repo.html("/actions/runs/%d/job/%d", j.attempt.run.id, j.id)
}

func (j *job) runnerName() string { return fmt.Sprintf("GitHub Actions %d", j.runner) }
