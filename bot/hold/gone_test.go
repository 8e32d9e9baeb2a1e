package hold

import (
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// push lands commits, oldest first, on another; forced: in its place.
func push(before string, forced bool, commits ...github.PushedCommit) ledger.Fact {
	now := time.Now()
	return ledger.Push{Repo: penny, At: now, Push: github.PushEvent{
		Ref: "refs/heads/master", Before: sha(before), After: commits[len(commits)-1].SHA, Forced: forced, PushedAt: now, Commits: commits,
	}}
}

func commit(digit, message string) github.PushedCommit {
	return github.PushedCommit{SHA: sha(digit), Message: message}
}

// landed is a pull request without the push that brought it.
func landed(number int, title, from, digit string) ledger.Fact {
	return ledger.Pull{Repo: penny, Pull: github.Pull{
		Number: number, Title: title, State: "closed", BaseRef: "master", HeadRef: from, Merged: true, MergedAt: time.Now(), MergeSHA: sha(digit),
	}}
}

func TestWhatWasTakenBackIsGoneByItsContentNotByItsAncestry(t *testing.T) {
	t.Parallel()
	bad := []ledger.Fact{
		landed(46, "Tidy", "alice/form", "c"),
		push("b", false, commit("1", "Form"), commit("2", "Form again"), commit("c", "Merge pull request #46 from alice/form")),
	}
	rebased := ledger.Span{Repo: penny, Base: sha("e"), Head: sha("c"), At: time.Now(), Comparison: github.Comparison{
		Status: "diverged", Ahead: 1, Behind: 1, Commits: []github.Commit{{SHA: sha("c")}},
	}}
	for _, tc := range []struct {
		name  string
		away  []string
		facts []ledger.Fact
		at    string
		want  verdict
	}{
		{"itself", []string{"c"}, nil, "c", there},
		{"before it", []string{"c"}, nil, "b", gone},
		{"a merge on top", []string{"c"}, []ledger.Fact{push("c", false, commit("d", "Innocent"))}, "d", there},
		{"not known", []string{"c"}, nil, "9", unclear},
		{"git's revert", []string{"c"}, []ledger.Fact{push("c", false, commit("d", "Revert \"Tidy\"\n\nThis reverts commit "+sha("c")+"."))}, "d", gone},
		{"git's revert of a merge, all it brought", []string{"c", "2", "1"}, []ledger.Fact{
			push("c", false, commit("d", "Revert\n\nThis reverts commit "+sha("c")+", reversing\nchanges made to "+sha("b")+".")),
		}, "d", gone},
		{"a revert of one commit of two", []string{"2", "1"}, []ledger.Fact{push("c", false, commit("d", "This reverts commit "+sha("2")))}, "d", there},
		{"a revert by another name", []string{"c"}, []ledger.Fact{push("c", false, commit("d", "This reverts commit "+sha("b")))}, "d", there},
		{"a revert that landed later", []string{"c"}, []ledger.Fact{
			push("c", false, commit("d", "Innocent")), push("d", false, commit("e", "This reverts commit "+sha("c"))),
		}, "d", there},
		{"GitHub's revert", []string{"c", "2", "1"}, []ledger.Fact{
			landed(48, `Revert "Tidy"`, "revert-46-alice/form", "d"), push("c", false, commit("3", `Revert "Tidy"`), commit("d", "Merge pull request #48")),
		}, "d", gone},
		{"a branch that only sounds like it", []string{"c"}, []ledger.Fact{
			landed(48, "Tidy more", "revert-46-alice/form", "d"), push("c", false, commit("d", "Merge pull request #48")),
		}, "d", there},
		{"a squashed revert", []string{"c"}, []ledger.Fact{push("c", false, commit("d", "Revert \"Tidy\" (#48)\n\nReverts penny-university/penny_university#46"))}, "d", gone},
		{"a revert of another pull request", []string{"c"}, []ledger.Fact{push("c", false, commit("d", "Reverts penny-university/penny_university#45"))}, "d", there},
		{"the revert reverted", []string{"c"}, []ledger.Fact{
			push("c", false, commit("d", "This reverts commit "+sha("c"))), push("d", false, commit("e", "This reverts commit "+sha("d"))),
		}, "e", there},
		{"and that reverted", []string{"c"}, []ledger.Fact{
			push("c", false, commit("d", "This reverts commit "+sha("c"))), push("d", false, commit("e", "This reverts commit "+sha("d"))),
			push("e", false, commit("f", "This reverts commit "+sha("e"))),
		}, "f", gone},
		{"the branch forced elsewhere", []string{"c"}, []ledger.Fact{push("c", true, commit("e", "Other")), rebased}, "e", gone},
		{"the branch forced, and not compared yet", []string{"c"}, []ledger.Fact{push("c", true, commit("e", "Other"))}, "e", unclear},
	} {
		k := ledger.New(appName, penny)
		k.Add(ledger.Branch{Repo: penny, Name: "master"})
		k.Add(append(append([]ledger.Fact{}, bad...), tc.facts...)...)
		h := Hold{Head: sha("c")}
		for _, digit := range tc.away {
			h.Away = append(h.Away, sha(digit))
		}
		if got := historyOf(k).in(h, sha(tc.at)); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, words(got), words(tc.want))
		}
	}
}

func words(v verdict) string { return [...]string{"unclear", "there", "gone"}[v] }
