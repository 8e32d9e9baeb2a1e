package githubsim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// webhookOnly are the fields of the published payloads that their senders put into webhooks but not into REST,
// each with the reason.
var webhookOnly = map[string]string{
	"workflow_job.steps":                         "compared by itself, step by step",
	"head_commit.distinct":                       "of a push: says whether the commit is new to the repository",
	"head_commit.url":                            "of a push only; a run's head_commit has none",
	"head_commit.author.username":                "of a push only",
	"head_commit.committer.username":             "of a push only",
	"head_commit.added":                          "of a push only",
	"head_commit.removed":                        "of a push only",
	"head_commit.modified":                       "of a push only",
	"head_commit.author.date":                    "of a push only",
	"head_commit.committer.date":                 "of a push only",
	"repository.stargazers":                      "of a push only, an old name of stargazers_count",
	"repository.master_branch":                   "of a push only, an old name of default_branch",
	"repository.organization":                    "of a push a login; REST has the whole account, if the owner is one",
	"repository.created_at":                      "of a push a number; REST has a time",
	"repository.pushed_at":                       "of a push a number; REST has a time",
	"repository.owner.name":                      "of a push only",
	"repository.owner.email":                     "of a push only",
	"repository.public":                          "of a push only, and only old ones",
	"repository.role_name":                       "only where a token's role is told",
	"check_suite.head_commit.author.username":    "of a webhook only",
	"check_suite.head_commit.committer.username": "of a webhook only",
	"check_run.check_suite":                      "of a webhook whole; REST has its id only",
	"check_run.deployment":                       "only of jobs with an environment",
	"pull_request.requested_reviewers[]":         "nobody reviews in the simulator",
	"pull_request.requested_teams[]":             "nobody reviews in the simulator",
	"pull_request.labels[]":                      "nothing is labelled in the simulator",
	"pull_request.assignees[]":                   "nobody is assigned in the simulator",
}

// Every field of GitHub's published payloads is in our answers, with the same JSON type.
func TestAnswersHaveTheFieldsOfGitHubsOwnPayloads(t *testing.T) {
	folder := os.Getenv("SLIPWAY_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "fixtures")
	}
	if _, err := os.Stat(filepath.Join(folder, "github")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("GitHub's payloads are not there: %v", err)
		}
		t.Skipf("NOT COMPARED with GitHub's payloads, set SLIPWAY_FIXTURES: %v", err)
	}
	inWorld(t, func(w world) {
		first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More"}))
		w.settle()
		run := w.get(below("/actions/runs")).json(w.T)["workflow_runs"].([]any)[0].(map[string]any)
		jobs := w.get(below(fmt.Sprintf("/actions/runs/%v/jobs", run["id"]))).json(w.T)["jobs"].([]any)
		pull := w.get(below("/pulls/45")).json(w.T)
		repo := w.get(below("")).json(w.T)
		workflow := w.get(below("/actions/workflows/ci.yml")).json(w.T)
		checks := w.get(below("/commits/migrations/check-runs")).json(w.T)["check_runs"].([]any)
		suites := w.get(below("/commits/migrations/check-suites")).json(w.T)["check_suites"].([]any)
		for _, c := range []struct {
			event, field string
			ours         any
		}{
			{"workflow_run", "workflow_run", run},
			{"workflow_run", "workflow", workflow},
			{"workflow_run", "repository", repo},
			{"workflow_job", "workflow_job", jobs[0]},
			{"workflow_job", "repository", repo},
			{"pull_request", "pull_request", pull},
			{"pull_request", "repository", repo},
			{"push", "head_commit", run["head_commit"]},
			{"push", "repository", repo},
			{"check_run", "check_run", checks[0]},
			{"check_suite", "check_suite", suites[0]},
			{"status", "commit", w.get(below("/branches/master")).json(w.T)["commit"]},
		} {
			files, _ := filepath.Glob(filepath.Join(folder, "github", c.event, "*.json"))
			if len(files) == 0 {
				w.Errorf("no payloads of %s", c.event)
			}
			for _, file := range files {
				theirs := payload(w.T, file)[c.field]
				missing := lacks(c.field, theirs, c.ours)
				if c.field == "workflow_job" {
					missing = append(missing, stepsLack(theirs, c.ours)...)
				}
				for _, m := range missing {
					w.Errorf("%s/%s: %s", c.event, filepath.Base(file), m)
				}
			}
		}
	})
}

func payload(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	check(t, err)
	var o map[string]any
	check(t, json.Unmarshal(text, &o))
	return o
}

// stepsLack compares every published step with one of ours.
func stepsLack(theirs, ours any) []string {
	var missing []string
	list, _ := theirs.(map[string]any)["steps"].([]any)
	for _, step := range list {
		missing = append(missing, lacks("step", step, ours.(map[string]any)["steps"].([]any)[0])...)
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// lacks lists where theirs has a field that ours has not, or another type. Null goes with everything.
func lacks(path string, theirs, ours any) []string {
	if _, excused := webhookOnly[path]; excused || theirs == nil || ours == nil {
		return nil
	}
	switch theirs := theirs.(type) {
	case map[string]any:
		mine, ok := ours.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is a %T, not an object", path, ours)}
		}
		return objectLacks(path, theirs, mine)
	case []any:
		mine, ok := ours.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s is a %T, not a list", path, ours)}
		}
		if len(theirs) > 0 && len(mine) > 0 {
			return lacks(path+"[]", theirs[0], mine[0])
		}
		return nil
	}
	if a, b := kind(theirs), kind(ours); a != b {
		return []string{fmt.Sprintf("%s is a %s, not a %s", path, b, a)}
	}
	return nil
}

func objectLacks(path string, theirs, ours map[string]any) []string {
	var missing []string
	for _, field := range sortedKeys(theirs) {
		below := path + "." + field
		mine, there := ours[field]
		if _, excused := webhookOnly[below]; !there && !excused && !strings.Contains(below, "permissions.") {
			missing = append(missing, below+" is missing")
			continue
		}
		missing = append(missing, lacks(below, theirs[field], mine)...)
	}
	return missing
}

func kind(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	}
	return "number"
}
