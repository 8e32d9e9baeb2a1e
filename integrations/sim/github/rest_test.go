package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gh "github.com/google/go-github/v60/github"
)

func TestTheRepositoryAndItsBranchesAreRead(t *testing.T) {
	inWorld(t, func(w world) {
		r, _, err := w.gh.Repositories.Get(w.Context(), "penny", "university")
		check(w.T, err)
		if r.GetFullName() != "penny/university" || r.GetDefaultBranch() != "master" || !r.GetPrivate() ||
			r.GetHTMLURL() != "https://github.com/penny/university" || r.GetOwner().GetType() != "Organization" {
			w.Errorf("%v", r)
		}
		for _, name := range []string{"master", "readme/fix"} {
			b, _, err := w.gh.Repositories.GetBranch(w.Context(), "penny", "university", name, 0)
			check(w.T, err)
			if b.GetCommit().GetSHA() != w.r.Head(name).SHA || b.GetName() != name {
				w.Errorf("%s: %v", name, b)
			}
		}
		if a := w.get(below("/branches/none")); a.StatusCode != http.StatusNotFound {
			w.Errorf("%s", a.Status)
		}
	})
}

func TestCommitsAreReadByShaBranchAndShortSha(t *testing.T) {
	inWorld(t, func(w world) {
		head := w.r.Head("readme/fix")
		for _, ref := range []string{head.SHA, head.SHA[:7], "readme/fix", "heads/readme/fix", "readme%2Ffix"} {
			var c gh.RepositoryCommit
			check(w.T, json.Unmarshal(w.get(below("/commits/"+ref)).body, &c))
			if c.GetSHA() != head.SHA || c.GetAuthor().GetLogin() != "alice" || c.GetStats().GetAdditions() != 1 || len(c.Files) != 1 {
				w.Errorf("%s: %v", ref, c)
			}
		}
		unknown := w.get(below("/commits/0123456789012345678901234567890123456789"))
		if unknown.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(unknown.body), "No commit found for SHA: 0123456789012345678901234567890123456789") {
			w.Errorf("an unknown commit: %s %s", unknown.Status, unknown.body)
		}
	})
}

// A commit whose address belongs to nobody has author null, and GitHub's own committer is web-flow.
func TestAccountsAreFoundByTheirAddress(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Push("master", CommitSpec{Author: "stranger", Message: "By hand"}))
		o := w.get(below("/commits/master")).json(w.T)
		if o["author"] != nil || o["commit"].(map[string]any)["author"].(map[string]any)["name"] != "stranger" {
			w.Errorf("author %v", o["author"])
		}
		first(w.r.Merge(46, "merge", "alice"))
		o = w.get(below("/commits/master")).json(w.T)
		if login := o["committer"].(map[string]any)["login"]; login != "web-flow" {
			w.Errorf("committer %v", login)
		}
	})
}

func TestCommitsAreListedNewestFirst(t *testing.T) {
	inWorld(t, func(w world) {
		first(w.r.Merge(46, "merge", "alice"))
		list, _, err := w.gh.Repositories.ListCommits(w.Context(), "penny", "university", &gh.CommitsListOptions{SHA: "master"})
		check(w.T, err)
		var titles []string
		for _, c := range list {
			titles = append(titles, title(c.GetCommit().GetMessage()))
		}
		if d := cmp.Diff([]string{"Merge pull request #46 from penny/readme/fix", "Fix the readme", "Second", "First"}, titles); d != "" {
			w.Error(d)
		}
		if a := w.get(below("/commits?sha=none")); a.StatusCode != http.StatusNotFound {
			w.Errorf("an unknown sha: %s", a.Status)
		}
		filtered, _, err := w.gh.Repositories.ListCommits(w.Context(), "penny", "university", &gh.CommitsListOptions{Path: "app", Author: "bob", Until: hour(-4)})
		check(w.T, err)
		if len(filtered) != 1 || filtered[0].GetCommit().GetMessage() != "Second\n\nWith a body." {
			w.Errorf("filtered: %v", filtered)
		}
	})
}

// facts 6.2, "Pagination by `Link` (next, last), per_page max 100".
func TestListsComeInPages(t *testing.T) {
	inWorld(t, func(w world) {
		for i := range 105 {
			w.r.Commit("master", CommitSpec{Author: "bob", Message: fmt.Sprint(i)})
		}
		var pages []int
		opts := &gh.CommitsListOptions{ListOptions: gh.ListOptions{PerPage: 500}}
		for {
			list, res, err := w.gh.Repositories.ListCommits(w.Context(), "penny", "university", opts)
			check(w.T, err)
			pages = append(pages, len(list))
			if res.NextPage == 0 {
				break
			}
			if res.LastPage != 2 {
				w.Errorf("last page %d", res.LastPage)
			}
			opts.Page = res.NextPage
		}
		if d := cmp.Diff([]int{100, 7}, pages); d != "" {
			w.Error(d)
		}
		want := `<http://127.0.0.1:4012/repos/penny/university/commits?page=1&per_page=2>; rel="prev", ` +
			`<http://127.0.0.1:4012/repos/penny/university/commits?page=3&per_page=2>; rel="next", ` +
			`<http://127.0.0.1:4012/repos/penny/university/commits?page=54&per_page=2>; rel="last", ` +
			`<http://127.0.0.1:4012/repos/penny/university/commits?page=1&per_page=2>; rel="first"`
		if got := w.get(below("/commits?per_page=2&page=2")).Header.Get("Link"); got != want {
			w.Errorf("Link: %s", got)
		}
		if body := string(w.get(below("/commits?page=99")).body); body != "[]" {
			w.Errorf("a page behind the last: %s", body)
		}
	})
}

// facts 6.2, "status diverged ahead behind identical; merge_base_commit; commits oldest first; files <= 300".
func TestCompareSaysHowTwoCommitsStand(t *testing.T) {
	inWorld(t, func(w world) {
		base := w.r.Head("master")
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix"}))
		for _, c := range []struct {
			base, head, status string
			ahead, behind      int
			commits, files     []string
		}{
			{base.SHA, "migrations", "ahead", 2, 0, []string{"Add a field", "Add its migration"}, []string{"app/migrations/0002.py", "app/models.py"}},
			{"master", "migrations", "diverged", 2, 1, []string{"Add a field", "Add its migration"}, []string{"app/migrations/0002.py", "app/models.py"}},
			{"migrations", base.SHA, "behind", 0, 2, nil, nil},
			{"master", base.SHA, "behind", 0, 1, nil, nil},
			{base.SHA, "master", "ahead", 1, 0, []string{"Hotfix"}, nil},
			{"master", w.r.Head("master").SHA[:10], "identical", 0, 0, nil, nil},
			{"penny:master", "penny:readme/fix", "diverged", 1, 1, []string{"Fix the readme"}, []string{"README.md"}},
		} {
			got, _, err := w.gh.Repositories.CompareCommits(w.Context(), "penny", "university", c.base, c.head, nil)
			check(w.T, err)
			var commits, files []string
			for _, one := range got.Commits {
				commits = append(commits, one.GetCommit().GetMessage())
			}
			for _, one := range got.Files {
				files = append(files, one.GetFilename())
			}
			if got.GetStatus() != c.status || got.GetAheadBy() != c.ahead || got.GetBehindBy() != c.behind || got.GetTotalCommits() != c.ahead {
				w.Errorf("%s...%s: %s +%d -%d", c.base, c.head, got.GetStatus(), got.GetAheadBy(), got.GetBehindBy())
			}
			if d := cmp.Diff([][]string{c.commits, c.files}, [][]string{commits, files}); d != "" {
				w.Errorf("%s...%s: %s", c.base, c.head, d)
			}
			if got.GetMergeBaseCommit().GetSHA() == "" || got.GetBaseCommit().GetSHA() == "" || got.GetHTMLURL() == "" {
				w.Errorf("%s...%s: %v", c.base, c.head, got)
			}
		}
		unknown := strings.Repeat("ab", 20)
		for _, path := range []string{unknown + "...master", "master..." + unknown, "master...none", "master"} {
			if a := w.get(below("/compare/" + path)); a.StatusCode != http.StatusNotFound {
				w.Errorf("%s: %s", path, a.Status)
			}
		}
	})
}

// facts 3.2, "`CompareCommits`: unpaged 250 commits; paged: files on the first page only; **at most 300 files**".
func TestCompareIsCutAndPaged(t *testing.T) {
	inWorld(t, func(w world) {
		base := w.r.Head("master").SHA
		for i := range 302 {
			w.r.Commit("master", CommitSpec{Author: "bob", Message: fmt.Sprint(i), Files: []File{{Path: fmt.Sprintf("f%03d", i), Text: "x\n"}}})
		}
		whole, _, err := w.gh.Repositories.CompareCommits(w.Context(), "penny", "university", base, "master", nil)
		check(w.T, err)
		if len(whole.Commits) != 250 || whole.GetTotalCommits() != 302 || len(whole.Files) != 300 || whole.Commits[249].GetCommit().GetMessage() != "301" {
			w.Errorf("unpaged: %d of %d commits, %d files", len(whole.Commits), whole.GetTotalCommits(), len(whole.Files))
		}
		var seen []string
		for opts := (&gh.ListOptions{PerPage: 100}); ; {
			page, res, err := w.gh.Repositories.CompareCommits(w.Context(), "penny", "university", base, "master", opts)
			check(w.T, err)
			if want := 300; opts.Page > 1 && len(page.Files) != 0 || opts.Page <= 1 && len(page.Files) != want {
				w.Errorf("page %d has %d files", opts.Page, len(page.Files))
			}
			for _, c := range page.Commits {
				seen = append(seen, c.GetCommit().GetMessage())
			}
			if opts.Page = res.NextPage; opts.Page == 0 {
				break
			}
		}
		if len(seen) != 302 || seen[0] != "0" || seen[301] != "301" {
			w.Errorf("pages give %d commits", len(seen))
		}
	})
}

// The list knows no `merged`: it is go-github's trap that GetMerged is false there.
func TestPullsAreListedByStateAndOrder(t *testing.T) {
	inWorld(t, func(w world) {
		time.Sleep(time.Minute)
		first(w.r.Merge(45, "merge", "alice"))
		for _, c := range []struct {
			query string
			want  []int
		}{
			{"", []int{46}},
			{"?state=closed", []int{45}},
			{"?state=all", []int{46, 45}},
			{"?state=all&direction=asc", []int{45, 46}},
			{"?state=all&sort=updated&direction=desc", []int{45, 46}},
			{"?state=all&sort=updated", []int{46, 45}},
			{"?state=all&base=master&per_page=1&page=2", []int{45}},
			{"?base=other", nil},
			{"?head=penny:readme/fix", []int{46}},
			{"?head=penny:none", nil},
		} {
			var list []map[string]any
			check(w.T, json.Unmarshal(w.get(below("/pulls"+c.query)).body, &list))
			var numbers []int
			for _, p := range list {
				numbers = append(numbers, int(p["number"].(float64)))
				if _, there := p["merged"]; there {
					w.Errorf("%s: the list says merged", c.query)
				}
			}
			if d := cmp.Diff(c.want, numbers); d != "" {
				w.Errorf("%s: %s", c.query, d)
			}
		}
		if a := w.get(below("/pulls?state=merged")); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"errors":[`) {
			w.Errorf("a state that is none: %s %s", a.Status, a.body)
		}
	})
}

func TestAPullRequestShowsItsCommitsAndFilesBeforeAndAfterTheMerge(t *testing.T) {
	inWorld(t, func(w world) {
		for _, state := range []string{"open", "closed"} {
			p, _, err := w.gh.PullRequests.Get(w.Context(), "penny", "university", 45)
			check(w.T, err)
			if p.GetState() != state || p.GetCommits() != 2 || p.GetChangedFiles() != 2 || p.GetAdditions() != 2 || p.GetDeletions() != 1 ||
				p.GetHead().GetRef() != "migrations" || p.GetHead().GetSHA() != w.r.Head("migrations").SHA || p.GetUser().GetLogin() != "bob" || p.GetNodeID() == "" {
				w.Errorf("%v", p)
			}
			commits, _, err := w.gh.PullRequests.ListCommits(w.Context(), "penny", "university", 45, nil)
			check(w.T, err)
			files, _, err := w.gh.PullRequests.ListFiles(w.Context(), "penny", "university", 45, nil)
			check(w.T, err)
			if len(commits) != 2 || len(files) != 2 || files[1].GetPatch() != "@@ -1 +1 @@\n-a = 1\n+a = 2" || files[0].GetStatus() != "added" {
				w.Errorf("%s: %v %v", state, commits, files)
			}
			if state == "open" {
				first(w.r.Merge(45, "merge", "alice"))
			}
		}
	})
}

// facts 1.2, "`GET /repos/{o}/{r}/commits/{sha}/pulls`, which lists the *merged* PR that introduced the commit, or
// merged and open ones when the commit is not in the default branch".
func TestACommitLeadsToItsPullRequest(t *testing.T) {
	inWorld(t, func(w world) {
		own45, own46, old := w.r.Head("migrations"), w.r.Head("readme/fix"), w.r.Head("master")
		check1 := func(what, sha string, want ...int) {
			list, _, err := w.gh.PullRequests.ListPullRequestsWithCommit(w.Context(), "penny", "university", sha, nil)
			check(w.T, err)
			var got []int
			for _, p := range list {
				got = append(got, p.GetNumber())
			}
			if d := cmp.Diff(want, got); d != "" {
				w.Errorf("%s: %s", what, d)
			}
		}
		check1("an open one's commit", own45.SHA, 45)
		check1("a commit of the base", old.SHA)
		merge := first(w.r.Merge(46, "merge", "alice"))
		check1("the merge commit", merge.SHA, 46)
		check1("a merged commit", own46.SHA, 46)
		squash := first(w.r.Merge(45, "squash", "alice"))
		check1("the squashed commit", squash.SHA, 45)
		check1("a commit that was squashed away", own45.SHA, 45)
		direct := first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Direct"}))
		check1("a direct push", direct.SHA)
	})
}

// facts 6.2, "file object with base64, or a directory array; raw media type; 404", and 3.2, "base64 up to 1 MB;
// 1-100 MB only with the raw media type".
func TestContentsAreFilesAndDirectories(t *testing.T) {
	inWorld(t, func(w world) {
		file, _, _, err := w.gh.Repositories.GetContents(w.Context(), "penny", "university", "app/models.py", &gh.RepositoryContentGetOptions{Ref: "migrations"})
		check(w.T, err)
		if text, err := file.GetContent(); err != nil || text != "a = 2\n" || file.GetSize() != 6 {
			w.Errorf("%q %v", text, err)
		}
		_, dir, _, err := w.gh.Repositories.GetContents(w.Context(), "penny", "university", "app", nil)
		check(w.T, err)
		var names []string
		for _, e := range dir {
			names = append(names, e.GetType()+" "+e.GetPath())
		}
		_, root, _, err := w.gh.Repositories.GetContents(w.Context(), "penny", "university", "", nil)
		check(w.T, err)
		for _, e := range root {
			names = append(names, e.GetType()+" "+e.GetPath())
		}
		if d := cmp.Diff([]string{"file app/models.py", "file app/views.py", "dir .github", "file README.md", "dir app"}, names); d != "" {
			w.Error(d)
		}
		a := w.get(below("/contents/app/models.py"), "Accept", "application/vnd.github.raw")
		if string(a.body) != "a = 1\n" || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/vnd.github.raw") {
			w.Errorf("raw: %q as %s", a.body, a.Header.Get("Content-Type"))
		}
		for _, path := range []string{"/contents/none", "/contents/app/models.py/x", "/contents/app?ref=none"} {
			if a := w.get(below(path)); a.StatusCode != http.StatusNotFound {
				w.Errorf("%s: %s", path, a.Status)
			}
		}
		w.r.Commit("master", CommitSpec{Author: "bob", Message: "Big", Files: []File{{Path: "big", Text: strings.Repeat("x", 1<<20+1)}}})
		if o := w.get(below("/contents/big")).json(w.T); o["encoding"] != "none" || o["content"] != "" {
			w.Errorf("a big file comes as %v", o["encoding"])
		}
	})
}

// A workflow's file is in the tree, and reads as one.
func TestAWorkflowIsAFileOfItsRepository(t *testing.T) {
	inWorld(t, func(w world) {
		list, _, err := w.gh.Actions.ListWorkflows(w.Context(), "penny", "university", nil)
		check(w.T, err)
		if list.GetTotalCount() != 1 || list.Workflows[0].GetPath() != ".github/workflows/ci.yml" || list.Workflows[0].GetState() != "active" {
			w.Errorf("%v", list)
		}
		byFile, _, err := w.gh.Actions.GetWorkflowByFileName(w.Context(), "penny", "university", "ci.yml")
		check(w.T, err)
		byID, _, err := w.gh.Actions.GetWorkflowByID(w.Context(), "penny", "university", list.Workflows[0].GetID())
		check(w.T, err)
		if d := cmp.Diff(byFile, byID); d != "" {
			w.Error(d)
		}
		a := w.get(below("/contents/.github/workflows/ci.yml"), "Accept", "application/vnd.github.raw")
		want := `name: CI

on:
  push:
    branches: [master]
  pull_request:

jobs:
  test-frontend:
    runs-on: ubuntu-latest
    steps:
      - name: Checkout
        run: script/checkout
      - name: Run Tests
        run: script/run-tests
  test-backend:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        version: ['3.8']
    steps:
      - name: Checkout
        run: script/checkout
      - name: Test with pytest
        run: script/test-with-pytest
  deploy:
    runs-on: ubuntu-latest
    needs: [test-frontend, test-backend]
    if: github.event_name == 'push'
    steps:
      - name: Push to Production
        run: script/push-to-production
`
		if d := cmp.Diff(want, string(a.body)); d != "" {
			w.Error(d)
		}
	})
}

// facts 3.1, "Run list options: Actor Branch Event Status Created HeadSHA ExcludePullRequests CheckSuiteID".
func TestRunsAreFiltered(t *testing.T) {
	inWorld(t, func(w world) {
		const file = ".github/workflows/ci.yml"
		old := w.r.PastRun(PastRun{Workflow: file, Event: "push", At: hour(-48)})
		failed := w.r.PastRun(PastRun{Workflow: file, Event: "pull_request", Pull: 45, At: hour(-2), FailJob: "test-frontend"})
		passed := w.r.PastRun(PastRun{Workflow: file, Event: "pull_request", Pull: 46, At: hour(-1)})
		first(w.r.Push("migrations", CommitSpec{Author: "alice", Message: "More"}))
		live := w.r.Runs()[0]
		suite := w.r.runs()[2].suite
		for _, c := range []struct {
			query string
			want  []Run
		}{
			{"", []Run{live, passed, failed, old}},
			{"?event=push", []Run{old}},
			{"?branch=migrations", []Run{live, failed}},
			{"?status=failure", []Run{failed}},
			{"?status=completed", []Run{passed, failed, old}},
			{"?status=queued", []Run{live}},
			{"?actor=alice", []Run{live, passed}},
			{"?head_sha=" + failed.SHA, []Run{failed}},
			{fmt.Sprintf("?check_suite_id=%d", suite), []Run{failed}},
			{"?created=%3E%3D" + hour(-1).Format(time.RFC3339), []Run{live, passed}},
			{"?created=%3C1999-12-31", []Run{old}},
			{"?created=1999-12-31..1999-12-31", []Run{passed, failed}},
			{"?created=1999-12-30", []Run{old}},
			{"?created=1999-12-31..*", []Run{live, passed, failed}},
		} {
			for _, path := range []string{"/actions/runs", "/actions/workflows/ci.yml/runs"} {
				var got gh.WorkflowRuns
				check(w.T, json.Unmarshal(w.get(below(path+c.query)).body, &got))
				var want, have []int64
				for _, r := range c.want {
					want = append(want, r.ID)
				}
				for _, r := range got.WorkflowRuns {
					have = append(have, r.GetID())
				}
				if d := cmp.Diff(want, have); d != "" || got.GetTotalCount() != len(want) {
					w.Errorf("%s%s: %s", path, c.query, d)
				}
			}
		}
		for path, status := range map[string]int{"/actions/runs?created=yesterday": 422, "/actions/workflows/none.yml/runs": 404, "/actions/workflows/none.yml": 404} {
			if a := w.get(below(path)); a.StatusCode != status {
				w.Errorf("%s: %s", path, a.Status)
			}
		}
	})
}

// facts 6.1 and 1.2, "`pull_requests: []` … after the merge"; `exclude_pull_requests` of 3.1.
func TestARunNamesItsPullRequestUntilTheMerge(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "pull_request", Pull: 45, At: hour(-2)})
		path := below(fmt.Sprintf("/actions/runs/%d", run.ID))
		count := func(path string) int { return len(w.get(path).json(w.T)["pull_requests"].([]any)) }
		if open, left := count(path), count(path+"?exclude_pull_requests=true"); open != 1 || left != 0 {
			w.Errorf("%d while open, %d when left out", open, left)
		}
		first(w.r.Merge(45, "merge", "alice"))
		if after := count(path); after != 0 {
			w.Errorf("%d after the merge", after)
		}
	})
}

// facts 6.2, "latest or all; 404 for an unknown attempt".
func TestRunsAttemptsAndJobsAreRead(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-2), FailJob: "test-backend", FailStep: "Test with pytest"})
		got, _, err := w.gh.Actions.GetWorkflowRunAttempt(w.Context(), "penny", "university", run.ID, 1, nil)
		check(w.T, err)
		if got.GetID() != run.ID || got.GetConclusion() != "failure" || got.GetRunAttempt() != 1 || got.GetDisplayTitle() != "Second" || got.GetHeadCommit().GetID() != run.SHA {
			w.Errorf("%v", got)
		}
		var lists []*gh.Jobs
		for _, filter := range []string{"latest", "all"} {
			jobs, _, err := w.gh.Actions.ListWorkflowJobs(w.Context(), "penny", "university", run.ID, &gh.ListWorkflowJobsOptions{Filter: filter})
			check(w.T, err)
			lists = append(lists, jobs)
		}
		jobs, _, err := w.gh.Actions.ListWorkflowJobsAttempt(w.Context(), "penny", "university", run.ID, 1, nil)
		check(w.T, err)
		for _, list := range append(lists, jobs) {
			failed := slices.IndexFunc(list.Jobs, func(j *gh.WorkflowJob) bool { return j.GetConclusion() == "failure" })
			j := list.Jobs[failed]
			if list.GetTotalCount() != 3 || j.GetName() != "test-backend (3.8)" || j.Steps[2].GetName() != "Test with pytest" || j.Steps[2].GetConclusion() != "failure" || j.Steps[2].GetNumber() != 3 {
				w.Errorf("%v", list)
			}
			one, _, err := w.gh.Actions.GetWorkflowJobByID(w.Context(), "penny", "university", j.GetID())
			check(w.T, err)
			if d := cmp.Diff(j, one); d != "" {
				w.Error(d)
			}
		}
		at := fmt.Sprintf("/actions/runs/%d", run.ID)
		for _, path := range []string{"/actions/runs/1", at + "/attempts/2", at + "/attempts/2/jobs", at + "/attempts/0", "/actions/jobs/1"} {
			if a := w.get(below(path)); a.StatusCode != http.StatusNotFound {
				w.Errorf("%s: %s", path, a.Status)
			}
		}
	})
}

// facts 6.2, "combined: failure if any error or failure; pending if none or any pending".
func TestStatusesAreCombined(t *testing.T) {
	inWorld(t, func(w world) {
		sha := w.r.Head("master").SHA
		for _, c := range []struct{ context, state, want string }{
			{"", "", "pending"}, {"heroku", "success", "success"}, {"lint", "pending", "pending"}, {"lint", "error", "failure"}, {"lint", "success", "success"}, {"x", "failure", "failure"},
		} {
			if c.state != "" {
				check(w.T, w.r.SetStatus(Status{SHA: sha, Context: c.context, State: c.state, By: "alice"}))
			}
			got, _, err := w.gh.Repositories.GetCombinedStatus(w.Context(), "penny", "university", "master", nil)
			check(w.T, err)
			if got.GetState() != c.want || got.GetSHA() != sha {
				w.Errorf("after %s %s: %s, want %s", c.context, c.state, got.GetState(), c.want)
			}
		}
		all, _, err := w.gh.Repositories.ListStatuses(w.Context(), "penny", "university", sha, nil)
		check(w.T, err)
		if len(all) != 5 || all[0].GetContext() != "x" || all[0].GetCreator().GetLogin() != "alice" {
			w.Errorf("%v", all)
		}
	})
}

func TestJobsAreCheckRunsAndRunsAreCheckSuites(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-2), FailJob: "test-backend"})
		runs, _, err := w.gh.Checks.ListCheckRunsForRef(w.Context(), "penny", "university", "master", nil)
		check(w.T, err)
		if runs.GetTotal() != 3 || runs.CheckRuns[1].GetID() != run.Jobs[1].ID || runs.CheckRuns[1].GetConclusion() != "failure" || runs.CheckRuns[1].GetApp().GetSlug() != "github-actions" {
			w.Errorf("%v", runs)
		}
		named, _, err := w.gh.Checks.ListCheckRunsForRef(w.Context(), "penny", "university", "master", &gh.ListCheckRunsOptions{CheckName: gh.String("deploy"), Status: gh.String("completed")})
		check(w.T, err)
		if named.GetTotal() != 1 {
			w.Errorf("%v", named)
		}
		suites, _, err := w.gh.Checks.ListCheckSuitesForRef(w.Context(), "penny", "university", run.SHA, nil)
		check(w.T, err)
		if suites.GetTotal() != 1 || suites.CheckSuites[0].GetConclusion() != "failure" || suites.CheckSuites[0].GetID() != w.r.runs()[0].suite {
			w.Errorf("%v", suites)
		}
	})
}
