package ledger

import (
	"strings"

	"slipway/integrations/github"
)

// FromGitHub gives the facts that an event tells: none, if it is about no repository or tells nothing that is kept.
func FromGitHub(e github.Event) []Fact {
	repo, err := github.ParseRepo(e.Repo)
	if err != nil {
		return nil
	}
	switch p := e.Payload.(type) {
	case *github.PushEvent:
		return pushed(repo, *p, e.Sender)
	case *github.PullEvent:
		return []Fact{Pull{Repo: repo, Pull: p.Pull, HeadRepo: p.HeadRepo}}
	case *github.RunEvent:
		return []Fact{Run{Repo: repo, Run: p.Run, HeadRepo: p.HeadRepo, RerunBy: p.RerunBy}}
	case *github.JobEvent:
		return []Fact{Job{Repo: repo, Job: p.Job, SHA: p.SHA, Branch: p.Branch}}
	case *github.CheckRunEvent:
		if p.CheckRun.App != actionsApp {
			return []Fact{Check{Repo: repo, Check: p.CheckRun}}
		}
	case *github.StatusEvent:
		return []Fact{Status{Repo: repo, SHA: p.SHA, Status: p.Status}}
	}
	return nil
}

// pushed are the facts of a push: of a branch the commits and where it points to now, of a tag that it moved.
func pushed(repo github.Repo, p github.PushEvent, by string) []Fact {
	facts := []Fact{Push{Repo: repo, Push: p, By: by, At: p.PushedAt}}
	branch, ok := p.Branch()
	if !ok {
		return facts
	}
	head := Head{Repo: repo, Branch: branch, SHA: p.After, Before: p.Before, At: p.PushedAt}
	if p.Deleted || strings.Trim(p.After, "0") == "" {
		head.SHA = ""
	}
	facts = append(facts, head)
	for _, c := range p.Commits {
		facts = append(facts, commit(repo, c))
	}
	if p.Head != nil {
		facts = append(facts, commit(repo, *p.Head))
	}
	return facts
}

func commit(repo github.Repo, c github.PushedCommit) Fact {
	return Commit{Repo: repo, Commit: github.Commit{SHA: c.SHA, Message: c.Message, Author: c.Author, Email: c.Email}}
}
