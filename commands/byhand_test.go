package commands_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"slipway/bot/chattest"
	"slipway/commands"
	githubsim "slipway/integrations/sim/github"
	herokusim "slipway/integrations/sim/heroku"
	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// ask lets something be deployed by hand and gives the answer to /deploy status after it.
func ask(t *testing.T, deploy func(w *world.World, app *herokusim.App)) string {
	t.Helper()
	var answer string
	chattest.Scene(t, nil, commands.All(), func(w *world.World, p *chattest.Player) {
		deploy(w, w.Apps[0])
		if err := p.Line("alice> /deploy status"); err != nil {
			t.Fatal(err)
		}
		entries, _ := w.Slack.Journal(0)
		for _, e := range entries {
			if e.Kind == slacksim.Ephemeral {
				answer = string(e.Message.Blocks)
			}
		}
	})
	return answer
}

func TestABranchDeployedByHandIsFoundOnGitHub(t *testing.T) {
	t.Parallel()
	answer := ask(t, func(w *world.World, app *herokusim.App) {
		if _, err := app.Deploy(context.Background(), herokusim.DeploySpec{Commit: w.Repo.Head("bob/45").SHA, By: "alice@penny.example"}); err != nil {
			t.Fatal(err)
		}
	})
	for _, want := range []string{"Live, not on `master`: 1 commit", "deployed by alice@penny.example"} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in %s", want, answer)
		}
	}
	if strings.Contains(answer, "inferred") || strings.Contains(answer, "not known") {
		t.Errorf("GitHub knows the commit, and the answer says otherwise: %s", answer)
	}
}

func TestASourceThatIsNoCommitIsNotComparedWith(t *testing.T) {
	t.Parallel()
	answer := ask(t, func(_ *world.World, app *herokusim.App) {
		app.PastRelease(herokusim.PastRelease{Kind: "code", Commit: "master", By: "alice@penny.example", At: time.Now()})
	})
	for _, want := range []string{"Heroku calls what it was built from `master`, which is no commit", "Merged, not live: not known"} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in %s", want, answer)
		}
	}
}

func TestManyChangesAreCountedAndFitIntoOneMessage(t *testing.T) {
	t.Parallel()
	answer := ask(t, func(w *world.World, _ *herokusim.App) {
		for i := range 300 {
			w.Repo.Commit("master", githubsim.CommitSpec{Author: "alice", Message: strings.Repeat("a&<b>", 60), Files: []githubsim.File{{Path: "x", Text: strings.Repeat("y", i)}}})
		}
	})
	if !strings.Contains(answer, "and 292 more") {
		t.Errorf("the rest is not counted: %s", answer)
	}
}

func TestARedPushRunIsNotHiddenByRunsOfATimetable(t *testing.T) {
	t.Parallel()
	answer := ask(t, func(w *world.World, _ *herokusim.App) {
		w.Repo.PastRun(githubsim.PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", FailJob: "test-backend", At: time.Now().Add(-2 * time.Hour)})
		for i := range 40 {
			w.Repo.PastRun(githubsim.PastRun{Workflow: ".github/workflows/ci.yml", Event: "schedule", At: time.Now().Add(-time.Hour + time.Duration(i)*time.Minute)})
		}
	})
	if !strings.Contains(answer, "failed: `test-backend`") {
		t.Errorf("the red run is not told: %s", answer)
	}
}

// What a build was made from is foreign text, whether or not GitHub can say that it is no commit.
func TestAForeignSourceIsScrubbedAlsoWhenGitHubIsDown(t *testing.T) {
	t.Parallel()
	answer := ask(t, func(w *world.World, app *herokusim.App) {
		app.PastRelease(herokusim.PastRelease{Kind: "code", Commit: "ghp_0123456789abcdefABCDEF0123456789abcd", By: "alice@penny.example", At: time.Now()})
		w.GitHub.Weather().SetDown(true)
	})
	if !strings.Contains(answer, "`ghp_[secret]`") || strings.Contains(answer, "0123456789abcdef") {
		t.Errorf("got %s", answer)
	}
}
