package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gh "github.com/google/go-github/v60/github"
)

// facts 6.2, "`POST .../statuses/{sha}`, `GET .../commits/{ref}/status` | 201, event `status`".
func TestAWrittenStatusIsReadAndTold(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("status")
		head := w.r.Head("migrations").SHA
		st, res, err := w.gh.Repositories.CreateStatus(w.Context(), "penny", "university", head, &gh.RepoStatus{
			State: gh.String("pending"), Context: gh.String("slipway/undo"), Description: gh.String("Looking"), TargetURL: gh.String("https://example.com"),
		})
		check(w.T, err)
		if res.StatusCode != http.StatusCreated || st.GetCreator().GetLogin() != "alice" || st.GetID() == 0 {
			w.Errorf("%s %v", res.Status, st)
		}
		w.settle()
		got := rec.take()
		if len(got) != 1 || at(got[0].payload(), "state") != "pending" || at(got[0].payload(), "context") != "slipway/undo" || at(got[0].payload(), "sha") != head ||
			!strings.Contains(fmt.Sprint(at(got[0].payload(), "branches")), "migrations") {
			w.Errorf("%v", got)
		}
		both, _, err := w.gh.Repositories.GetCombinedStatus(w.Context(), "penny", "university", head, nil)
		check(w.T, err)
		if both.GetState() != "pending" || both.GetTotalCount() != 1 {
			w.Errorf("%v", both)
		}
		for sha, body := range map[string]string{head: `{"state":"great"}`, strings.Repeat("1", 40): `{"state":"success"}`} {
			if a := w.do(http.MethodPost, below("/statuses/"+sha), body); a.StatusCode != 422 {
				w.Errorf("%s: %s", body, a.Status)
			}
		}
	})
}

// facts 6, "statuses, check runs" are state of the simulator; 1.1, `check_run` of an App that is not Actions. Only Apps
// write them (facts 4).
func TestAnAppWritesCheckRuns(t *testing.T) {
	key()
	inWorld(t, func(w world) {
		w.withApp(nil)
		var in string
		w.s.locked(func() { in, _ = w.s.installationToken(w.s.apps[0].installs[0], nil, nil) })
		app := gh.NewClient(w.http).WithAuthToken(in)
		app.BaseURL = w.gh.BaseURL
		rec := w.receive("check_run", "check_suite")
		head := w.r.Head("migrations").SHA
		k, _, err := app.Checks.CreateCheckRun(w.Context(), "penny", "university", gh.CreateCheckRunOptions{Name: "undo", HeadSHA: head, Status: gh.String("in_progress")})
		check(w.T, err)
		k, _, err = app.Checks.UpdateCheckRun(w.Context(), "penny", "university", k.GetID(), gh.UpdateCheckRunOptions{
			Name: "undo", Conclusion: gh.String("failure"), Output: &gh.CheckRunOutput{Title: gh.String("No way back"), Summary: gh.String("0002 is irreversible")},
		})
		check(w.T, err)
		if k.GetStatus() != "completed" || k.GetApp().GetSlug() != "slipway" || k.GetOutput().GetTitle() != "No way back" {
			w.Errorf("%v", k)
		}
		w.settle()
		want := []string{"check_run created undo in_progress", "check_run completed undo completed failure", "check_suite completed completed failure"}
		if got := lines(rec.take()); !slices.Equal(got, want) {
			w.Errorf("%q", got)
		}
		list, _, err := w.gh.Checks.ListCheckRunsForRef(w.Context(), "penny", "university", head, nil)
		check(w.T, err)
		if list.GetTotal() != 1 || list.CheckRuns[0].GetConclusion() != "failure" {
			w.Errorf("%v", list)
		}
		_, _, err = w.gh.Checks.CreateCheckRun(w.Context(), "penny", "university", gh.CreateCheckRunOptions{Name: "x", HeadSHA: head})
		var refused *gh.ErrorResponse
		if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusForbidden {
			w.Errorf("a person's token: %v", err)
		}
	})
}

// facts 6.2, "deployments and their statuses | POST 201, events"; 1.1 for the states.
func TestDeploymentsAreWrittenAndTold(t *testing.T) {
	inWorld(t, func(w world) {
		rec := w.receive("deployment", "deployment_status")
		d, res, err := w.gh.Repositories.CreateDeployment(w.Context(), "penny", "university", &gh.DeploymentRequest{
			Ref: gh.String("master"), Environment: gh.String("penny-university"), RequiredContexts: &[]string{},
		})
		check(w.T, err)
		for _, state := range []string{"in_progress", "success"} {
			_, _, err = w.gh.Repositories.CreateDeploymentStatus(w.Context(), "penny", "university", d.GetID(), &gh.DeploymentStatusRequest{
				State: &state, LogURL: gh.String("https://example.com/log"),
			})
			check(w.T, err)
		}
		w.settle()
		var told []string
		for _, one := range rec.take() {
			told = append(told, strings.TrimSuffix(fmt.Sprintf("%s %v", one.name(), at(one.payload(), "deployment_status.state")), " <nil>"))
		}
		want := []string{"deployment created", "deployment_status created in_progress", "deployment_status created success"}
		if res.StatusCode != http.StatusCreated || d.GetSHA() != w.r.Head("master").SHA || !slices.Equal(told, want) {
			w.Errorf("%s %v %q", res.Status, d, told)
		}
		list, _, err := w.gh.Repositories.ListDeployments(w.Context(), "penny", "university", &gh.DeploymentsListOptions{Environment: "penny-university"})
		check(w.T, err)
		statuses, _, err := w.gh.Repositories.ListDeploymentStatuses(w.Context(), "penny", "university", d.GetID(), nil)
		check(w.T, err)
		if len(list) != 1 || len(statuses) != 2 || statuses[0].GetState() != "success" {
			w.Errorf("%v %v", list, statuses)
		}
		if a := w.do(http.MethodPost, below(fmt.Sprintf("/deployments/%d/statuses", d.GetID())), `{"state":"great"}`); a.StatusCode != 422 {
			w.Errorf("%s", a.Status)
		}
	})
}
