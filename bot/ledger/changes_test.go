package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

func TestAMergeBringsItsCommitsAndADirectPushItself(t *testing.T) {
	t.Parallel()
	commit := func(seconds int, sha string, parents ...string) github.Commit {
		return github.Commit{SHA: sha, Message: sha, Parents: parents, At: at(seconds)}
	}
	pull := func(n int, sha string) ledger.Fact {
		return ledger.Pull{Repo: repo, Pull: github.Pull{Number: n, State: "closed", Merged: true, MergeSHA: sha}}
	}
	tests := []struct {
		name    string
		commits []github.Commit // oldest first
		pulls   []ledger.Fact
		want    string
	}{
		{"a merge commit", []github.Commit{commit(0, "f1", "m0"), commit(60, "m1", "m0", "f1")}, []ledger.Fact{pull(1, "m1")}, "#1(f1 m1)"},
		{"a squash", []github.Commit{commit(0, "s1", "m0")}, []ledger.Fact{pull(1, "s1")}, "#1(s1)"},
		{"a direct push after a merge", []github.Commit{commit(0, "f1", "m0"), commit(60, "m1", "m0", "f1"), commit(61, "d1", "m1")}, []ledger.Fact{pull(1, "m1")}, "d1 #1(f1 m1)"},
		{"a direct push before a merge", []github.Commit{commit(0, "d1", "m0"), commit(0, "f1", "m0"), commit(60, "m1", "d1", "f1")}, []ledger.Fact{pull(1, "m1")}, "#1(f1 m1) d1"},
		{"a merge that no pull request tells of", []github.Commit{commit(0, "f1", "m0"), commit(60, "m1", "m0", "f1")}, nil, "m1(f1 m1)"},
		{"two merges, one branch on the other", []github.Commit{commit(0, "f1", "m0"), commit(0, "f2", "f1"), commit(60, "m1", "m0", "f1"), commit(61, "m2", "m1", "f2")}, []ledger.Fact{pull(1, "m1"), pull(2, "m2")}, "#2(f2 m2) #1(f1 m1)"},
		{"a rebase of three", []github.Commit{commit(0, "r1", "m0"), commit(1, "r2", "r1"), commit(2, "r3", "r2")}, []ledger.Fact{pull(1, "r3")}, "#1(r1 r2 r3)"},
		{"a rebase on a direct push", []github.Commit{commit(0, "d1", "m0"), commit(60, "r2", "d1"), commit(61, "r3", "r2")}, []ledger.Fact{pull(1, "r3")}, "#1(r2 r3) d1"},
		{"a squash on another", []github.Commit{commit(0, "s1", "m0"), commit(1, "s2", "s1")}, []ledger.Fact{pull(1, "s1"), pull(2, "s2")}, "#2(s2) #1(s1)"},
		{"two from the queue in one push", []github.Commit{commit(0, "f1", "m0"), commit(0, "f2", "m0"), commit(60, "m1", "m0", "f1"), commit(60, "m2", "m1", "f2")}, []ledger.Fact{pull(1, "m1"), pull(2, "m2")}, "#2(f2 m2) #1(f1 m1)"},
		{"nothing", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, c := range known(tt.pulls...).Changes(github.Comparison{Commits: tt.commits}) {
				got = append(got, changeWords(c))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

func changeWords(c ledger.Change) string {
	name := c.Commit.SHA
	if c.Pull != nil {
		name = fmt.Sprintf("#%d", c.Pull.Number)
	}
	if c.Pull == nil && len(c.Commits) == 1 {
		return name
	}
	var shas []string
	for _, commit := range c.Commits {
		shas = append(shas, commit.SHA)
	}
	return name + "(" + strings.Join(shas, " ") + ")"
}

// These stories are told by the simulators, from the checks of a pull request to the release.
func TestEveryFormOfAMergeIsToldAsAChangeWithItsTimeline(t *testing.T) {
	t.Parallel()
	pulls := map[string]string{"merge": "#45", "squash": "#45", "rebase": "#45", "queue": "#46 #45"}
	for _, form := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			r := change(t, form)
			k := knownOf(r.told, r.read...)
			brought, ok := k.Brought()
			if !ok {
				t.Fatalf("what was brought is not known; missing: %v", k.Missing())
			}
			var names []string
			for _, c := range k.Changes(brought) {
				name, _, _ := strings.Cut(changeWords(c), "(")
				names = append(names, name)
			}
			if got := strings.Join(names, " "); got != pulls[form] {
				t.Errorf("brought %q, want %q", got, pulls[form])
			}
			if waiting, ok := k.Waiting(); !ok || waiting.Status != "identical" {
				t.Errorf("waiting: %+v, %v", waiting, ok)
			}
			head, _ := k.Head()
			var moments []string
			for _, m := range k.Timeline(head.SHA) {
				text := string(m.What)
				if m.Run != nil {
					text += fmt.Sprintf(" %d %s", m.Run.Attempt, m.Run.Conclusion)
				}
				if m.Release != nil {
					text += " " + m.Release.String()
				}
				moments = append(moments, text)
			}
			want := "merged, pushed, run began 1 failure, run ended 1 failure, run began 2 success, released v123, run ended 2 success"
			if got := strings.Join(moments, ", "); got != want {
				t.Errorf("the timeline is\n%s, want\n%s", got, want)
			}
		})
	}
}
