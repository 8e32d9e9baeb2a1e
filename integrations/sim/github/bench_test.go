package githubsim

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// What one read costs in a repository of 300 commits and 40 pull requests: the simulator must not be what a
// benchmark of its client measures.
func BenchmarkReads(b *testing.B) {
	s := New(Options{})
	defer s.Close()
	r := build(s)
	for i := range 40 {
		name := fmt.Sprintf("branch-%d", i)
		r.Branch("master", name)
		for j := range 6 {
			r.Commit(name, CommitSpec{Author: "bob", Message: name, At: hour(i), Files: []File{{Path: fmt.Sprintf("f/%d/%d", i, j), Text: name}}})
		}
		r.OpenPull(PullSpec{Title: name, Author: "bob", Head: name, At: hour(i)})
		r.PastRun(PastRun{Workflow: ".github/workflows/ci.yml", Event: "push", At: hour(i)})
		if i < 30 {
			r.PastMerge(47+i, "merge", "alice", hour(i))
		}
	}
	base := r.Head("branch-20").SHA
	for _, path := range []string{"", "/branches/master", "/compare/" + base + "...master", "/commits/master/pulls", "/pulls", "/actions/runs?branch=master", "/commits?per_page=100"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				req := httptest.NewRequest(http.MethodGet, below(path), http.NoBody)
				req.Header.Set("Authorization", "Bearer "+token)
				s.SetQuota(5000, hour(24*365*100))
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, req)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
