package notices

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// begin is when the stories of these tests begin: at 14:00 UTC, as conversations do.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

const app = "penny-university"

var repo = github.Repo{Owner: "penny-university", Name: "penny_university"}

// address is where GitHub shows the repository.
const address = "https://github.com/penny-university/penny_university"

func at(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }

// sha is a whole commit made of one hex digit.
func sha(digit string) string { return strings.Repeat(digit, 40) }

// drawn is a notice as a person reads it: title, lines and small print, a line each. Links show their labels and dates
// "14:05 UTC"; emoji and bold stay as marks.
func drawn(n notice) string {
	lines := append([]string{n.page.title}, n.page.lines...)
	if len(n.page.small) > 0 {
		lines = append(lines, strings.Join(n.page.small, " · "))
	}
	return marked.ReplaceAllString(strings.Join(lines, "\n"), "$1")
}

// marked matches Slack's marks with a label.
var marked = regexp.MustCompile(`<(?:https?:|!date)[^|>]*\|([^>]*)>`)

// sceneAt is what notices are drawn from some seconds after the beginning. News are told from an hour before it on.
func sceneAt(seconds int, facts ...ledger.Fact) *scene {
	k := ledger.New(app, repo)
	k.Add(past()...)
	k.Add(facts...)
	return &scene{
		now: at(seconds), app: config.App{Name: app, Repo: repo}, known: k, settings: settings.Settings{}.For(app), since: at(-3600),
		mention: func(login, _ string) string { return "@" + login }, plan: func(string, string) {}, save: func() {},
	}
}

// past is what is known before the stories begin: v122 runs, which run #20 deployed three hours ago from the commit b….
func past() []ledger.Fact {
	run := github.Run{ID: 20, Number: 20, SHA: sha("b"), Status: "completed", Conclusion: "success", CreatedAt: at(-10900), UpdatedAt: at(-10700)}
	return together(
		facts(ledger.Branch{Repo: repo, Name: "master", Read: at(-3000)}),
		merged(44, "Speed up the chat list", "bob", "b", -10920),
		ran(run, passed("deploy", github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "success", StartedAt: at(-10760), CompletedAt: at(-10700)})),
		released(120, "a", heroku.Succeeded, -360000), released(122, "b", heroku.Succeeded, -10710),
	)
}

func facts(list ...ledger.Fact) []ledger.Fact { return list }

// together is all of several lists of facts.
func together(lists ...[]ledger.Fact) (all []ledger.Fact) {
	for _, facts := range lists {
		all = append(all, facts...)
	}
	return all
}

// merged are the facts of a pull request that was merged as a commit on master, given by its digit: as webhooks tell them.
func merged(number int, title, author, digit string, seconds int) []ledger.Fact {
	message := fmt.Sprintf("Merge pull request #%d from %s/%d", number, author, number)
	return append(pushed(digit, "", author, message, seconds), ledger.Pull{Repo: repo, Pull: github.Pull{
		Number: number, Title: title, Author: author, State: "closed", BaseRef: "master", HeadRef: fmt.Sprintf("%s/%d", author, number), Merged: true,
		MergedAt: at(seconds), MergeSHA: sha(digit), URL: fmt.Sprintf("%s/pull/%d", address, number), UpdatedAt: at(seconds),
	}})
}

// pushed are the facts of a push to master that moved it from one commit, given by its digit or "" if that is any, to
// another that it brought.
func pushed(digit, before, author, message string, seconds int) []ledger.Fact {
	from := strings.Repeat("0123456789abcdef", 3)[:40]
	if before != "" {
		from = sha(before)
	}
	return facts(
		ledger.Push{Repo: repo, By: author, At: at(seconds), Push: github.PushEvent{
			Ref: "refs/heads/master", Before: from, After: sha(digit), PushedAt: at(seconds),
			Commits: []github.PushedCommit{{SHA: sha(digit), Message: message, Author: author}},
		}},
		ledger.Head{Repo: repo, Branch: "master", SHA: sha(digit), Before: from, At: at(seconds)},
		ledger.Commit{Repo: repo, Commit: github.Commit{SHA: sha(digit), Message: message, Author: author}},
	)
}

// ran are the facts of an attempt of a run and its jobs. What the run lacks is that of a push to master; its jobs get ids.
func ran(run github.Run, jobs ...github.Job) []ledger.Fact {
	if run.Attempt == 0 {
		run.Attempt = 1
	}
	if run.Event == "" {
		run.Event, run.Branch = "push", "master"
	}
	if run.Path == "" {
		run.Path, run.Name = ".github/workflows/ci.yml", "CI"
	}
	run.URL = fmt.Sprintf("%s/actions/runs/%d", address, run.ID)
	list := facts(ledger.Run{Repo: repo, Run: run})
	for i, j := range jobs {
		j.ID, j.RunID, j.Attempt = run.ID*1000+int64(run.Attempt*100+i), run.ID, run.Attempt
		j.URL = fmt.Sprintf("%s/job/%d", run.URL, j.ID)
		list = append(list, ledger.Job{Repo: repo, Job: j, SHA: run.SHA, Branch: run.Branch})
	}
	return list
}

// passed is a job that did; so are the others.
func passed(name string, steps ...github.Step) github.Job { return ended(name, "success", steps) }

func skipped(name string) github.Job { return ended(name, "skipped", nil) }

// failed is a job of which one step did.
func failed(name, step string) github.Job {
	return ended(name, "failure", []github.Step{
		{Name: "Checkout", Status: "completed", Conclusion: "success"},
		{Name: step, Status: "completed", Conclusion: "failure"},
		{Name: "After", Status: "completed", Conclusion: "skipped"},
	})
}

func running(name string) github.Job { return github.Job{Name: name, Status: "in_progress"} }

func queued(name string) github.Job { return github.Job{Name: name, Status: "queued"} }

func ended(name, conclusion string, steps []github.Step) github.Job {
	for i := range steps {
		steps[i].Number = i + 1
	}
	return github.Job{Name: name, Status: "completed", Conclusion: conclusion, Steps: steps}
}

// released are the facts of a release of the code of a commit, given by its digit: one of that status.
func released(version int, digit, status string, seconds int) []ledger.Fact {
	return releasedAs(version, digit, "Deploy "+sha(digit)[:8], status, seconds)
}

func releasedAs(version int, digit, description, status string, seconds int) []ledger.Fact {
	return facts(
		ledger.Release{App: app, Release: heroku.Release{
			ID: fmt.Sprintf("r%d", version), Version: version, Status: status, Description: description, SlugID: "slug-" + digit, By: "ci@penny.example",
			Current: status == heroku.Succeeded, CreatedAt: at(seconds), UpdatedAt: at(seconds + 2),
		}},
		ledger.Slug{App: app, Slug: heroku.Slug{ID: "slug-" + digit, Commit: sha(digit)}},
	)
}
