package ledger_test

import (
	"fmt"
	"testing"

	"slipway/bot/ledger"
)

func TestWantsAreNamedToPeopleAndInReadings(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]ledger.Want{
		"GitHub: jobs (jobs 7/2)":                                                     ledger.WantJobs{RunID: 7, Attempt: 2},
		"GitHub: runs (runs 7/1)":                                                     ledger.WantAttempt{RunID: 7, Attempt: 1},
		"Heroku: the commit of v7 (the commit of v7)":                                 ledger.WantSlug{Version: 7, SlugID: "s"},
		"Heroku: the output of v8 (the output of v8)":                                 ledger.WantOutput{Version: 8, ReleaseID: "r"},
		"GitHub: the commit of v7 (the commit abc)":                                   ledger.WantCommit{Version: 7, SHA: "abc"},
		"GitHub: what lies between the commits (what lies between the commits a...b)": ledger.WantSpan{Base: "a", Head: "b"},
	} {
		what, of := w.Reading()
		if got := fmt.Sprintf("%s: %s (%s %s)", w.Sender(), w.Words(), what, of); got != want {
			t.Errorf("%#v is %q, want %q", w, got, want)
		}
	}
}
