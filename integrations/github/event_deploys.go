package github

import "time"

// Deployment is one that GitHub knows of: a job with an environment makes one, and so does Heroku's GitHub integration.
type Deployment struct {
	ID          int64
	SHA         string
	Ref         string
	Task        string // deploy
	Environment string
	Creator     string // GitHub login
	CreatedAt   time.Time
}

type deployment struct {
	ID                          int64
	SHA, Ref, Task, Environment string
	Creator                     person
	CreatedAt                   stamp `json:"created_at"`
}

func (d deployment) ours() (Deployment, error) {
	if d.ID == 0 {
		return Deployment{}, wants("id of the deployment")
	}
	return Deployment{
		ID: d.ID, SHA: d.SHA, Ref: d.Ref, Task: d.Task, Environment: d.Environment, Creator: d.Creator.Login,
		CreatedAt: d.CreatedAt.time(),
	}, nil
}

// DeploymentEvent is a deployment that was made.
type DeploymentEvent struct {
	Deployment Deployment
	RunID      int64 // of the run that made it; 0 if none did
}

type deploymentPayload struct {
	Deployment deployment
	Run        struct{ ID int64 } `json:"workflow_run"`
}

func (p deploymentPayload) ours() (DeploymentEvent, error) {
	d, err := p.Deployment.ours()
	return DeploymentEvent{Deployment: d, RunID: p.Run.ID}, err
}

// DeploymentStatusEvent is how a deployment goes.
type DeploymentStatusEvent struct {
	ID         int64
	Deployment Deployment
	State      string // pending, queued, in_progress, success, failure, error or inactive
	LogURL     string // for people
	URL        string // of what was deployed
	RunID      int64  // of the run that made it; 0 if none did
	UpdatedAt  time.Time
}

type deploymentStatusPayload struct {
	deploymentPayload
	Status struct {
		ID             int64
		State          string
		LogURL         string `json:"log_url"`
		TargetURL      string `json:"target_url"` // its older name
		EnvironmentURL string `json:"environment_url"`
		UpdatedAt      stamp  `json:"updated_at"`
	} `json:"deployment_status"`
}

func (p deploymentStatusPayload) ours() (DeploymentStatusEvent, error) {
	d, err := p.Deployment.ours()
	if err != nil {
		return DeploymentStatusEvent{}, err
	}
	s := p.Status
	if s.ID == 0 || s.State == "" {
		return DeploymentStatusEvent{}, wants("id or state of the deployment status")
	}
	if s.LogURL == "" {
		s.LogURL = s.TargetURL
	}
	return DeploymentStatusEvent{
		ID: s.ID, Deployment: d, State: s.State, LogURL: s.LogURL, URL: s.EnvironmentURL, RunID: p.Run.ID,
		UpdatedAt: s.UpdatedAt.time(),
	}, nil
}

// DeploymentReviewEvent is a run that waits for somebody to let it deploy, or was answered.
type DeploymentReviewEvent struct {
	RunID       int64
	Environment string
	Requestor   string   // GitHub login
	Reviewers   []string // logins of people, slugs of teams
	Since       time.Time
}

type reviewPayload struct {
	Run         struct{ ID int64 } `json:"workflow_run"`
	Environment string
	Requestor   person
	Since       stamp
	Reviewers   []struct {
		Reviewer struct{ Login, Slug string }
	}
}

func (p reviewPayload) ours() (DeploymentReviewEvent, error) {
	if p.Run.ID == 0 {
		return DeploymentReviewEvent{}, wants("id of the run")
	}
	out := DeploymentReviewEvent{RunID: p.Run.ID, Environment: p.Environment, Requestor: p.Requestor.Login, Since: p.Since.time()}
	for _, r := range p.Reviewers {
		out.Reviewers = append(out.Reviewers, r.Reviewer.Login+r.Reviewer.Slug) // it is either
	}
	return out, nil
}

// ReleaseEvent is a release of the repository, which may be what triggers a deploy.
type ReleaseEvent struct {
	ID          int64
	Tag         string
	Target      string // the branch or commit that the tag was made at
	Name        string
	Author      string // GitHub login
	URL         string // for people
	Draft       bool
	Prerelease  bool
	PublishedAt time.Time
}

type releasePayload struct {
	Release struct {
		ID                int64
		Tag               string `json:"tag_name"`
		Target            string `json:"target_commitish"`
		Name              string
		Author            person
		URL               string `json:"html_url"`
		Draft, Prerelease bool
		PublishedAt       stamp `json:"published_at"`
	}
}

func (p releasePayload) ours() (ReleaseEvent, error) {
	r := p.Release
	if r.ID == 0 || r.Tag == "" {
		return ReleaseEvent{}, wants("id or tag_name of the release")
	}
	return ReleaseEvent{
		ID: r.ID, Tag: r.Tag, Target: r.Target, Name: r.Name, Author: r.Author.Login, URL: r.URL,
		Draft: r.Draft, Prerelease: r.Prerelease, PublishedAt: r.PublishedAt.time(),
	}, nil
}
