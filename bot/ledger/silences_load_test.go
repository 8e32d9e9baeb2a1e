package ledger_test

import (
	"slices"
	"testing"

	"slipway/bot/ledger"
)

func TestTheJobsOfALongRunOfAPullRequestAreAskedForAfterEachReading(t *testing.T) {
	t.Parallel()
	seen := func(seconds int) []ledger.Fact {
		facts := ofPull(going("in_progress"))
		f := facts[0].(ledger.Run)
		f.Read = at(seconds)
		return []ledger.Fact{pulled("open"), f}
	}
	read := ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Jobs, Of: "2/1", At: at(1000)}
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  bool
	}{
		"a short run":               {seen(899), false},
		"a long run":                {seen(900), true},
		"one whose jobs were read":  {append(seen(1000), read), false},
		"one that was read again":   {append(seen(1001), read), true},
		"one of a closed pull":      {append(seen(900)[1:], pulled("closed")), false},
		"one that webhooks tell of": {append(ofPull(going("in_progress")), pulled("open")), false},
	} {
		if got := slices.Contains(known(tc.facts...).MissingChecks(), ledger.Want(ledger.WantJobs{RunID: 2, Attempt: 1})); got != tc.want {
			t.Errorf("%s: they are missing is %v", name, got)
		}
	}
}
