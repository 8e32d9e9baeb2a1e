package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// excused are the fields of the published payloads that are compared elsewhere, or that nothing in this simulator's
// world can cause, each with the reason.
var excused = map[string]string{
	"workflow_job.steps":                 "compared by itself, step by step",
	"repository.public":                  "only in payloads of long ago",
	"repository.role_name":               "only where a token's role is told",
	"repository.custom_properties":       "of webhooks; REST has it at the repository's own address, and there it is compared",
	"check_run.check_suite":              "of a webhook whole; REST has its id only",
	"check_run.deployment":               "only of jobs with an environment, of which there are none",
	"deployment":                         "of a workflow_job only with an environment, of which there are none",
	"hook.app_id":                        "of a repository's hook that an App made; Apps here have their own",
	"installation":                       "of an App's hook; compared in that App's payloads",
	"requested_action":                   "of an action that nobody can ask for here",
	"pull_request.requested_reviewers[]": "nobody reviews in the simulator",
	"pull_request.requested_teams[]":     "nobody reviews in the simulator",
	"pull_request.labels[]":              "nothing is labelled in the simulator",
	"pull_request.assignees[]":           "nobody is assigned in the simulator",
	"assignee":                           "of an action that is not simulated",
	"label":                              "of an action that is not simulated",
	"requested_reviewer":                 "of an action that is not simulated",
}

// Every field of GitHub's published payloads is in our answers, with the same JSON type.
func TestAnswersHaveTheFieldsOfGitHubsOwnPayloads(t *testing.T) {
	folder := payloads(t)
	inWorld(t, func(w world) {
		w.answersHaveFields(folder)
	})
}

// payloads finds the folder of GitHub's published payloads.
func payloads(t *testing.T) string {
	t.Helper()
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
	return folder
}

func (w world) answersHaveFields(folder string) {
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
				if ofWebhooks(m) {
					continue
				}
				w.Errorf("%s/%s: %s", c.event, filepath.Base(file), m)
			}
		}
	}
}

// ofWebhooks tells the fields that GitHub's own schemas have in webhooks and not in REST (.ci/octokit holds REST's answers
// against them).
func ofWebhooks(missing string) bool {
	for _, field := range []string{
		"pull_request.base.repo.custom_properties", "pull_request.head.repo.custom_properties",
		"check_suite.head_commit.author.username", "check_suite.head_commit.committer.username",
	} {
		if strings.HasPrefix(missing, field+" ") {
			return true
		}
	}
	return false
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
	if _, excused := excused[path]; excused || theirs == nil || ours == nil {
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
		below := strings.TrimPrefix(path+"."+field, ".")
		mine, there := ours[field]
		if _, excused := excused[below]; !there && !excused && !strings.Contains(below, "permissions.") {
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

// Every payload that is sent has every field of its published siblings (those of the same action, if there are any),
// with the same JSON type.
func TestWhatIsSentHasTheFieldsOfGitHubsOwnPayloads(t *testing.T) {
	folder := payloads(t)
	key()
	inWorld(t, func(w world) {
		sent := w.everythingSent()
		var events []string
		for _, d := range sent {
			o := d.payload()
			if !slices.Contains(events, d.name()) {
				events = append(events, d.name())
			}
			for file, theirs := range siblings(w.T, folder, d.event(), o["action"]) {
				if d.event() == "ping" && at(theirs, "hook.type") != at(o, "hook.type") {
					continue
				}
				if o["installation"] == nil {
					delete(theirs, "installation")
				}
				missing := objectLacks("", theirs, o)
				if job, ok := o["workflow_job"].(map[string]any); ok && len(job["steps"].([]any)) > 0 {
					missing = append(missing, stepsLack(theirs["workflow_job"], job)...)
				}
				for _, m := range missing {
					w.Errorf("%s, as %s has it: %s", d.name(), file, m)
				}
			}
		}
		slices.Sort(events)
		if d := cmp.Diff(simulated, events); d != "" {
			w.Error(d)
		}
	})
}

// simulated is everything that is sent (facts 1.1).
var simulated = []string{
	"check_run completed", "check_run created", "check_suite completed", "check_suite requested", "deployment created",
	"deployment_status created", "merge_group checks_requested", "merge_group destroyed", "ping", "pull_request closed", "pull_request dequeued",
	"pull_request enqueued", "pull_request opened", "pull_request synchronize", "push", "status", "workflow_dispatch", "workflow_job completed",
	"workflow_job in_progress", "workflow_job queued", "workflow_run completed", "workflow_run in_progress", "workflow_run requested",
}

// everythingSent makes everything happen that is told, and gives what came at a repository's hook and at an App's.
func (w world) everythingSent() []received {
	w.Helper()
	rec := w.receive()
	w.r.AddWorkflow(Workflow{
		Path: ".github/workflows/all.yml", Name: "All", On: []string{"merge_group", "workflow_dispatch"},
		Jobs: []Job{{Name: "go", Steps: []Step{{Name: "Go", Takes: time.Second}}}},
	})
	w.r.Commit("master", CommitSpec{Author: "alice", Message: "All"})
	w.s.AddHook("penny/university", HookSpec{URL: "http://" + receiverAddress + "/hook", Secret: secret, ContentType: "json", Events: everyEvent})
	w.withApp(&HookSpec{URL: "http://" + receiverAddress + "/app", Events: everyEvent})
	first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More", Files: []File{{Path: "x", Text: "1"}}}))
	w.settle()
	check(w.T, w.r.Script("queue/master", Outcome{Kind: "fail", Job: "go"}))
	check(w.T, w.r.Enqueue("alice", 46))
	w.settle()
	check(w.T, w.r.Enqueue("alice", 45, 46))
	w.settle()
	check(w.T, w.r.DeleteBranch("migrations", "alice"))
	w.r.Branch("master", "again")
	first(w.r.Push("again", CommitSpec{Author: "bob", Message: "Again", Files: []File{{Path: "x", Gone: true}}}))
	first(w.r.Propose(PullSpec{Title: "Again", Author: "bob", Head: "again"}))
	check(w.T, w.r.SetStatus(Status{SHA: w.r.Head("again").SHA, State: "success", By: "bob"}))
	for path, body := range map[string]string{
		"/deployments": `{"ref":"master"}`, "/actions/workflows/all.yml/dispatches": `{"ref":"master"}`,
	} {
		if a := w.do(http.MethodPost, below(path), body); a.StatusCode/100 != 2 {
			w.Fatalf("%s: %s", path, a.body)
		}
	}
	id := w.r.deployments[0].id
	w.do(http.MethodPost, below(fmt.Sprintf("/deployments/%d/statuses", id)), `{"state":"success"}`)
	w.settle()
	return rec.take()
}

// siblings gives the published payloads of an event, by file: those of the same action, else all of them.
func siblings(t *testing.T, folder, event string, action any) map[string]map[string]any {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "github", event, "*.json"))
	if len(files) == 0 {
		t.Errorf("no payloads of %s", event)
	}
	same, all := map[string]map[string]any{}, map[string]map[string]any{}
	for _, file := range files {
		o := payload(t, file)
		name := event + "/" + filepath.Base(file)
		all[name] = o
		if o["action"] == action {
			same[name] = o
		}
	}
	if len(same) > 0 {
		return same
	}
	for _, o := range all {
		for _, ofActions := range []string{"before", "after"} {
			delete(o, ofActions)
		}
	}
	return all
}
