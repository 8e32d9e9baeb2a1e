package ledger

import (
	"slices"
	"time"

	"slipway/integrations/github"
)

func (f Run) join(other Fact) Fact {
	o := other.(Run)
	out := greater(f, o, Run.claim, Run.varying)
	out.Repo = eitherRepo(f.Repo, o.Repo)
	out.HeadRepo, out.RerunBy = max(f.HeadRepo, o.HeadRepo), max(f.RerunBy, o.RerunBy)
	r, a, b := &out.Run, f.Run, o.Run
	r.Number, r.Path, r.Event = max(a.Number, b.Number), max(a.Path, b.Path), max(a.Event, b.Event)
	r.Branch, r.SHA, r.Actor, r.URL = max(a.Branch, b.Branch), max(a.SHA, b.SHA), max(a.Actor, b.Actor), max(a.URL, b.URL)
	r.CreatedAt = latest(a.CreatedAt, b.CreatedAt)
	if a.Status == completed && b.Status == completed {
		r.UpdatedAt = earliest(a.UpdatedAt, b.UpdatedAt)
	}
	return out
}

// claim of an attempt: once completed it stays so. Before that it may go back, from running to waiting for an approval.
// The time of one that is completed is when it ended: what touches it later, such as a re-run, moves the time in what is
// read, but has nothing to say.
func (f Run) claim() claim {
	if f.Run.Status == completed {
		return claim{final: true, read: f.Read}
	}
	return claim{at: f.Run.UpdatedAt, rank: rank(f.Run.Status), read: f.Read}
}

// earliest is the earlier of two times, of those that are given.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (f Run) varying() Run {
	r := f.Run
	if r.Status == completed {
		r.UpdatedAt = time.Time{}
	}
	return Run{Read: f.Read, Run: github.Run{
		ID: r.ID, Attempt: r.Attempt, Name: r.Name, Title: r.Title, Status: r.Status, Conclusion: r.Conclusion,
		StartedAt: r.StartedAt, UpdatedAt: r.UpdatedAt,
	}}
}

func (f Job) join(other Fact) Fact {
	o := other.(Job)
	out := greater(f, o, Job.claim, Job.varying)
	out.Repo = eitherRepo(f.Repo, o.Repo)
	out.SHA, out.Branch = max(f.SHA, o.SHA), max(f.Branch, o.Branch)
	j, a, b := &out.Job, f.Job, o.Job
	j.RunID, j.Attempt, j.Name, j.URL = max(a.RunID, b.RunID), max(a.Attempt, b.Attempt), max(a.Name, b.Name), max(a.URL, b.URL)
	j.Steps = joinSteps(a.Steps, b.Steps)
	return out
}

// claim of a job. It has no time of its own before it ends, so its state tells how far it has come.
func (f Job) claim() claim {
	c := claim{rank: rank(f.Job.Status), read: f.Read}
	if f.Job.Status == completed {
		c.final, c.at = true, f.Job.CompletedAt
	}
	return c
}

// jobState is what varies of a job.
type jobState struct {
	Status, Conclusion     string
	StartedAt, CompletedAt time.Time
}

func (f Job) varying() jobState {
	return jobState{f.Job.Status, f.Job.Conclusion, f.Job.StartedAt, f.Job.CompletedAt}
}

// joinSteps joins the steps of two tellings of a job by their number, and gives them in its order.
func joinSteps(a, b []github.Step) []github.Step {
	var steps []github.Step
	for _, s := range slices.Concat(a, b) {
		i, known := slices.BinarySearchFunc(steps, s.Number, func(s github.Step, n int) int { return s.Number - n })
		if known {
			steps[i] = joinStep(steps[i], s)
		} else {
			steps = slices.Insert(steps, i, s)
		}
	}
	return steps
}

func joinStep(a, b github.Step) github.Step {
	name := max(a.Name, b.Name)
	a.Name, b.Name = name, name
	return greater(a, b, claimOfStep, whole)
}

func claimOfStep(s github.Step) claim {
	c := claim{rank: rank(s.Status)}
	if s.Status == completed {
		c.final, c.at = true, s.CompletedAt
	}
	return c
}

func (f Status) join(other Fact) Fact {
	o := other.(Status)
	repo := eitherRepo(f.Repo, o.Repo)
	f.Repo, o.Repo = repo, repo
	return greater(f, o, Status.claim, whole)
}

func (f Status) claim() claim {
	return claim{at: f.Status.UpdatedAt, rank: int(yes(f.Status.State != "pending")), read: f.Read}
}

func (f Check) join(other Fact) Fact {
	o := other.(Check)
	out := greater(f, o, Check.claim, Check.varying)
	out.Repo = eitherRepo(f.Repo, o.Repo)
	c, a, b := &out.Check, f.Check, o.Check
	c.Name, c.SHA, c.App, c.URL = max(a.Name, b.Name), max(a.SHA, b.SHA), max(a.App, b.App), max(a.URL, b.URL)
	return out
}

// claim of a check: its app may begin it anew, which then has a later time.
func (f Check) claim() claim {
	return claim{at: latest(f.Check.StartedAt, f.Check.CompletedAt), rank: rank(f.Check.Status), read: f.Read}
}

func (f Check) varying() Check {
	c := f.Check
	return Check{Read: f.Read, Check: github.CheckRun{
		ID: c.ID, Status: c.Status, Conclusion: c.Conclusion, StartedAt: c.StartedAt, CompletedAt: c.CompletedAt,
	}}
}
