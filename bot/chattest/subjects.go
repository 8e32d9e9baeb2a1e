package chattest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"

	"slipway/bot/say"
)

// notJSON stands for the subject of a body that cannot be read.
const notJSON = "a body that is no JSON"

// githubBody is as much of GitHub's payloads as a line tells.
type githubBody struct {
	Hook struct {
		Events []string
	}
	Ref, Before, After string
	Commits            []struct{}
	Number             int
	Pull               struct {
		Merged bool
		As     string `json:"merge_commit_sha"`
	} `json:"pull_request"`
	Run   actionsBody `json:"workflow_run"`
	Job   actionsBody `json:"workflow_job"`
	Suite actionsBody `json:"check_suite"`
	Check actionsBody `json:"check_run"`
	Group struct {
		Ref string `json:"head_ref"`
	} `json:"merge_group"`
	Reason           string
	Deployment       struct{ Environment string }
	DeploymentStatus struct{ State string } `json:"deployment_status"`
	Context, State   string                 // of a status
}

// actionsBody is a run, a job, or one of the checks that they are.
type actionsBody struct {
	ID         int64
	RunID      int64 `json:"run_id"`
	Attempt    int   `json:"run_attempt"`
	Name       string
	Branch     string `json:"head_branch"`
	SHA        string `json:"head_sha"`
	Conclusion string
}

// aboutGitHub tells what a webhook of GitHub is about. Runs are those that there are, by id.
func aboutGitHub(event string, body []byte, runs map[int64]string) string {
	var b githubBody
	if json.Unmarshal(body, &b) != nil {
		return notJSON
	}
	switch event {
	case "ping":
		return "a hook for " + say.Count(len(b.Hook.Events), "event", "events")
	case "push":
		return fmt.Sprintf("%s %s..%s (%s)", b.Ref, short(b.Before), short(b.After), say.Count(len(b.Commits), "commit", "commits"))
	case "pull_request":
		return fmt.Sprintf("#%d", b.Number) + b.merged() + ending(b.Reason)
	case "workflow_run":
		return runs[b.Run.ID] + attempted(b.Run.Attempt) + " of " + b.Run.at() + ending(b.Run.Conclusion)
	case "workflow_job":
		return b.Job.Name + " of " + runs[b.Job.RunID] + attempted(b.Job.Attempt) + ending(b.Job.Conclusion)
	case "check_suite":
		return b.Suite.at() + ending(b.Suite.Conclusion)
	case "check_run":
		return b.Check.Name + " at " + short(b.Check.SHA) + ending(b.Check.Conclusion)
	case "merge_group":
		return cutNames(b.Group.Ref) + ending(b.Reason)
	case "deployment":
		return b.Deployment.Environment
	case "deployment_status":
		return b.Deployment.Environment + ending(b.DeploymentStatus.State)
	case "status":
		return b.Context + ending(b.State)
	}
	return "a " + event
}

// merged tells what a pull request was merged as. Of an open one that commit would mean nothing.
func (b githubBody) merged() string {
	if !b.Pull.Merged {
		return ""
	}
	return ", merged as " + short(b.Pull.As)
}

// at is where a run or a check suite belongs.
func (b actionsBody) at() string {
	return cmp.Or(cutNames(b.Branch), "no branch") + " at " + short(b.SHA)
}

// herokuBody is as much of Heroku's payloads as a line tells.
type herokuBody struct {
	Data struct {
		Version     int
		Status      string
		Current     bool
		Maintenance bool
		Name, State string
		ExitStatus  *int                     `json:"exit_status"`
		Source      struct{ Version string } `json:"source_blob"`
		Release     json.RawMessage          // of a build and of a dyno it differs
	}
}

// aboutHeroku tells what a webhook of Heroku is about, behind the app's name.
func aboutHeroku(entity string, body []byte) string {
	var b herokuBody
	if json.Unmarshal(body, &b) != nil {
		return ": " + notJSON
	}
	switch d := b.Data; entity {
	case "api:release":
		return fmt.Sprintf(" v%d %s", d.Version, d.Status) + ending(map[bool]string{true: "current"}[d.Current])
	case "api:build":
		return spaced(short(d.Source.Version)) + spaced(d.Status)
	case "api:app":
		return ending(map[bool]string{true: "in maintenance"}[d.Maintenance])
	case "dyno", "api:dyno":
		words := spaced(d.Name) + spaced(d.State)
		if d.ExitStatus != nil {
			words += fmt.Sprintf(", exit status %d", *d.ExitStatus)
		}
		return words
	default:
		return spaced(d.Name)
	}
}

// short is a commit as people write it; a branch that is not there has one of zeros.
func short(sha string) string { return sha[:min(7, len(sha))] }

var commit = regexp.MustCompile(`[0-9a-f]{40}`)

// cutNames shortens the commits that the merge queue's branches are named after.
func cutNames(ref string) string { return commit.ReplaceAllStringFunc(ref, short) }

func ending(words string) string {
	if words == "" {
		return ""
	}
	return ", " + words
}

func spaced(word string) string {
	if word == "" {
		return ""
	}
	return " " + word
}

func attempted(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (attempt %d)", n)
}
