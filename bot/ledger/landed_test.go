package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"slipway/bot/ledger"
)

// landings are #45 and #46 as they landed: each with how many commits came with it, and whether runs are of its own commit.
func landings(k *ledger.Known) string {
	var list []string
	for _, l := range k.Landed() {
		if l.Pull != nil && l.Pull.Number < 45 || l.At.Before(begin) {
			continue
		}
		text := "direct"
		if l.Pull != nil {
			text = fmt.Sprintf("#%d", l.Pull.Number)
		}
		if l.Head != l.SHA {
			text += " with others"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// These stories are told by the simulators. What landed is the same when nothing but readings told of it.
func TestEveryFormOfAMergeLandsOnceHoweverItIsTold(t *testing.T) {
	t.Parallel()
	want := map[string]string{"merge": "#45", "squash": "#45", "rebase": "#45", "queue": "#45 with others, #46"}
	for _, form := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			r := change(t, form)
			for how, k := range map[string]*ledger.Known{
				"told": knownOf(r.told, ledger.Branch{Repo: repo, Name: "master", Read: begin}), "read": knownOf(nil, r.read...), "told and read": knownOf(r.told, r.read...),
			} {
				if got := landings(k); got != want[form] {
					t.Errorf("%s: %q landed, want %q", how, got, want[form])
				}
				for _, l := range k.Landed() {
					fate := k.Fates().Of(l)
					if l.Pull != nil && l.Pull.Number >= 45 && how != "told" && (fate.Kind != ledger.Running || fate.Release.Version != 123) {
						t.Errorf("%s: of #%d became %v with %s", how, l.Pull.Number, fate.Kind, fate.Release)
					}
				}
			}
		})
	}
}

func TestWhatACommitContainsIsKnownOrSaidNotToBe(t *testing.T) {
	t.Parallel()
	forced := pushed(5, sha("2"), sha("9"))
	push := forced[0].(ledger.Push)
	push.Push.Forced = true
	forced[0] = push
	k := known(slices.Concat(pushed(1, sha("1"), sha("2")), pushed(2, sha("2"), sha("3")), forced)...)
	line := k.Lineage()
	for _, tc := range []struct {
		commit, sha string
		yes, known  bool
	}{
		{"3", "3", true, true},
		{"3", "1", true, true},
		{"1", "3", false, true},
		{"9", "2", false, false}, // a forced push may have taken it away
		{"2", "9", false, false},
		{"3", "7", false, false},
	} {
		if yes, known := line.Contains(sha(tc.commit), sha(tc.sha)); yes != tc.yes || known != tc.known {
			t.Errorf("%s contains %s: %v, known %v", tc.commit, tc.sha, yes, known)
		}
	}
	if yes, known := line.Contains("", sha("1")); yes || known {
		t.Error("an unknown commit contains something, or surely not")
	}
}
