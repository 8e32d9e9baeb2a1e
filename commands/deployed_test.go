package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// releases reads "v5 a live, v4 b failed": the version, the code, and what is special, newest first.
func releases(t *testing.T, text string) []heroku.Release {
	t.Helper()
	var list []heroku.Release
	for _, part := range strings.Split(text, ", ") {
		r := heroku.Release{Status: heroku.Succeeded}
		words := strings.Fields(part)
		if _, err := fmt.Sscanf(words[0], "v%d", &r.Version); err != nil {
			t.Fatal(err)
		}
		if words[1] != "-" {
			r.SlugID = words[1]
		}
		for _, w := range words[2:] {
			switch w {
			case "live":
				r.Current = true
			default:
				r.Status = w
			}
		}
		list = append(list, r)
	}
	return list
}

func TestTheCodeThatRunsAndTheCodeBeforeItAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, releases, want string }{
		{"one after the other", "v3 c live, v2 b, v1 a", "v3 of v3, before v2 of v2"},
		{"a config release", "v3 b live, v2 b, v1 a", "v3 of v2, before v1 of v1"},
		{"config releases before", "v4 c live, v3 b, v2 b, v1 a", "v4 of v4, before v3 of v2"},
		{"the newest failed", "v3 c failed, v2 b live, v1 a", "v2 of v2, before v1 of v1"},
		{"the newest is under way", "v3 c pending, v2 b live, v1 a", "v2 of v2, before v1 of v1"},
		{"one between failed", "v4 c live, v3 b failed, v2 a, v1 a", "v4 of v4, before v2 of v1"},
		{"a failed one of the same code", "v4 b live, v3 c failed, v2 b, v1 a", "v4 of v2, before v1 of v1"},
		{"gone back", "v4 a live, v3 b, v2 a, v1 a", "v4 of v4, before v3 of v3"},
		{"the first", "v1 a live", "v1 of v1"},
		{"no code yet", "v2 -, v1 -", ""},
		{"code after config alone", "v2 a live, v1 -", "v2 of v2"},
		{"an expired one counts: it ran", "v2 b live, v1 a expired", "v2 of v2, before v1 of v1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			live, before := findDeployed(releases(t, tt.releases))
			got := ""
			if live != nil {
				got = version(live.release) + " of " + version(live.code)
			}
			if before != nil {
				got += ", before " + version(before.release) + " of " + version(before.code)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheRunThatDeployedIsTakenOnlyWhenItIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 1, 5, 14, 0, s, 0, time.UTC) }
	run := func(id int64, from, to int) github.Run {
		return github.Run{ID: id, Event: "push", SHA: fmt.Sprintf("sha%d", id), Status: "completed", CreatedAt: at(from), UpdatedAt: at(to)}
	}
	step := func(name string, from, to int) github.Step {
		return github.Step{Name: name, StartedAt: at(from), CompletedAt: at(to), Conclusion: "success"}
	}
	job := func(steps ...github.Step) []github.Job { return []github.Job{{Name: "job", Steps: steps}} }
	skipped := step("Push to Heroku", 10, 20)
	skipped.Conclusion = "skipped"
	going := run(1, 0, 12)
	going.Status = "in_progress"
	tests := []struct {
		name string
		runs []github.Run
		jobs map[int64][]github.Job
		want string
	}{
		{"one", []github.Run{run(1, 0, 30)}, map[int64][]github.Job{1: job(step("Push to Heroku", 10, 20))}, "[sha1]"},
		{"that only tests", []github.Run{run(1, 0, 30)}, map[int64][]github.Job{1: job(step("Run Tests", 10, 20))}, "[]"},
		{"whose step was over", []github.Run{run(1, 0, 30)}, map[int64][]github.Job{1: job(step("Push to Heroku", 10, 13))}, "[]"},
		{"whose step ended in that second", []github.Run{run(1, 0, 30)}, map[int64][]github.Job{1: job(step("Push to Heroku", 10, 15))}, "[sha1]"},
		{"whose step was skipped", []github.Run{run(1, 0, 30)}, map[int64][]github.Job{1: job(skipped)}, "[]"},
		{"that is over", []github.Run{run(1, 0, 13)}, map[int64][]github.Job{1: job(step("Push to Heroku", 10, 20))}, "[]"},
		{"still going on", []github.Run{going}, map[int64][]github.Job{1: {{Steps: []github.Step{{Name: "Push", StartedAt: at(10)}}}}}, "[sha1]"},
		{
			"two, one of which only tests",
			[]github.Run{run(2, 5, 30), run(1, 0, 30)},
			map[int64][]github.Job{1: job(step("Push to Heroku", 10, 20)), 2: job(step("Run Tests", 10, 20))},
			"[sha1]",
		},
		{
			"two that deploy",
			[]github.Run{run(2, 5, 30), run(1, 0, 30)},
			map[int64][]github.Job{1: job(step("Push to Heroku", 10, 20)), 2: job(step("Push to Heroku", 12, 22))},
			"[sha2 sha1]",
		},
		{"none", nil, nil, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &status{github: githubPart{runs: tt.runs, jobs: tt.jobs}}
			shas := []string{}
			for _, run := range s.deployers(heroku.Release{Version: 7, CreatedAt: at(15).Add(300 * time.Millisecond)}) {
				shas = append(shas, run.SHA)
			}
			if got := fmt.Sprint(shas); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAMergeBringsItsCommitsAndADirectPushItself(t *testing.T) {
	t.Parallel()
	commit := func(sha, message string, parents ...string) github.Commit {
		return github.Commit{SHA: sha + strings.Repeat("0", 8), Message: message, Author: "al", Parents: full(parents)}
	}
	pull := func(n int, sha string) github.Pull {
		return github.Pull{Number: n, Title: fmt.Sprintf("PR %d", n), Author: "bo", Merged: true, MergeSHA: sha + strings.Repeat("0", 8), URL: fmt.Sprintf("https://g/pull/%d", n)}
	}
	at := func(s int, c github.Commit) github.Commit {
		c.At = time.Date(2026, 1, 5, 14, 0, s, 0, time.UTC)
		return c
	}
	tests := []struct {
		name    string
		commits []github.Commit // oldest first
		pulls   []github.Pull
		want    string
	}{
		{"a merge commit", []github.Commit{commit("f1", "work", "m0"), commit("m1", "Merge", "m0", "f1")}, []github.Pull{pull(1, "m1")}, "#1"},
		{"a squash", []github.Commit{commit("s1", "PR 1 (#1)", "m0")}, []github.Pull{pull(1, "s1")}, "#1"},
		{"a direct push after a merge", []github.Commit{commit("f1", "work", "m0"), commit("m1", "Merge", "m0", "f1"), commit("d1", "hotfix", "m1")}, []github.Pull{pull(1, "m1")}, "d1 #1"},
		{"a direct push before a merge", []github.Commit{commit("d1", "hotfix", "m0"), commit("f1", "work", "m0"), commit("m1", "Merge", "d1", "f1")}, []github.Pull{pull(1, "m1")}, "#1 d1"},
		{"a merge that no pull request tells of", []github.Commit{commit("f1", "work", "m0"), commit("m1", "Merge branch", "m0", "f1")}, nil, "m1"},
		{"two merges, one branch on the other", []github.Commit{commit("f1", "a", "m0"), commit("f2", "b", "f1"), commit("m1", "Merge", "m0", "f1"), commit("m2", "Merge", "m1", "f2")}, []github.Pull{pull(1, "m1"), pull(2, "m2")}, "#2 #1"},
		{"a rebase of three", []github.Commit{at(0, commit("r1", "a", "m0")), at(1, commit("r2", "b", "r1")), at(2, commit("r3", "c", "r2"))}, []github.Pull{pull(1, "r3")}, "#1"},
		{"a rebase on a direct push", []github.Commit{at(0, commit("d1", "a", "m0")), at(60, commit("r2", "b", "d1")), at(61, commit("r3", "c", "r2"))}, []github.Pull{pull(1, "r3")}, "#1 d1"},
		{"a rebase on a squash", []github.Commit{at(0, commit("s1", "a", "m0")), at(2, commit("r2", "b", "s1"))}, []github.Pull{pull(1, "s1"), pull(2, "r2")}, "#2 #1"},
		{"nothing", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &status{github: githubPart{pulls: tt.pulls}}
			var got []string
			for _, item := range s.changes(&github.Comparison{Commits: tt.commits}) {
				got = append(got, firstName(item))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

func full(shas []string) []string {
	for i := range shas {
		shas[i] += strings.Repeat("0", 8)
	}
	return shas
}

// firstName is what an item of a list begins with: "#1" of a pull request, the letters of a commit.
func firstName(item string) string {
	if _, rest, ok := strings.Cut(item, "|#"); ok {
		number, _, _ := strings.Cut(rest, ">")
		return "#" + number
	}
	return strings.Trim(item, "`")[:2]
}
