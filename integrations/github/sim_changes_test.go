package github_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
)

func TestSimARunIsRunAgainAndCancelled(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		ctx, c, id := t.Context(), w.client, w.deploy.ID
		must(t, c.Rerun(ctx, penny, id, github.RerunOptions{}))
		run, err := c.Run(ctx, penny, id)
		if err != nil || run.Attempt != 2 || run.Status == "completed" || run.Title == "" {
			t.Errorf("%+v, %v", run, err)
		}
		if e := fails(t, c.Rerun(ctx, penny, id, github.RerunOptions{})); e.Kind != github.Forbidden || e.Ambiguous {
			t.Error(e)
		}
		must(t, c.Cancel(ctx, penny, id))
		time.Sleep(time.Minute)
		if run, err = c.Run(ctx, penny, id); err != nil || run.Conclusion != "cancelled" {
			t.Errorf("%+v, %v", run, err)
		}
		if e := fails(t, c.Cancel(ctx, penny, id)); e.Kind != github.Invalid || e.Status != 409 || e.Ambiguous {
			t.Error(e)
		}
		if e := fails(t, c.Cancel(ctx, penny, 1)); e.Kind != github.NotFound || e.Ambiguous {
			t.Error(e)
		}
	})
}

func TestSimFailedJobsAreRunAgain(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		ctx, c, id := t.Context(), w.client, w.test.ID
		must(t, c.RerunFailed(ctx, penny, id, github.RerunOptions{Debug: true}))
		time.Sleep(time.Hour)
		run, err := c.Run(ctx, penny, id)
		if err != nil || run.Attempt != 2 || run.Conclusion != "success" {
			t.Errorf("%+v, %v", run, err)
		}
		for attempt, want := range map[int]string{1: "failure", 2: "success"} {
			if was, err := c.RunAttempt(ctx, penny, id, attempt); err != nil || was.ID != id || was.Attempt != attempt || was.Conclusion != want {
				t.Errorf("attempt %d: %+v, %v", attempt, was, err)
			}
		}
		if e := fails(t, func() error { _, err := c.RunAttempt(ctx, penny, id, 3); return err }()); e.Kind != github.NotFound {
			t.Error(e)
		}
		jobs, err := c.Jobs(ctx, penny, id, 0)
		if err != nil || len(jobs) != 2 {
			t.Fatalf("%+v, %v", jobs, err)
		}
		must(t, c.RerunJob(ctx, penny, jobs[0].ID, github.RerunOptions{}))
		time.Sleep(time.Hour)
		if run, err = c.Run(ctx, penny, id); err != nil || run.Attempt != 3 {
			t.Errorf("%+v, %v", run, err)
		}
	})
}

func TestSimAWorkflowIsStartedAndItsRunFound(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		ctx, c := t.Context(), w.client
		d := github.Dispatch{Workflow: ".github/workflows/deploy.yml", Ref: "master", Inputs: map[string]string{"key": "4711"}}
		start := time.Now()
		if runs, err := c.Dispatched(ctx, penny, d, start); err != nil || len(runs) != 0 {
			t.Errorf("%+v, %v", runs, err)
		}
		must(t, c.Dispatch(ctx, penny, d))
		time.Sleep(5 * time.Second)
		runs, err := c.Dispatched(ctx, penny, d, start)
		if err != nil || len(runs) != 1 || runs[0].Event != "workflow_dispatch" || runs[0].SHA != w.merged.SHA {
			t.Errorf("%+v, %v", runs, err)
		}
		for name, d := range map[string]github.Dispatch{
			"input":    {Workflow: "deploy.yml", Ref: "master", Inputs: map[string]string{"other": "x"}},
			"ref":      {Workflow: "deploy.yml", Ref: "nope"},
			"trigger":  {Workflow: "test.yml", Ref: "master"},
			"workflow": {Workflow: "nope.yml", Ref: "master"},
		} {
			e := fails(t, c.Dispatch(ctx, penny, d))
			if want := map[bool]github.Kind{true: github.NotFound, false: github.Invalid}[name == "workflow"]; e.Kind != want || e.Ambiguous {
				t.Errorf("%s: %v", name, e)
			}
		}
	})
}

func TestSimAStatusIsSet(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		set := github.Status{Context: "slipway", State: "success", Description: "Live", URL: "https://example.com"}
		got, err := w.client.CreateStatus(t.Context(), penny, w.merged.SHA, set)
		set.UpdatedAt = dawn
		equal(t, set, got, err)
		all, err := w.client.CombinedStatus(t.Context(), penny, "master")
		equal(t, []github.Status{set}, all.Statuses, err)
		_, err = w.client.CreateStatus(t.Context(), penny, w.merged.SHA, github.Status{Context: "x", State: "splendid"})
		if e := fails(t, err); e.Kind != github.Invalid || e.Ambiguous {
			t.Error(e)
		}
	})
}

func TestSimALogIsReadOnceItIsSealed(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		jobs, err := w.client.Jobs(t.Context(), penny, w.test.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		read := func(id int64) (string, error) {
			log, err := w.client.JobLog(t.Context(), penny, id)
			if err != nil {
				return "", err
			}
			defer log.Close()
			text, err := io.ReadAll(log)
			return string(text), err
		}
		text, err := read(jobs[0].ID)
		if err != nil || !strings.Contains(text, "##[error]") || !strings.Contains(text, "##[group]Run") {
			t.Errorf("%q, %v", text, err)
		}
		must(t, w.client.Rerun(t.Context(), penny, w.deploy.ID, github.RerunOptions{}))
		time.Sleep(10 * time.Second)
		going, err := w.client.Jobs(t.Context(), penny, w.deploy.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read(going[0].ID); github.KindOf(err) != github.NotReady {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if text, err := read(going[0].ID); err != nil || text == "" {
			t.Errorf("%q, %v", text, err)
		}
		time.Sleep(100 * 24 * time.Hour)
		if _, err := read(going[0].ID); github.KindOf(err) != github.NotFound {
			t.Errorf("after the time that logs are kept: %v", err)
		}
	})
}

func TestSimTheTreeAndTheTarballHoldTheFiles(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		tree, err := w.client.Tree(t.Context(), penny, "master")
		if err != nil || tree.Truncated {
			t.Fatal(err)
		}
		var blobs []string
		for _, e := range tree.Entries {
			if e.Type == "blob" {
				blobs = append(blobs, e.Path)
			}
		}
		equal(t, ".github/workflows/deploy.yml .github/workflows/test.yml 44.html Procfile", strings.Join(blobs, " "), nil)
		where, err := w.client.Tarball(t.Context(), penny, w.merged.SHA)
		if err != nil {
			t.Fatal(err)
		}
		plain := &http.Client{Transport: &http.Transport{DialContext: w.far.net.DialContext, DisableKeepAlives: true}}
		resp, err := plain.Get(string(where))
		if err != nil {
			t.Fatal("the signed address cannot be fetched")
		}
		defer resp.Body.Close()
		if _, err := gzip.NewReader(resp.Body); err != nil || resp.StatusCode != 200 {
			t.Errorf("status %d, %v", resp.StatusCode, err)
		}
	})
}

func TestSimPullFilesAndCommits(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		files, err := w.client.PullFiles(t.Context(), penny, 45)
		if err != nil || len(files) != 1 || files[0].Path != "45.html" || files[0].Status != "added" || files[0].Additions != 1 {
			t.Errorf("%+v, %v", files, err)
		}
		commits, err := w.client.PullCommits(t.Context(), penny, 45)
		equal(t, []github.Commit{commitOf(w.repo.Head("feature/45"))}, commits, err)
	})
}

func TestSimARevertIsAnOpenPullRequest(t *testing.T) {
	played(t, func(t *testing.T, w *world) {
		ctx, c := t.Context(), w.client
		merged, err := c.Pull(ctx, penny, 44)
		if err != nil {
			t.Fatal(err)
		}
		made, err := c.Revert(ctx, penny, merged.NodeID, github.Revert{Body: "It broke."})
		if err != nil || made.State != "open" || made.BaseRef != "master" || made.Title != `Revert "Pull 44"` || made.Number <= 45 {
			t.Errorf("%+v, %v", made, err)
		}
		read, err := c.Pull(ctx, penny, made.Number)
		made.Author, made.UpdatedAt = read.Author, read.UpdatedAt // the simulator's GraphQL knows neither
		equal(t, made, read, err)
		open, err := c.Pull(ctx, penny, 45)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{open.NodeID, "PR_nope"} {
			_, err := c.Revert(ctx, penny, id, github.Revert{})
			if e := fails(t, err); e.Ambiguous || e.Kind != github.Invalid && e.Kind != github.NotFound {
				t.Errorf("%s: %v", id, e)
			}
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
