package ledger_test

import (
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

// pushed are the facts of a push to master. GitHub tells its time in whole seconds.
func pushed(after time.Duration, from, to string) []ledger.Fact {
	return ledger.FromGitHub(github.Event{Repo: repo.String(), Sender: "ada", Payload: &github.PushEvent{
		Ref: "refs/heads/master", Before: from, After: to, Deleted: strings.Trim(to, "0") == "", PushedAt: begin.Add(after).Truncate(time.Second),
	}})
}

func readHead(after time.Duration, sha string) []ledger.Fact {
	at := begin.Add(after)
	return []ledger.Fact{ledger.Head{Repo: repo, Branch: "master", SHA: sha, URL: "https://github.com/o/r/commit/" + sha, At: at, Read: at}}
}

func TestTheHeadIsWhereTheBranchWentLast(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for name, tc := range map[string]struct {
		told [][]ledger.Fact
		want string
	}{
		"pushed":                      {[][]ledger.Fact{pushed(0, "a", "b")}, "b"},
		"pushed twice":                {[][]ledger.Fact{pushed(0, "a", "b"), pushed(time.Minute, "b", "c")}, "c"},
		"four times in one second":    {[][]ledger.Fact{pushed(0, "c", "d"), pushed(0, "a", "z"), pushed(0, "d", "b"), pushed(0, "z", "c")}, "b"},
		"forced back":                 {[][]ledger.Fact{pushed(0, "a", "b"), pushed(2*time.Second, "b", "a")}, "a"},
		"deleted":                     {[][]ledger.Fact{pushed(0, "a", "b"), pushed(time.Minute, "b", strings.Repeat("0", 40))}, ""},
		"read":                        {[][]ledger.Fact{readHead(0, "a")}, "a"},
		"read later":                  {[][]ledger.Fact{pushed(0, "a", "b"), readHead(time.Minute, "c")}, "c"},
		"read just before a push":     {[][]ledger.Fact{readHead(200*ms, "a"), pushed(700*ms, "a", "b")}, "b"},
		"read just after a push":      {[][]ledger.Fact{pushed(200*ms, "a", "b"), readHead(700*ms, "b")}, "b"},
		"read by a clock that is off": {[][]ledger.Fact{pushed(0, "a", "b"), readHead(3*time.Second, "a")}, "b"},
		"went back unheard":           {[][]ledger.Fact{pushed(0, "a", "b"), readHead(time.Minute, "a")}, "a"},
		"a tag":                       {[][]ledger.Fact{readHead(0, "a"), ledger.FromGitHub(github.Event{Repo: repo.String(), Payload: &github.PushEvent{Ref: "refs/tags/v1", After: "t", PushedAt: at(60)}})}, "a"},
		"another branch":              {[][]ledger.Fact{readHead(0, "a"), ledger.FromGitHub(github.Event{Repo: repo.String(), Payload: &github.PushEvent{Ref: "refs/heads/x", After: "x", PushedAt: at(60)}})}, "a"},
		"in capitals": {[][]ledger.Fact{readHead(0, "a"), ledger.FromGitHub(github.Event{
			Repo: strings.ToUpper(repo.String()), Payload: &github.PushEvent{Ref: "refs/heads/master", Before: "a", After: "b", PushedAt: at(60)},
		})}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			there, back := known(), known()
			for i := range tc.told {
				there.Add(tc.told[i]...)
				back.Add(tc.told[len(tc.told)-1-i]...)
			}
			for _, k := range []*ledger.Known{there, back} {
				if head, ok := k.Head(); head.SHA != tc.want || ok != (tc.want != "") {
					t.Errorf("the head is %q, want %q", head.SHA, tc.want)
				}
			}
		})
	}
}

func TestACommitIsLinkedAsSoonAsAnythingIs(t *testing.T) {
	t.Parallel()
	const root = "https://ghe.example.com/penny/university"
	for name, f := range map[string]ledger.Fact{
		"head": ledger.Head{Repo: repo, Branch: "master", SHA: "a", URL: root + "/commit/a", At: begin, Read: begin},
		"pull": ledger.Pull{Repo: repo, Pull: github.Pull{Number: 4, URL: root + "/pull/4"}},
		"run":  ledger.Run{Repo: repo, Run: github.Run{ID: 4, Attempt: 1, URL: root + "/actions/runs/4"}},
	} {
		if got, want := known(f).CommitURL("b"), root+"/commit/b"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := known().CommitURL("b"); got != "" {
		t.Errorf("out of nothing %q", got)
	}
}
