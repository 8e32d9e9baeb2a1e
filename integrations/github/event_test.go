package github_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
)

// The payload of a push has the repository's times as numbers, unlike every other.
func TestThePushSaysWhenItWas(t *testing.T) {
	t.Parallel()
	for pushedAt, want := range map[string]time.Time{
		`1614607500`: t1405, `"2021-03-01T14:05:00Z"`: t1405, `"2021-03-01T15:05:00+01:00"`: t1405, `null`: {}, `"soon"`: {}, `-1`: {}, `{}`: {},
	} {
		body := `{"ref":"refs/heads/master","after":"c","repository":{"full_name":"a/b","pushed_at":` + pushedAt + `}}`
		e, err := github.ParseEvent("push", []byte(body))
		if err != nil {
			t.Errorf("%s: %v", pushedAt, err)
			continue
		}
		if got := e.Payload.(*github.PushEvent).PushedAt; !got.Equal(want) {
			t.Errorf("%s is %v, want %v", pushedAt, got, want)
		}
	}
}

// Payloads as GitHub may send them, cut to what matters: GitHub's own examples have no merge, no failure and no second
// attempt.
func TestEachEventIsRead(t *testing.T) {
	t.Parallel()
	const tail = `,"repository":{"full_name":"penny-university/penny_university","created_at":1557933565},"sender":{"login":"ada"}}`
	for name, c := range map[string]struct {
		event, body, action string
		want                any
	}{
		"ping": {
			"ping", `{"zen":"z","hook_id":3,"hook":{"id":3,"active":true,"events":["push","check_run"],"config":{"url":"https://x","content_type":"json","insecure_ssl":"0"}}`, "",
			&github.PingEvent{Hook: github.Hook{ID: 3, URL: "https://x", Events: []string{"check_run", "push"}, Active: true, ContentType: "json"}},
		},
		"push": {
			"push", `{"ref":"refs/heads/master","before":"a","after":"c","forced":true,"created":false,"deleted":false,"commits":[{"id":"b","message":"m","author":{"name":"Ada","email":"ada@example.com","username":"ada"}},{"id":"c","message":"n","author":{"name":"Bob"}}],"head_commit":{"id":"c","message":"n","author":null}`, "",
			&github.PushEvent{
				Ref: "refs/heads/master", Before: "a", After: "c", Forced: true,
				Commits: []github.PushedCommit{{SHA: "b", Message: "m", Author: "ada", Email: "ada@example.com"}, {SHA: "c", Message: "n", Author: "Bob"}},
				Head:    &github.PushedCommit{SHA: "c", Message: "n"},
			},
		},
		"branch deleted": {
			"push", `{"ref":"refs/heads/x","before":"a","after":"0000000000000000000000000000000000000000","deleted":true,"commits":[],"head_commit":null`, "",
			&github.PushEvent{Ref: "refs/heads/x", Before: "a", After: "0000000000000000000000000000000000000000", Deleted: true},
		},
		"merge": {
			"pull_request", `{"action":"closed","number":45,"pull_request":{"number":45,"node_id":"PR_1","title":"T","state":"closed","draft":false,"merged":true,"merged_at":"2021-03-01T14:05:00Z","merge_commit_sha":"m","merged_by":{"login":"bob"},"user":null,"html_url":"u","head":{"ref":"b","sha":"h","repo":null},"base":{"ref":"master","sha":"p"}}`, "closed",
			&github.PullEvent{Pull: github.Pull{
				Number: 45, NodeID: "PR_1", Title: "T", State: "closed", BaseRef: "master", HeadRef: "b", HeadSHA: "h",
				Merged: true, MergedAt: t1405, MergeSHA: "m", MergedBy: "bob", URL: "u",
			}},
		},
		"closed, not merged": {
			"pull_request", `{"action":"closed","pull_request":{"number":45,"merged":false,"merge_commit_sha":"test","head":{"sha":"h","repo":{"full_name":"fork/x"}}}`, "closed",
			&github.PullEvent{Pull: github.Pull{Number: 45, HeadSHA: "h"}, HeadRepo: "fork/x"},
		},
		"base changed": {
			"pull_request", `{"action":"edited","changes":{"base":{"ref":{"from":"develop"},"sha":{"from":"x"}}},"pull_request":{"number":45,"head":{"sha":"h"}}`, "edited",
			&github.PullEvent{Pull: github.Pull{Number: 45, HeadSHA: "h"}, BaseWas: "develop"},
		},
		"second attempt failed": {
			"workflow_run", `{"action":"completed","workflow":{"path":"other.yml"},"workflow_run":{"id":7,"run_attempt":2,"run_number":12,"workflow_id":5,"check_suite_id":6,"path":".github/workflows/deploy.yml@refs/heads/master","name":"CI","display_title":"T","event":"push","status":"completed","conclusion":"failure","head_sha":"c","head_branch":"master","html_url":"u","actor":{"login":"ada"},"triggering_actor":{"login":"bob"},"pull_requests":[{"number":45}],"head_repository":{"full_name":"a/b"},"created_at":"2021-03-01T14:00:00Z","run_started_at":"2021-03-01T14:05:00Z","updated_at":"2021-03-01T15:05:00+01:00"}`, "completed",
			&github.RunEvent{
				Run: github.Run{
					ID: 7, Number: 12, Attempt: 2, Path: ".github/workflows/deploy.yml", Name: "CI", Title: "T", Event: "push", Branch: "master", SHA: "c",
					Status: "completed", Conclusion: "failure", Actor: "ada", URL: "u", CreatedAt: t1405.Add(-5 * time.Minute), StartedAt: t1405, UpdatedAt: t1405,
				},
				WorkflowID: 5, CheckSuiteID: 6, HeadRepo: "a/b", Pulls: []int{45}, RerunBy: "bob",
			},
		},
		"old run without path and attempt": {
			"workflow_run", `{"action":"requested","workflow":{"path":".github/workflows/ci.yml"},"workflow_run":{"id":7,"status":"queued","conclusion":null,"head_branch":null,"pull_requests":[],"actor":null}`, "requested",
			&github.RunEvent{Run: github.Run{ID: 7, Attempt: 1, Path: ".github/workflows/ci.yml", Status: "queued"}},
		},
		"job with steps": {
			"workflow_job", `{"action":"completed","workflow_job":{"id":8,"run_id":7,"run_attempt":1,"workflow_name":"CI","name":"test-backend (3.8)","status":"completed","conclusion":"failure","head_sha":"c","head_branch":"master","html_url":"u","check_run_url":"https://api.github.com/repos/a/b/check-runs/9","created_at":"2021-03-01T14:05:00Z","started_at":"2021-03-01T14:05:00Z","completed_at":null,"steps":[{"name":"Flake8","number":3,"status":"completed","conclusion":"failure","started_at":"2021-03-01T14:05:00.000Z","completed_at":null}]}`, "completed",
			&github.JobEvent{
				Job: github.Job{
					ID: 8, RunID: 7, Attempt: 1, Name: "test-backend (3.8)", Status: "completed", Conclusion: "failure", URL: "u", StartedAt: t1405,
					Steps: []github.Step{{Name: "Flake8", Number: 3, Status: "completed", Conclusion: "failure", StartedAt: t1405}},
				},
				WorkflowName: "CI", SHA: "c", Branch: "master", CheckRunID: 9, CreatedAt: t1405,
			},
		},
		"job without steps": {
			"workflow_job", `{"action":"queued","workflow_job":{"id":8,"run_id":7,"steps":null,"conclusion":null,"check_run_url":""}`, "queued",
			&github.JobEvent{Job: github.Job{ID: 8, RunID: 7, Attempt: 1}},
		},
		"check suite": {
			"check_suite", `{"action":"completed","check_suite":{"id":6,"head_sha":"c","head_branch":null,"status":"completed","conclusion":"success","app":{"slug":"circleci"},"updated_at":"2021-03-01T14:05:00Z"}`, "completed",
			&github.CheckSuiteEvent{ID: 6, SHA: "c", Status: "completed", Conclusion: "success", App: "circleci", UpdatedAt: t1405},
		},
		"check run with odd times": {
			"check_run", `{"action":"completed","check_run":{"id":9,"name":"lint","head_sha":"c","status":"completed","conclusion":"neutral","html_url":"u","app":{"slug":"x","created_at":"2018-04-25 20:42:10"},"check_suite":{"id":6},"started_at":"2021-03-01 14:05:00","completed_at":"soon"}`, "completed",
			&github.CheckRunEvent{CheckRun: github.CheckRun{ID: 9, Name: "lint", SHA: "c", App: "x", Status: "completed", Conclusion: "neutral", URL: "u", StartedAt: t1405}, SuiteID: 6},
		},
		"status": {
			"status", `{"id":6805126730,"sha":"c","context":"ci/heroku","state":"pending","description":null,"target_url":null,"branches":[{"name":"master"}],"updated_at":"2021-03-01T14:05:00+00:00"`, "",
			&github.StatusEvent{ID: 6805126730, SHA: "c", Status: github.Status{Context: "ci/heroku", State: "pending", UpdatedAt: t1405}, Branches: []string{"master"}},
		},
		"deployment": {
			"deployment", `{"action":"created","workflow_run":null,"deployment":{"id":4,"sha":"c","ref":"master","task":"deploy","environment":"production","creator":{"login":"ada"},"created_at":"2021-03-01T14:05:00Z","payload":{}}`, "created",
			&github.DeploymentEvent{Deployment: github.Deployment{ID: 4, SHA: "c", Ref: "master", Task: "deploy", Environment: "production", Creator: "ada", CreatedAt: t1405}},
		},
		"deployment status": {
			"deployment_status", `{"action":"created","workflow_run":{"id":7},"deployment":{"id":4},"deployment_status":{"id":5,"state":"failure","target_url":"log","log_url":"","environment_url":"live"}`, "created",
			&github.DeploymentStatusEvent{ID: 5, Deployment: github.Deployment{ID: 4}, State: "failure", LogURL: "log", URL: "live", RunID: 7},
		},
		"deployment review": {
			"deployment_review", `{"action":"requested","environment":"production","since":"2021-03-01T14:05:00Z","requestor":{"login":"ada"},"reviewers":[{"type":"User","reviewer":{"login":"bob"}},{"type":"Team","reviewer":{"slug":"ops"}}],"workflow_run":{"id":7}`, "requested",
			&github.DeploymentReviewEvent{RunID: 7, Environment: "production", Requestor: "ada", Reviewers: []string{"bob", "ops"}, Since: t1405},
		},
		"merge group": {
			"merge_group", `{"action":"destroyed","reason":"merged","merge_group":{"head_sha":"c","head_ref":"refs/heads/gh-readonly-queue/main/pr-104-9","base_sha":"b","base_ref":"refs/heads/main"}`, "destroyed",
			&github.MergeGroupEvent{HeadRef: "refs/heads/gh-readonly-queue/main/pr-104-9", HeadSHA: "c", BaseRef: "refs/heads/main", BaseSHA: "b", Reason: "merged"},
		},
		"release": {
			"release", `{"action":"published","release":{"id":2,"tag_name":"v1","target_commitish":"master","name":null,"draft":false,"prerelease":true,"author":{"login":"ada"},"html_url":"u","published_at":"2021-03-01T14:05:00Z"}`, "published",
			&github.ReleaseEvent{ID: 2, Tag: "v1", Target: "master", Author: "ada", URL: "u", Prerelease: true, PublishedAt: t1405},
		},
		"one that is new": {"discussion", `{"action":"created","discussion":7`, "created", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := github.ParseEvent(c.event, []byte(c.body+tail))
			if err != nil {
				t.Fatal(err)
			}
			want := github.Event{Name: c.event, Action: c.action, Repo: penny.String(), Sender: "ada", Payload: c.want}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestAnEventWithoutItsKeyIsNotUnderstood(t *testing.T) {
	t.Parallel()
	events := strings.Fields("ping push pull_request workflow_run workflow_job check_suite check_run status deployment deployment_status deployment_review merge_group release")
	for _, event := range events {
		for _, body := range []string{``, `null`, `{}`, `[]`, `7`, `{"` + event + `":null}`, `{"` + event + `":{}}`, `{"` + event + `":[7]}`, `{"hook_id":"s3cret"}`} {
			got, err := github.ParseEvent(event, []byte(body))
			if e := fails(t, err); e.Kind != github.Malformed || e.Op != "read event "+event || got.Payload != nil || strings.Contains(e.Error(), "s3cret") {
				t.Errorf("%s %s: %+v, %v", event, body, got, e)
			}
		}
	}
}

func TestAnEventThatNobodyKnowsIsNoError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{`, `[]`, `{"action":7}`, `{"action":"created"}`} {
		got, err := github.ParseEvent("sponsorship", []byte(body))
		if err != nil || got.Name != "sponsorship" || got.Payload != nil {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestABranchIsToldFromATag(t *testing.T) {
	t.Parallel()
	if b, ok := (github.PushEvent{Ref: "refs/heads/feature/45"}).Branch(); !ok || b != "feature/45" {
		t.Error(b, ok)
	}
	if _, ok := (github.PushEvent{Ref: "refs/tags/v1"}).Branch(); ok {
		t.Error("a tag is a branch")
	}
}

// examples lists GitHub's own payloads.
func examples(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("SLIPWAY_FIXTURES")
	if folder == "" {
		folder = "../../../shared/fixtures"
	}
	files, err := filepath.Glob(filepath.Join(folder, "github", "*", "*.json"))
	switch {
	case err == nil && len(files) > 0:
		return files
	case os.Getenv("CI") == "true":
		t.Fatalf("GitHub's own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	}
	t.Skipf("GitHub's own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	return nil
}

// GitHub's own examples are all read, with the keys that the rest hangs on.
func TestEveryExampleOfGitHubIsRead(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t) {
		event := filepath.Base(filepath.Dir(file))
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := github.ParseEvent(event, body)
		if err != nil || event != "workflow_dispatch" && got.Payload == nil {
			t.Errorf("%s: %+v, %v", file, got, err)
		}
		if got.Repo == "" && event != "ping" || got.Sender == "" && event != "ping" {
			t.Errorf("%s: of %q, by %q", file, got.Repo, got.Sender)
		}
	}
}

// Whatever comes, the outcome is an event or an error of ours on one line.
func FuzzEvent(f *testing.F) {
	for _, event := range strings.Fields("ping push pull_request workflow_run workflow_job check_suite check_run status deployment deployment_status deployment_review merge_group release other") {
		f.Add(event, []byte(`{"id":1,"sha":"c","state":"x","ref":"r","after":"a","`+event+`":{"id":1,"run_id":1,"number":1,"head":{"sha":"c"},"steps":[null],"pull_requests":[null]},"commits":[null],"created_at":-1}`))
	}
	f.Fuzz(func(t *testing.T, event string, body []byte) {
		e, err := github.ParseEvent(event, body)
		if err == nil {
			if e.Name != event {
				t.Errorf("%q became %q", event, e.Name)
			}
			return
		}
		if got := fails(t, err); got.Kind != github.Malformed || e.Payload != nil || strings.ContainsAny(got.Error(), "\r\n\x1b\x00") {
			t.Errorf("%+v, %q", e, got)
		}
	})
}
