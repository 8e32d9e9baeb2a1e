package githubsim

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
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

// facts 6.2, "`GET .../jobs/{id}/logs` | 302 to **another host or port**, 1 min; 404 unsealed; 410 expired; that host
// **refuses an `Authorization` header**"; facts 5 for the text.
func TestAJobsLogIsOnAnotherHostForAMinute(t *testing.T) {
	inWorld(t, func(w world) {
		check(w.T, w.r.Script("branch/master", Outcome{Kind: "fail", Job: "test-backend", Step: "Test with pytest"}))
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "Hotfix"}))
		time.Sleep(time.Minute)
		job := w.r.Runs()[0].Jobs[1]
		path := below(fmt.Sprintf("/actions/jobs/%d/logs", job.ID))
		if a := w.get(path); a.StatusCode != http.StatusNotFound {
			w.Errorf("while it runs: %s", a.Status)
		}
		w.settle()
		time.Sleep(sealing)
		url, _, err := w.gh.Actions.GetWorkflowJobLogs(w.Context(), "penny", "university", job.ID, 0)
		check(w.T, err)
		if url.Host != blobAddress {
			w.Errorf("the log is at %s", url.Host)
		}
		status, text := w.fetch(url.String())
		if status != http.StatusOK || !strings.HasPrefix(text, "\ufeff2000-01-01T00:00:05.0000000Z ") {
			w.Fatalf("%d %q", status, text)
		}
		for _, want := range []string{"##[group]Run script/test-with-pytest", "##[endgroup]", "##[error]Process completed with exit code 1.\r\n"} {
			if !strings.Contains(text, want) {
				w.Errorf("no %q in %s", want, text)
			}
		}
		if status, part := w.fetch(url.String(), "Range", "bytes=-4"); status != http.StatusPartialContent || part != text[len(text)-4:] {
			w.Errorf("its end: %d %q", status, part)
		}
		if status, _ := w.fetch(url.String(), "Authorization", "Bearer "+token); status != http.StatusBadRequest {
			w.Errorf("with our token: %d", status)
		}
		if status, _ := w.fetch(strings.Replace(url.String(), "sig=", "sig=0", 1)); status != http.StatusForbidden {
			w.Errorf("with another signature: %d", status)
		}
		time.Sleep(61 * time.Second)
		if status, _ := w.fetch(url.String()); status != http.StatusForbidden {
			w.Errorf("after a minute: %d", status)
		}
		time.Sleep(91 * day)
		if a := w.get(path); a.StatusCode != http.StatusGone {
			w.Errorf("after 91 days: %s", a.Status)
		}
	})
}

// A step's lines stand in its group, and a run's logs are a zip with a file a job.
func TestARunsLogsAreAZip(t *testing.T) {
	inWorld(t, func(w world) {
		run := w.r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(-2)})
		a := w.get(below(fmt.Sprintf("/actions/runs/%d/logs", run.ID)))
		status, text := w.fetch(a.Header.Get("Location"))
		if status != http.StatusOK {
			w.Fatalf("%s, then %d", a.Status, status)
		}
		z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
		check(w.T, err)
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if want := []string{"0_test-frontend.txt", "1_test-backend (3.8).txt", "2_deploy.txt"}; !slices.Equal(names, want) {
			w.Errorf("%q", names)
		}
	})
}

// facts 6.2, "`GET .../tarball/{ref}` | 302 to a gzip tar with one top folder `owner-repo-<sha>`".
func TestATarballHasOneTopFolder(t *testing.T) {
	inWorld(t, func(w world) {
		url, _, err := w.gh.Repositories.GetArchiveLink(w.Context(), "penny", "university", gh.Tarball, &gh.RepositoryContentGetOptions{Ref: "migrations"}, 0)
		check(w.T, err)
		status, text := w.fetch(url.String())
		if status != http.StatusOK || url.Host != blobAddress {
			w.Fatalf("%d from %s", status, url.Host)
		}
		z, err := gzip.NewReader(strings.NewReader(text))
		check(w.T, err)
		files := map[string]string{}
		for t := tar.NewReader(z); ; {
			h, err := t.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			check(w.T, err)
			if h.Typeflag != tar.TypeReg {
				continue
			}
			var b bytes.Buffer
			_, err = io.Copy(&b, t)
			check(w.T, err)
			files[h.Name] = b.String()
		}
		top := "penny-university-" + w.r.Head("migrations").SHA[:7] + "/"
		if files[top+"app/models.py"] != "a = 2\n" || len(files) != len(w.r.git.commits[w.r.Head("migrations").SHA].files) {
			w.Errorf("%q", sortedKeys(files))
		}
		if status, _ := w.fetch(url.String(), "Authorization", "token "+token); status != http.StatusBadRequest {
			w.Errorf("with our token: %d", status)
		}
	})
}

// facts 6.2, "`GET .../git/trees/{sha}?recursive=1` | tree[] {path mode type sha size}, truncated".
func TestATreeIsRecursiveAndMayBeTruncated(t *testing.T) {
	inWorld(t, func(w world) {
		tree, _, err := w.gh.Git.GetTree(w.Context(), "penny", "university", "migrations", true)
		check(w.T, err)
		var paths []string
		for _, e := range tree.Entries {
			paths = append(paths, e.GetMode()+" "+e.GetType()+" "+e.GetPath())
		}
		want := []string{
			"040000 tree .github", "040000 tree .github/workflows", "100644 blob .github/workflows/ci.yml", "100644 blob README.md",
			"040000 tree app", "040000 tree app/migrations", "100644 blob app/migrations/0002.py", "100644 blob app/models.py", "100644 blob app/views.py",
		}
		if !slices.Equal(paths, want) || tree.GetTruncated() || tree.GetSHA() != w.r.git.commits[w.r.Head("migrations").SHA].tree {
			w.Errorf("%q truncated=%t", paths, tree.GetTruncated())
		}
		flat, _, err := w.gh.Git.GetTree(w.Context(), "penny", "university", tree.GetSHA(), false)
		check(w.T, err)
		if len(flat.Entries) != 3 {
			w.Errorf("not recursive: %d", len(flat.Entries))
		}
		w.s.LimitTrees(4)
		cut, _, err := w.gh.Git.GetTree(w.Context(), "penny", "university", "migrations", true)
		check(w.T, err)
		if len(cut.Entries) != 4 || !cut.GetTruncated() {
			w.Errorf("%d truncated=%t", len(cut.Entries), cut.GetTruncated())
		}
	})
}
