package world

import (
	"context"
	"time"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
)

const (
	ciFile       = ".github/workflows/ci.yml"
	testOnlyFile = ".github/workflows/test.yml"
	shipFile     = ".github/workflows/deploy.yml"
)

// testFile is the workflow that tests pull requests, deployFile the one that runs after a merge.
func (w *World) testFile() string {
	if w.plan.twoFiles {
		return testOnlyFile
	}
	return ciFile
}

func (w *World) deployFile() string {
	if w.plan.twoFiles {
		return shipFile
	}
	return ciFile
}

// pushStep is the step of the job "deploy" that sends the code to Heroku.
func pushStep(path string) string {
	if path == shipFile {
		return "Push to Production"
	}
	return "Push to Heroku"
}

func (w *World) workflows() []githubsim.Workflow {
	list := w.oneFile()
	if w.plan.twoFiles {
		list = w.twoFiles()
	}
	for i := range list {
		list[i].Concurrency = w.plan.group
	}
	return list
}

func (w *World) oneFile() []githubsim.Workflow {
	return []githubsim.Workflow{{
		Path: ciFile, Name: "CI", On: append([]string{"push"}, w.tested()...),
		Jobs: append(tests("", "", ""), githubsim.Job{
			Name: "deploy", Needs: []string{"test-frontend", "test-backend", "test-integration"}, On: []string{"push"},
			Steps: []githubsim.Step{takes("Checkout", 3), w.push("Push to Heroku")},
		}),
	}}
}

// tested are the events before a merge on which the tests run.
func (w *World) tested() []string {
	if w.plan.queue {
		return []string{"pull_request", "merge_group"}
	}
	return []string{"pull_request"}
}

// twoFiles is what the team grew into: two files of one name, matrix jobs, and a deploy that waits for no test.
func (w *World) twoFiles() []githubsim.Workflow {
	return []githubsim.Workflow{
		{Path: testOnlyFile, Name: "CI", On: w.tested(), Jobs: tests(" (12)", " (3.8)", " (12)")},
		{Path: shipFile, Name: "CI", On: []string{"push"}, Jobs: []githubsim.Job{{
			Name: "deploy",
			Steps: []githubsim.Step{
				takes("Checkout", 3), takes("Build Frontend", 25), takes("Commit frontend build", 1),
				takes("Add Heroku credentials", 1), takes("Backup DB", 10), w.push("Push to Production"),
			},
		}}},
	}
}

// tests are the three jobs that test, with the matrix values that their names end in.
func tests(frontend, backend, integration string) []githubsim.Job {
	return []githubsim.Job{
		{Name: "test-frontend" + frontend, Queue: 2 * time.Second, Steps: []githubsim.Step{
			takes("Checkout", 3), takes("Install", 20), takes("Run Tests", 30), takes("Eslint", 8), takes("Build Frontend", 15),
		}},
		{Name: "test-backend" + backend, Queue: 2 * time.Second, Steps: []githubsim.Step{
			takes("Checkout", 3), takes("Install", 25), takes("Flake8", 4), takes("Test with pytest", 50),
		}},
		{Name: "test-integration" + integration, Queue: 2 * time.Second, Steps: []githubsim.Step{
			takes("Checkout", 3), takes("Install", 25), takes("Cypress Run", 70),
		}},
	}
}

func takes(name string, seconds int) githubsim.Step {
	return githubsim.Step{Name: name, Takes: time.Duration(seconds) * time.Second}
}

// push is the step that deploys: to every app of the world, one after the other. It fails when Heroku's build or
// release phase does, as `git push heroku` does.
func (w *World) push(name string) githubsim.Step {
	return githubsim.Step{Name: name, Takes: time.Minute, Run: func(ctx context.Context, j githubsim.Running) bool {
		if !w.reach(ctx, j) {
			return false
		}
		for _, app := range w.Apps {
			_, err := app.Deploy(ctx, herokusim.DeploySpec{
				Commit: w.deployedCommit(j.SHA), By: deployer, Output: func(line string) { j.Logf("remote: %s", line) },
			})
			if err != nil {
				j.Logf("remote:  !     %v", err)
				j.Logf("##[error]Process completed with exit code 1.")
				return false
			}
		}
		return true
	}}
}

// reach is a runner's way to Heroku. It is longer for those whose job began at the same instant as that of an older run,
// so that of several merges at once the first is always the first to be deployed.
func (w *World) reach(ctx context.Context, j githubsim.Running) bool {
	began := map[int64]time.Time{}
	for _, run := range w.Repo.Runs() {
		for _, job := range run.Jobs {
			if job.Name == j.Job {
				began[run.ID] = job.StartedAt
			}
		}
	}
	behind := time.Duration(0)
	for id, at := range began {
		if id < j.RunID && at.Equal(began[j.RunID]) {
			behind++
		}
	}
	if behind == 0 {
		return ctx.Err() == nil
	}
	way := time.NewTimer(behind * 100 * time.Millisecond / time.Duration(max(1, w.options.Speed)))
	defer way.Stop()
	select {
	case <-way.C:
		return true
	case <-ctx.Done():
		return false
	}
}
