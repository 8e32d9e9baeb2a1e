package githubsim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"
)

// failed makes a run of master whose backend tests failed.
func (w world) failed() Run {
	w.Helper()
	check(w.T, w.r.Script("branch/master", Outcome{Kind: "fail", Job: "test-backend", Step: "Test with pytest"}))
	first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix"}))
	w.settle()
	return w.r.Runs()[0]
}

func (w world) jobs(run int64, filter string) map[string]*gh.WorkflowJob {
	w.Helper()
	list, _, err := w.gh.Actions.ListWorkflowJobs(w.Context(), "penny", "university", run, &gh.ListWorkflowJobsOptions{Filter: filter})
	check(w.T, err)
	byName := map[string]*gh.WorkflowJob{}
	for _, j := range list.Jobs {
		byName[fmt.Sprintf("%s/%d", j.GetName(), j.GetRunAttempt())] = j
	}
	return byName
}

// facts 1.4, "Same `run.id`, `run_attempt` + 1, new `run_started_at`, old `created_at`, `previous_attempt_url` set,
// `triggering_actor` may differ from `actor`. Jobs of the new attempt have **new ids**. "Re-run failed jobs" carries
// successful jobs over: jobs `filter=latest` gives the latest per job, the attempt's own list gives that attempt."
func TestRerunningFailedJobsCarriesTheOthersOver(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.failed()
		rec := w.receive("workflow_run", "workflow_job")
		time.Sleep(time.Minute)
		old := w.jobs(run.ID, "latest")
		res, err := w.gh.Actions.RerunFailedJobsByID(w.Context(), "penny", "university", run.ID)
		check(w.T, err)
		if res.StatusCode != http.StatusCreated {
			w.Error(res.Status)
		}
		w.settle()
		got, _, err := w.gh.Actions.GetWorkflowRunByID(w.Context(), "penny", "university", run.ID)
		check(w.T, err)
		if got.GetRunAttempt() != 2 || got.GetConclusion() != "success" || got.GetActor().GetLogin() != "bob" || got.GetTriggeringActor().GetLogin() != "alice" ||
			!got.GetRunStartedAt().After(got.GetCreatedAt().Time) || !strings.HasSuffix(got.GetPreviousAttemptURL(), "/attempts/1") {
			w.Errorf("%v", got)
		}
		first1, _, err := w.gh.Actions.GetWorkflowRunAttempt(w.Context(), "penny", "university", run.ID, 1, nil)
		check(w.T, err)
		if first1.GetConclusion() != "failure" || first1.GetRunAttempt() != 1 {
			w.Errorf("the first attempt: %v", first1)
		}
		latest := w.jobs(run.ID, "latest")
		for _, name := range []string{"test-frontend/1", "test-backend (3.8)/2", "deploy/2"} {
			if latest[name] == nil {
				w.Errorf("latest has no %s: %v", name, sortedKeys(latest))
			}
		}
		if latest["test-frontend/1"].GetID() != old["test-frontend/1"].GetID() || latest["deploy/2"].GetID() == old["deploy/1"].GetID() {
			w.Error("the ids are not those that they should be")
		}
		if all := sortedKeys(w.jobs(run.ID, "all")); len(all) != 5 {
			w.Errorf("all: %v", all)
		}
		own, _, err := w.gh.Actions.ListWorkflowJobsAttempt(w.Context(), "penny", "university", run.ID, 2, nil)
		check(w.T, err)
		if own.GetTotalCount() != 2 {
			w.Errorf("the attempt's own: %d", own.GetTotalCount())
		}
		var story []string
		for _, d := range rec.take() {
			story = append(story, fmt.Sprintf("%s %v", d.name(), at(d.payload(), d.event()+".run_attempt")))
		}
		want := []string{
			"workflow_run requested 2", "workflow_job queued 2", "workflow_run in_progress 2", "workflow_job in_progress 2", "workflow_job completed 2",
			"workflow_job queued 2", "workflow_job in_progress 2", "workflow_job completed 2", "workflow_run completed 2",
		}
		if !slices.Equal(story, want) {
			w.Errorf("%q", story)
		}
	})
}

// facts 6.2, "`POST .../runs/{id}/rerun`, `rerun-failed-jobs`, `.../jobs/{id}/rerun` | 201; same run id, attempt + 1, new
// job ids; running: 403 [unverified]".
func TestRerunsOfAllAndOfOneJob(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.failed()
		_, err := w.gh.Actions.RerunWorkflowByID(w.Context(), "penny", "university", run.ID)
		check(w.T, err)
		_, err = w.gh.Actions.RerunWorkflowByID(w.Context(), "penny", "university", run.ID)
		var refused *gh.ErrorResponse
		if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusForbidden {
			w.Errorf("while it runs: %v", err)
		}
		w.settle()
		if n := len(w.jobs(run.ID, "all")); n != 6 {
			w.Errorf("after all ran again: %d jobs", n)
		}
		deploy := w.jobs(run.ID, "latest")["deploy/2"].GetID()
		a := w.do(http.MethodPost, below(fmt.Sprintf("/actions/jobs/%d/rerun", deploy)), `{"enable_debug_logging":true}`)
		if a.StatusCode != http.StatusCreated {
			w.Fatalf("%s %s", a.Status, a.body)
		}
		w.settle()
		time.Sleep(sealing)
		latest := w.jobs(run.ID, "latest")
		if latest["deploy/3"] == nil || latest["test-frontend/2"] == nil {
			w.Fatalf("%v", sortedKeys(latest))
		}
		if text := w.log(latest["deploy/3"].GetID()); !strings.Contains(text, "##[debug]") {
			w.Errorf("without debug lines: %s", text)
		}
		a = w.do(http.MethodPost, below(fmt.Sprintf("/actions/runs/%d/rerun-failed-jobs", run.ID)), "")
		if a.StatusCode != http.StatusForbidden {
			w.Errorf("nothing failed: %s", a.Status)
		}
	})
}

// A run of the past runs again like any other; one of over a month ago does not.
func TestARunOfThePastRunsAgain(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-2), FailJob: "test-backend"})
		old := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-24 * 31), FailJob: "test-backend"})
		_, err := w.gh.Actions.RerunFailedJobsByID(w.Context(), "penny", "university", run.ID)
		check(w.T, err)
		w.settle()
		if latest := w.jobs(run.ID, "latest"); latest["test-backend (3.8)/2"].GetConclusion() != "success" || latest["deploy/2"].GetConclusion() != "success" {
			w.Errorf("%v", latest)
		}
		if a := w.do(http.MethodPost, below(fmt.Sprintf("/actions/runs/%d/rerun", old.ID)), ""); a.StatusCode != http.StatusForbidden {
			w.Errorf("over a month ago: %s", a.Status)
		}
	})
}

// facts 6.2, "`POST .../runs/{id}/cancel` | 202, later events with conclusion cancelled; finished: 409".
func TestCancellingARun(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("workflow_run", "workflow_job")
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix"}))
		time.Sleep(20 * time.Second)
		rec.take()
		id := w.r.Runs()[0].ID
		_, err := w.gh.Actions.CancelWorkflowRunByID(w.Context(), "penny", "university", id)
		var accepted *gh.AcceptedError
		if !errors.As(err, &accepted) {
			w.Fatalf("%v", err)
		}
		w.settle()
		want := []string{
			"workflow_job completed test-frontend completed cancelled", "workflow_job completed test-backend (3.8) completed cancelled",
			"workflow_job completed deploy completed skipped", "workflow_run completed CI completed cancelled",
		}
		if got := lines(rec.take()); !slices.Equal(got, want) {
			w.Errorf("%q", got)
		}
		if a := w.do(http.MethodPost, below(fmt.Sprintf("/actions/runs/%d/cancel", id)), ""); a.StatusCode != http.StatusConflict {
			w.Errorf("once it is over: %s", a.Status)
		}
	})
}

// facts 6.2, "`POST` dispatches of a workflow file | 204 (200 with run details if asked); run with event
// workflow_dispatch".
func TestDispatchingAWorkflow(t *testing.T) {
	inWorld(t, func(w world) {
		w.r.AddWorkflow(Workflow{
			Path: ".github/workflows/manual.yml", Name: "Manual", On: []string{"workflow_dispatch"}, Inputs: []string{"release"},
			Jobs: []Job{{Name: "go", Steps: []Step{{Name: "Go", Takes: time.Second}}}},
		})
		w.r.Commit("master", CommitSpec{Author: "alice", Message: "Manual"})
		rec := w.receive("workflow_dispatch", "workflow_run")
		res, err := w.gh.Actions.CreateWorkflowDispatchEventByFileName(w.Context(), "penny", "university", "manual.yml",
			gh.CreateWorkflowDispatchEventRequest{Ref: "master", Inputs: map[string]any{"release": "v12"}})
		check(w.T, err)
		if res.StatusCode != http.StatusNoContent {
			w.Error(res.Status)
		}
		w.settle()
		got := rec.take()
		if len(got) != 4 || got[0].event() != "workflow_dispatch" || at(got[0].payload(), "inputs.release") != "v12" ||
			at(got[1].payload(), "workflow_run.event") != "workflow_dispatch" || at(got[1].payload(), "workflow_run.actor.login") != "alice" {
			w.Errorf("%q", lines(got))
		}
		a := w.do(http.MethodPost, below("/actions/workflows/manual.yml/dispatches"), `{"ref":"refs/heads/master","return_run_details":true}`)
		if id := a.json(w.T)["workflow_run_id"]; a.StatusCode != 200 || fmt.Sprint(id) != fmt.Sprint(w.r.Runs()[0].ID) {
			w.Errorf("%s %s", a.Status, a.body)
		}
		for body, want := range map[string]string{
			`{"ref":"nowhere"}`:                       "No ref found for: nowhere",
			`{"ref":"master","inputs":{"other":"x"}}`: "Unexpected inputs",
			`{}`: `wasn't supplied`,
		} {
			if a := w.do(http.MethodPost, below("/actions/workflows/manual.yml/dispatches"), body); a.StatusCode != 422 || !strings.Contains(string(a.body), want) {
				w.Errorf("%s: %s %s", body, a.Status, a.body)
			}
		}
		if a := w.do(http.MethodPost, below("/actions/workflows/ci.yml/dispatches"), `{"ref":"master"}`); a.StatusCode != 422 {
			w.Errorf("without the trigger: %s", a.Status)
		}
	})
}

// facts 1.3, "a group holds one running and one pending run; a newer pending one replaces (cancels) the older;
// `cancel-in-progress: true` also cancels the running one".
func TestAConcurrencyGroupHoldsOneRunningAndOnePendingRun(t *testing.T) {
	for _, c := range []struct {
		inProgress bool
		want       []string
	}{
		{false, []string{"success", "cancelled", "success"}},
		{true, []string{"cancelled", "cancelled", "success"}},
	} {
		t.Run(fmt.Sprint(c.inProgress), func(t *testing.T) {
			inWorld(t, func(w world) {
				w.r.workflows[0].Concurrency = &Concurrency{Group: "ci-${{ github.ref }}", CancelInProgress: c.inProgress}
				for i := range 3 {
					first(w.r.Push("master", CommitSpec{Author: "bob", Message: fmt.Sprint(i)}))
					// Where the first is cancelled, the second waits only until that is done, which is at once.
					if i == 1 && !c.inProgress && w.r.Runs()[0].Status != "pending" {
						w.Errorf("the second is %s", w.r.Runs()[0].Status)
					}
				}
				w.settle()
				var got []string
				for _, r := range slices.Backward(w.r.Runs()) {
					got = append(got, r.Conclusion)
				}
				if !slices.Equal(got, c.want) {
					w.Errorf("%v, want %v", got, c.want)
				}
			})
		})
	}
}

// log reads a job's log as the facts want it: the address from GitHub, the text from the other host, without our
// token.
func (w world) log(job int64) string {
	w.Helper()
	a := w.get(below(fmt.Sprintf("/actions/jobs/%d/logs", job)))
	if a.StatusCode != http.StatusFound {
		w.Fatalf("%s: %s", a.Status, a.body)
	}
	status, text := w.fetch(a.Header.Get("Location"))
	if status != http.StatusOK {
		w.Fatalf("%d %s", status, text)
	}
	return text
}

// fetch gets an address with these headers.
func (w world) fetch(url string, header ...string) (status int, body string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, url, http.NoBody)
	check(w.T, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := w.http.Do(r)
	check(w.T, err)
	defer func() { _ = res.Body.Close() }()
	var b bytes.Buffer
	_, err = io.Copy(&b, res.Body)
	check(w.T, err)
	return res.StatusCode, b.String()
}
