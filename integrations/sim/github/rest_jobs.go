package githubsim

import (
	"fmt"
	"net/http"
	"slices"
)

// listJobs takes filter: "latest", the newest of each job, which after a re-run of failed jobs may be an older
// attempt's, or "all" (facts 1.4).
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
		all = append(all, ownOf(one)...)
	}
	return jobList(c, all), nil
}

// listAttemptJobs lists the jobs that ran in one attempt.
func listAttemptJobs(c *call) (any, error) {
	a, err := c.attempt()
	if err != nil {
		return nil, err
	}
	return jobList(c, ownOf(a)), nil
}

// ownOf gives an attempt's listed jobs without those that were carried over into it.
func ownOf(a *attempt) []*job {
	return slices.DeleteFunc(a.listed(), func(j *job) bool { return j.attempt != a })
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

// job finds the job that the address names, of any attempt.
func (c *call) job() (*job, error) {
	for _, r := range c.repo.runs() {
		for _, a := range r.attempts {
			for _, j := range ownOf(a) {
				if formatID(j.id) == c.path("job") {
					return j, nil
				}
			}
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/actions/workflow-jobs#get-a-job-for-a-workflow-run"}
}

func getJob(c *call) (any, error) {
	j, err := c.job()
	if err != nil {
		return nil, err
	}
	return j.jobObject(), nil
}

// page is where people see the job.
func (j *job) page() string {
	return j.attempt.run.repo.html("/actions/runs/%d/job/%d", j.attempt.run.id, j.id)
}

func (j *job) runnerName() string { return fmt.Sprintf("GitHub Actions %d", j.runner) }
