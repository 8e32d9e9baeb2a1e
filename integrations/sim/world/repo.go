package world

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"time"

	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
)

// merged is a pull request of the past and the release that came of it.
type merged struct {
	number  int
	title   string
	by      string
	method  string
	version int
	ago     time.Duration // before the start of the story, when its run began
}

const day = 24 * time.Hour

// past are the merges before the story begins, oldest first. The versions that are missing set config vars.
var past = []merged{
	{36, "Show upcoming chats first", "bob", "merge", 111, 27*day + 3*time.Hour},
	{37, "Upgrade Django to 3.1.7", "alice", "merge", 112, 24*day + 1*time.Hour},
	{38, "Let people leave a chat", "bob", "squash", 114, 20*day + 5*time.Hour},
	{39, "Paginate the chat list", "alice", "merge", 115, 18*day + 2*time.Hour},
	{40, "Mail digests on Fridays", "bob", "squash", 116, 13*day + 4*time.Hour},
	{41, "Remember the last topic", "alice", "merge", 118, 10*day + 1*time.Hour},
	{42, "Match people by topic", "bob", "merge", 119, 6*day + 3*time.Hour},
	{43, "Cache the profile pictures", "alice", "squash", 120, 4*day + 4*time.Hour},
	{44, "Speed up the chat list", "bob", "merge", 122, 3*time.Hour + 2*time.Minute},
}

// The releases of the past, but for the first that was ever made, which has nothing before it.
const oldest, newest = 111, 122

// configured are the releases of the past that set a config var.
var configured = map[int]struct {
	key, by string
	ago     time.Duration
}{
	113: {"EMAIL_HOST", "alice", 22 * day},
	117: {"SENTRY_DSN", "bob", 11 * day},
	121: {"SLACK_CHANNEL", "alice", 3*day + 20*time.Hour},
}

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
		Author: "alice", Message: "Begin", At: w.Start.Add(-30 * day), Files: skeleton(),
	})
	w.firstRelease()
	for _, m := range past {
		w.configReleases(m.version)
		w.pastMerge(m)
	}
	w.openPulls()
}

// firstRelease puts something before the first merge that is told of.
func (w *World) firstRelease() {
	head := w.Repo.Head(branch)
	for _, app := range w.Apps {
		app.PastRelease(herokusim.PastRelease{
			Version: 110, Kind: "code", Commit: w.deployedCommit(head.SHA), CommitDescription: "Begin", By: deployer,
			At: w.Start.Add(-29 * day),
		})
	}
}

// configReleases adds those that come before a version.
func (w *World) configReleases(before int) {
	c, ok := configured[before-1]
	if !ok {
		return
	}
	r := herokusim.PastRelease{
		Version: before - 1, Kind: "config", Set: map[string]string{c.key: "1"}, By: email(c.by), At: w.Start.Add(-c.ago),
		Description: w.plan.descriptions[before-1],
	}
	for _, app := range w.Apps {
		app.PastRelease(r)
	}
}

func (w *World) pastMerge(m merged) {
	began := w.Start.Add(-m.ago)
	head := w.branchFor(m.number, m.title, m.by, began.Add(-5*time.Hour), feature(m.number))
	w.Repo.OpenPull(githubsim.PullSpec{Number: m.number, Title: m.title, Author: m.by, Head: head, At: began.Add(-4 * time.Hour)})
	w.Repo.PastRun(githubsim.PastRun{Workflow: w.testFile(), Event: "pull_request", Pull: m.number, Actor: m.by, At: began.Add(-4 * time.Hour)})
	commit := w.Repo.PastMerge(m.number, m.method, m.by, began)
	run := w.Repo.PastRun(githubsim.PastRun{Workflow: w.deployFile(), Event: "push", SHA: commit.SHA, Actor: m.by, At: began.Add(2 * time.Second)})
	for _, app := range w.Apps {
		app.PastRelease(herokusim.PastRelease{
			Version: m.version, Kind: "code", Commit: w.deployedCommit(commit.SHA), CommitDescription: m.title, By: deployer,
			At: released(run), Description: w.plan.descriptions[m.version],
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
