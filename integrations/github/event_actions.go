package github

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// RunEvent is a run of a workflow that was asked for, began or ended. The state is in Run, not in the event's action.
type RunEvent struct {
	Run          Run
	WorkflowID   int64
	CheckSuiteID int64
	HeadRepo     string // where the branch lies, owner/name; another one than the event's if it is a fork
	Pulls        []int  // may well be empty for a run of a pull request: do not rely on it
	RerunBy      string // GitHub login of who caused this attempt
}

type runPayload struct {
	Run      workflowRun `json:"workflow_run"`
	Workflow struct{ Path string }
}

type workflowRun struct {
	ID           int64
	RunNumber    int    `json:"run_number"`
	RunAttempt   int    `json:"run_attempt"`
	WorkflowID   int64  `json:"workflow_id"`
	CheckSuiteID int64  `json:"check_suite_id"`
	DisplayTitle string `json:"display_title"`
	Path, Name   string
	Event        string
	Status       string
	Conclusion   string
	HeadSHA      string `json:"head_sha"`
	HeadBranch   string `json:"head_branch"`
	URL          string `json:"html_url"`
	Actor        person
	Triggering   person                 `json:"triggering_actor"`
	PullRequests []struct{ Number int } `json:"pull_requests"`
	HeadRepo     struct {
		FullName string `json:"full_name"`
	} `json:"head_repository"`
	CreatedAt stamp `json:"created_at"`
	StartedAt stamp `json:"run_started_at"`
	UpdatedAt stamp `json:"updated_at"`
}

func (p runPayload) ours() (RunEvent, error) {
	r := p.Run
	if r.ID == 0 {
		return RunEvent{}, wants("id of the run")
	}
	if r.Path == "" {
		r.Path = p.Workflow.Path // older payloads have it only there
	}
	file, _, _ := strings.Cut(r.Path, "@")
	out := RunEvent{
		Run: Run{
			ID: r.ID, Number: r.RunNumber, Attempt: max(r.RunAttempt, 1), Path: file, Name: r.Name, Title: r.DisplayTitle,
			Event: r.Event, Branch: r.HeadBranch, SHA: r.HeadSHA, Status: r.Status, Conclusion: r.Conclusion,
			Actor: r.Actor.Login, URL: r.URL,
			CreatedAt: r.CreatedAt.time(), StartedAt: r.StartedAt.time(), UpdatedAt: r.UpdatedAt.time(),
		},
		WorkflowID: r.WorkflowID, CheckSuiteID: r.CheckSuiteID, HeadRepo: r.HeadRepo.FullName, RerunBy: r.Triggering.Login,
	}
	for _, pull := range r.PullRequests {
		out.Pulls = append(out.Pulls, pull.Number)
	}
	return out, nil
}

// JobEvent is a job that queues, waits, began or ended, with its steps so far.
type JobEvent struct {
	Job          Job
	WorkflowName string
	SHA          string
	Branch       string // "" in older payloads
	CheckRunID   int64  // 0 if it is not known
	CreatedAt    time.Time
}

type jobPayload struct {
	Job workflowJob `json:"workflow_job"`
}

type workflowJob struct {
	ID           int64
	RunID        int64  `json:"run_id"`
	RunAttempt   int    `json:"run_attempt"`
	WorkflowName string `json:"workflow_name"`
	Name         string
	Status       string
	Conclusion   string
	HeadSHA      string `json:"head_sha"`
	HeadBranch   string `json:"head_branch"`
	URL          string `json:"html_url"`
	CheckRunURL  string `json:"check_run_url"`
	CreatedAt    stamp  `json:"created_at"`
	StartedAt    stamp  `json:"started_at"`
	CompletedAt  stamp  `json:"completed_at"`
	Steps        []struct {
		Name, Status, Conclusion string
		Number                   int
		StartedAt                stamp `json:"started_at"`
		CompletedAt              stamp `json:"completed_at"`
	}
}

func (p jobPayload) ours() (JobEvent, error) {
	j := p.Job
	if j.ID == 0 || j.RunID == 0 {
		return JobEvent{}, wants("id or run_id of the job")
	}
	out := JobEvent{
		Job: Job{
			ID: j.ID, RunID: j.RunID, Attempt: max(j.RunAttempt, 1), Name: j.Name, Status: j.Status, Conclusion: j.Conclusion,
			URL: j.URL, StartedAt: j.StartedAt.time(), CompletedAt: j.CompletedAt.time(),
		},
		WorkflowName: j.WorkflowName, SHA: j.HeadSHA, Branch: j.HeadBranch, CreatedAt: j.CreatedAt.time(),
	}
	if id, err := strconv.ParseInt(path.Base(j.CheckRunURL), 10, 64); err == nil {
		out.CheckRunID = id
	}
	for _, s := range j.Steps {
		out.Job.Steps = append(out.Job.Steps, Step{
			Name: s.Name, Number: s.Number, Status: s.Status, Conclusion: s.Conclusion,
			StartedAt: s.StartedAt.time(), CompletedAt: s.CompletedAt.time(),
		})
	}
	return out, nil
}
