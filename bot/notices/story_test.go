package notices_test

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

const appName = "penny-university"

var penny = github.Repo{Owner: "penny-university", Name: "penny_university"}

// sha is a whole commit made of one digit.
func sha(digit string) string { return strings.Repeat(digit, 40) }

// story is what becomes known step by step: a merge that goes live and is taken back, a pull request whose checks fail and
// are fixed, and two config changes. It begins at a moment after slipway knew of the past.
type story struct{ begin time.Time }

func (s story) at(seconds int) time.Time { return s.begin.Add(time.Duration(seconds) * time.Second) }

// steps are the facts of each step.
func (s story) steps() [][]ledger.Fact {
	return [][]ledger.Fact{
		s.past(),
		s.merge(),
		s.run(21, 1, "c", "push", "", 2),
		s.release(123, "b", heroku.Succeeded, "Set FEATURE_X config vars", 3),
		s.run(47, 1, "e", "pull_request", "failure", 4),
		s.run(21, 1, "c", "push", "success", 6),
		s.release(124, "c", heroku.Pending, "Deploy cccccccc", 6),
		s.release(124, "c", heroku.Succeeded, "Deploy cccccccc", 6),
		s.run(47, 2, "e", "pull_request", "", 7),
		s.release(125, "b", heroku.Succeeded, "Rollback to v123", 8),
		s.run(47, 2, "e", "pull_request", "success", 9),
		s.release(126, "b", heroku.Succeeded, "Remove FEATURE_X config vars", 10),
	}
}

// ending is what a message says when all of the story is told.
type ending struct{ key, words string } // the beginning of its board's key, and what is to be read in it

func ends() []ending {
	return []ending{
		{"change " + appName + " " + sha("c"), "taken back by v125"},
		{"release " + appName + " r123", "FEATURE_X set"},
		{"release " + appName + " r125", "rolled back to v123"},
		{"release " + appName + " r126", "FEATURE_X removed"},
		{"checks " + appName + " #45 ", "fixed"},
	}
}

func (s story) past() []ledger.Fact {
	return append(s.release(122, "b", heroku.Succeeded, "Deploy bbbbbbbb", -7200),
		ledger.Branch{Repo: penny, Name: "master", Read: s.at(0)},
		ledger.Pull{Repo: penny, Pull: github.Pull{
			Number: 45, Title: "Add chat topics", Author: "bob", State: "open", BaseRef: "master", HeadRef: "bob/topics", HeadSHA: sha("e"), UpdatedAt: s.at(-600),
		}},
	)
}

func (s story) merge() []ledger.Fact {
	const message = "Merge pull request #46 from alice/form"
	return []ledger.Fact{
		ledger.Pull{Repo: penny, Pull: github.Pull{
			Number: 46, Title: "Tidy the chat form", Author: "alice", State: "closed", BaseRef: "master", HeadRef: "alice/form",
			Merged: true, MergedAt: s.at(1), MergeSHA: sha("c"), UpdatedAt: s.at(1),
		}},
		ledger.Push{Repo: penny, By: "alice", At: s.at(1), Push: github.PushEvent{
			Ref: "refs/heads/master", Before: sha("b"), After: sha("c"), PushedAt: s.at(1),
			Commits: []github.PushedCommit{{SHA: sha("c"), Message: message, Author: "alice"}},
		}},
		ledger.Head{Repo: penny, Branch: "master", SHA: sha("c"), Before: sha("b"), At: s.at(1)},
		ledger.Commit{Repo: penny, Commit: github.Commit{SHA: sha("c"), Message: message, Author: "alice"}},
	}
}

// run is an attempt with its one job; without a conclusion it runs.
func (s story) run(id int64, attempt int, digit, event, conclusion string, seconds int) []ledger.Fact {
	branch, job := "master", github.Job{ID: id*100 + int64(attempt), RunID: id, Attempt: attempt, Name: "deploy", Status: "in_progress"}
	if event == "pull_request" {
		branch, job.Name = "bob/topics", "test-backend"
	}
	r := github.Run{
		ID: id, Number: int(id), Attempt: attempt, Name: "CI", Path: ".github/workflows/ci.yml", Event: event, Branch: branch, SHA: sha(digit),
		Status: "in_progress", CreatedAt: s.at(2), StartedAt: s.at(seconds), UpdatedAt: s.at(seconds),
	}
	if conclusion != "" {
		r.Status, r.Conclusion, job.Status, job.Conclusion = "completed", conclusion, "completed", conclusion
		job.Steps = []github.Step{{Number: 1, Name: "Push to Heroku", Status: "completed", Conclusion: conclusion, StartedAt: s.at(5), CompletedAt: s.at(seconds)}}
	}
	return []ledger.Fact{ledger.Run{Repo: penny, Run: r}, ledger.Job{Repo: penny, Job: job, SHA: r.SHA, Branch: branch}}
}

func (s story) release(version int, digit, status, description string, seconds int) []ledger.Fact {
	r := heroku.Release{
		ID: fmt.Sprintf("r%d", version), Version: version, Status: status, Description: description, SlugID: "slug-" + digit,
		By: "bob@penny.example", Current: status == heroku.Succeeded, CreatedAt: s.at(seconds), UpdatedAt: s.at(seconds),
	}
	return []ledger.Fact{
		ledger.Release{App: appName, Release: r}, ledger.Slug{App: appName, Slug: heroku.Slug{ID: r.SlugID, Commit: sha(digit)}},
	}
}
