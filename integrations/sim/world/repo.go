package world

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"time"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
)

// addRepo builds the repository with its past: a merge, its run and its release after the other.
func (w *World) addRepo() {
	for _, p := range people {
		w.GitHub.AddUser(p.name, p.real, email(p.name))
	}
	w.GitHub.AddUser("slipway-bot", "slipway", email("slipway"))
	w.Repo = w.GitHub.AddRepo(repoOwner, repoName, branch)
	w.GitHub.AddToken(w.tokens.github, "slipway-bot", repoOwner+"/"+repoName)
	for _, wf := range w.workflows() {
		w.Repo.AddWorkflow(wf)
	}
	w.Repo.Commit(branch, githubsim.CommitSpec{
		Author: "alice", Message: "Begin", At: w.Start.Add(-w.plan.past.begun()), Files: w.firstFiles(),
	})
	w.firstRelease()
	for _, m := range w.plan.past.merges {
		w.configReleases(m.version)
		w.pastMerge(m)
	}
	w.openPulls()
}

// firstFiles are the project, with slipway's settings if there are some.
func (w *World) firstFiles() []githubsim.File {
	files := skeleton()
	if w.options.Settings != "" {
		files = append(files, githubsim.File{Path: settingsFile, Text: w.options.Settings})
	}
	return files
}

// firstRelease puts something before the first merge that is told of.
func (w *World) firstRelease() {
	if w.plan.past.alone {
		return
	}
	head := w.Repo.Head(branch)
	oldest, _ := w.plan.past.versions()
	for _, app := range w.Apps {
		app.PastRelease(herokusim.PastRelease{
			Version: oldest - 1, Kind: "code", Commit: w.deployedCommit(head.SHA), CommitDescription: "Begin", By: deployer,
			At: w.Start.Add(day - w.plan.past.begun()),
		})
	}
}

// configReleases adds those that come before a version.
func (w *World) configReleases(before int) {
	c, ok := w.plan.past.configured[before-1]
	if !ok {
		return
	}
	r := herokusim.PastRelease{
		Version: before - 1, Kind: "config", Set: map[string]string{c.key: "1"}, By: email(c.by), At: w.Start.Add(-c.ago),
		Description: w.plan.description(before - 1),
	}
	for _, app := range w.Apps {
		app.PastRelease(r)
	}
}

func (w *World) pastMerge(m merged) {
	began := w.Start.Add(-m.ago)
	head := w.branchFor(m.number, m.title, m.by, began.Add(-5*time.Hour), feature(m.number))
	w.Repo.OpenPull(githubsim.PullSpec{Number: m.number, Title: m.title, Author: m.by, Head: head, At: began.Add(-4 * time.Hour)})
	checks := githubsim.PastRun{Workflow: w.testFile(), Event: "pull_request", Pull: m.number, Actor: m.by, At: began.Add(-4 * time.Hour)}
	if m.fixed {
		red := checks
		red.FailJob = "test-backend"
		w.Repo.PastRun(red)
		checks.At = checks.At.Add(time.Hour)
	}
	w.Repo.PastRun(checks)
	commit := w.Repo.PastMerge(m.number, m.method, m.by, began)
	push := githubsim.PastRun{Workflow: w.deployFile(), Event: "push", SHA: commit.SHA, Actor: m.by, At: began.Add(2 * time.Second)}
	if m.version == 0 {
		push.FailJob = "deploy"
	}
	run := w.Repo.PastRun(push)
	if m.version == 0 {
		return
	}
	for _, app := range w.Apps {
		app.PastRelease(herokusim.PastRelease{
			Version: m.version, Kind: "code", Commit: w.deployedCommit(commit.SHA), CommitDescription: m.title, By: deployer,
			At: released(run), Description: w.plan.description(m.version),
		})
	}
}

// released is when the release of a run of the past was made: within its last step but GitHub's own, near its end.
func released(run githubsim.Run) time.Time {
	for _, job := range run.Jobs {
		for _, step := range job.Steps {
			if job.Name == "deploy" && step.Name == pushStep(run.Path) {
				return step.CompletedAt.Add(-12 * time.Second)
			}
		}
	}
	panic(fmt.Sprintf("run %d of %s has no step %q", run.Number, run.Path, pushStep(run.Path)))
}

// openPulls are the two that wait for the story: #45 by bob adds migrations in two apps, #46 by alice none.
func (w *World) openPulls() {
	w.openPull(45, "Remind people of their chats", "bob", 26*time.Hour, migrations())
	w.openPull(46, "Tidy the chat form", "alice", 5*time.Hour, feature(46))
}

func (w *World) openPull(number int, title, by string, ago time.Duration, files []githubsim.File) {
	at := w.Start.Add(-ago)
	head := w.branchFor(number, title, by, at, files)
	w.Repo.OpenPull(githubsim.PullSpec{Number: number, Title: title, Author: by, Head: head, At: at})
	w.Repo.PastRun(githubsim.PastRun{Workflow: w.testFile(), Event: "pull_request", Pull: number, Actor: by, At: at.Add(time.Minute)})
}

func (w *World) branchFor(number int, title, by string, at time.Time, files []githubsim.File) string {
	head := fmt.Sprintf("%s/%d", by, number)
	w.Repo.Branch(branch, head)
	w.Repo.Commit(head, githubsim.CommitSpec{Author: by, Message: title, At: at, Files: files})
	return head
}

// deployedCommit is the commit that Heroku gets for one on GitHub. In the world of two files it is another, which the
// runner makes and GitHub never sees (facts/github.md §8.1).
func (w *World) deployedCommit(sha string) string {
	if !w.plan.twoFiles {
		return sha
	}
	sum := sha1.Sum([]byte("Commit frontend build on " + sha))
	return hex.EncodeToString(sum[:])
}
