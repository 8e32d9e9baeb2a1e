package chattest

import "testing"

func TestAWebhookIsToldByWhatItIsAbout(t *testing.T) {
	t.Parallel()
	const sha = "0123456789012345678901234567890123456789"
	runs := map[int64]string{7: "CI #3"}
	for _, tc := range []struct{ event, body, want string }{
		{"ping", `{"hook":{"events":["push"]}}`, "a hook for 1 event"},
		{"push", `{"ref":"refs/heads/a","before":"` + sha + `","after":"0000000","commits":[]}`, "refs/heads/a 0123456..0000000 (0 commits)"},
		{"pull_request", `{"number":4,"pull_request":{"merged":false,"merge_commit_sha":"` + sha + `"}}`, "#4"},
		{"pull_request", `{"number":4,"reason":"CI_FAILURE","pull_request":{}}`, "#4, CI_FAILURE"},
		{"workflow_run", `{"workflow_run":{"id":7,"run_attempt":2,"head_branch":"a","head_sha":"abc","conclusion":null}}`, "CI #3 (attempt 2) of a at abc"},
		{"workflow_job", `{"workflow_job":{"name":"test","run_id":7,"run_attempt":1,"conclusion":"failure"}}`, "test of CI #3, failure"},
		{"check_suite", `{"check_suite":{"head_branch":null,"head_sha":"abc"}}`, "no branch at abc"},
		{"deployment", `{"deployment":{"environment":"production"}}`, "production"},
		{"deployment_status", `{"deployment":{"environment":"production"},"deployment_status":{"state":"failure"}}`, "production, failure"},
		{"status", `{"context":"ci/heroku","state":"pending"}`, "ci/heroku, pending"},
		{"merge_group", `{"merge_group":{"head_ref":"refs/heads/q/pr-4-` + sha + `"},"reason":"merged"}`, "refs/heads/q/pr-4-0123456, merged"},
		{"release", `{}`, "a release"},
		{"push", `payload=%7B%7D`, notJSON},
	} {
		if got := aboutGitHub(tc.event, []byte(tc.body), runs); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.event, got, tc.want)
		}
	}
	for _, tc := range []struct{ entity, body, want string }{
		{"api:app", `{"data":{"maintenance":true}}`, ", in maintenance"},
		{"dyno", `{"data":{"name":"run.1","state":"complete","exit_status":0}}`, " run.1 complete, exit status 0"},
		{"api:build", `{"data":{"status":"failed","source_blob":{"version":null}}}`, " failed"},
		{"api:addon", `{"data":{"name":"postgresql-1"}}`, " postgresql-1"},
		{"api:release", `[]`, ": " + notJSON},
	} {
		if got := aboutHeroku(tc.entity, []byte(tc.body)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.entity, got, tc.want)
		}
	}
}
