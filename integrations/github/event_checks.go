package github

import "time"

// CheckSuiteEvent is all the checks of one app on one commit. Those of the app github-actions are runs, told as such.
type CheckSuiteEvent struct {
	ID         int64
	SHA        string
	Branch     string // "" for a fork's
	Status     string
	Conclusion string
	App        string
	UpdatedAt  time.Time
}

// Outcome tells what the suite came to.
func (e CheckSuiteEvent) Outcome() Outcome { return outcome(e.Status, e.Conclusion) }

type suitePayload struct {
	Suite struct {
		ID                 int64
		Status, Conclusion string
		HeadSHA            string `json:"head_sha"`
		HeadBranch         string `json:"head_branch"`
		App                struct{ Slug string }
		UpdatedAt          stamp `json:"updated_at"`
	} `json:"check_suite"`
}

func (p suitePayload) ours() (CheckSuiteEvent, error) {
	s := p.Suite
	if s.ID == 0 {
		return CheckSuiteEvent{}, wants("id of the check suite")
	}
	return CheckSuiteEvent{
		ID: s.ID, SHA: s.HeadSHA, Branch: s.HeadBranch, Status: s.Status, Conclusion: s.Conclusion, App: s.App.Slug,
		UpdatedAt: s.UpdatedAt.time(),
	}, nil
}

// CheckRunEvent is one check. Those of the app github-actions are jobs, told as such.
type CheckRunEvent struct {
	CheckRun CheckRun
	SuiteID  int64
}

type checkPayload struct {
	Run struct {
		ID                       int64
		Name, Status, Conclusion string
		HeadSHA                  string `json:"head_sha"`
		URL                      string `json:"html_url"`
		App                      struct{ Slug string }
		Suite                    struct{ ID int64 } `json:"check_suite"`
		StartedAt                stamp              `json:"started_at"`
		CompletedAt              stamp              `json:"completed_at"`
	} `json:"check_run"`
}

func (p checkPayload) ours() (CheckRunEvent, error) {
	r := p.Run
	if r.ID == 0 {
		return CheckRunEvent{}, wants("id of the check run")
	}
	return CheckRunEvent{
		CheckRun: CheckRun{
			ID: r.ID, Name: r.Name, SHA: r.HeadSHA, App: r.App.Slug, Status: r.Status, Conclusion: r.Conclusion, URL: r.URL,
			StartedAt: r.StartedAt.time(), CompletedAt: r.CompletedAt.time(),
		},
		SuiteID: r.Suite.ID,
	}, nil
}

// StatusEvent is a classic status that a commit got.
type StatusEvent struct {
	ID       int64
	SHA      string
	Status   Status
	Branches []string // that hold the commit; GitHub names ten at most
}

type statusPayload struct {
	ID                               int64
	SHA, Context, State, Description string
	TargetURL                        string `json:"target_url"`
	UpdatedAt                        stamp  `json:"updated_at"`
	Branches                         []struct{ Name string }
}

func (p statusPayload) ours() (StatusEvent, error) {
	if p.SHA == "" || p.State == "" {
		return StatusEvent{}, wants("sha or state")
	}
	out := StatusEvent{ID: p.ID, SHA: p.SHA, Status: Status{
		Context: p.Context, State: p.State, Description: p.Description, URL: p.TargetURL, UpdatedAt: p.UpdatedAt.time(),
	}}
	for _, b := range p.Branches {
		out.Branches = append(out.Branches, b.Name)
	}
	return out, nil
}
