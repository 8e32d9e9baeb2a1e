package githubsim

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// everything reads all that can be read of a world in which several runs ran beside each other.
func everything(w world) []string {
	rec := w.receive(everyEvent...)
	first(w.r.Push("migrations", CommitSpec{Author: "bob", Message: "More"}))
	first(w.r.Push("readme/fix", CommitSpec{Author: "alice", Message: "More", Files: []File{{Path: "y", Text: "1"}}}))
	check(w.T, w.r.Script("pull/46", Outcome{Kind: "fail", Job: "test-frontend"}))
	first(w.r.Merge(45, "rebase", "alice"))
	time.Sleep(20 * time.Second)
	for _, run := range w.r.Runs() {
		w.do("POST", below(fmt.Sprintf("/actions/runs/%d/cancel", run.ID)), "") // all of them at one instant
	}
	w.settle()
	for _, run := range w.r.Runs() {
		w.do("POST", below(fmt.Sprintf("/actions/runs/%d/rerun", run.ID)), "")
	}
	w.settle()
	paths := []string{
		"", "/commits", "/branches/master", "/pulls?state=all", "/pulls/45", "/pulls/46", "/pulls/45/files", "/pulls/45/commits", "/compare/master...readme/fix",
		"/actions/runs", "/actions/workflows", "/commits/master/check-runs", "/commits/master/check-suites", "/contents",
	}
	for _, run := range w.r.Runs() {
		paths = append(paths, fmt.Sprintf("/actions/runs/%d/jobs", run.ID))
	}
	answers := make([]string, len(paths))
	var asked sync.WaitGroup
	for i, path := range paths {
		asked.Go(func() {
			a := w.get(below(path))
			answers[i] = fmt.Sprintf("%s %s %s %s %s", path, a.Status, a.Header.Get("ETag"), a.Header.Get("X-GitHub-Request-Id"), a.body)
		})
	}
	asked.Wait()
	for _, d := range rec.take() {
		answers = append(answers, d.guid()+" "+d.name()+" "+d.header.Get("X-Hub-Signature-256"))
	}
	return answers
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	var reference []string
	for i := range 5 {
		// The worlds play one after the other: a subtest of a subtest ends before Run returns.
		t.Run("", func(t *testing.T) {
			t.Run("", func(t *testing.T) {
				inWorld(t, func(w world) {
					got := everything(w)
					if i == 0 {
						reference = got
					}
					if d := cmp.Diff(reference, got); d != "" {
						w.Error(d)
					}
				})
			})
		})
	}
}
