package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/ledger"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestOfEachCheckAndStatusTheLatestCounts(t *testing.T) {
	t.Parallel()
	check := func(id int64, app, name, conclusion string) ledger.Fact {
		return ledger.Check{Repo: repo, Check: github.CheckRun{ID: id, SHA: "a", App: app, Name: name, Status: "completed", Conclusion: conclusion}}
	}
	status := func(context, state string, after int) ledger.Fact {
		return ledger.Status{Repo: repo, SHA: "a", Status: github.Status{Context: context, State: state, UpdatedAt: at(after)}}
	}
	k := known(
		check(2, "sonar", "gate", "success"), check(1, "sonar", "gate", "failure"), check(3, "sonar", "smell", "neutral"),
		check(4, "codecov", "gate", "failure"), check(5, "github-actions", "test", "success"),
		status("heroku", "pending", 1), status("heroku", "success", 1), status("ci", "failure", 0), status("ci", "success", 9), status("ci", "error", 5),
	)
	var got []string
	for _, c := range k.Checks("a") {
		got = append(got, c.App+" "+c.Name+" "+c.Conclusion)
	}
	for _, s := range k.Statuses("a") {
		got = append(got, s.Context+" "+s.State)
	}
	want := []string{"codecov gate failure", "sonar gate success", "sonar smell neutral", "ci success", "heroku success"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(k.Checks("b"))+len(k.Statuses("b")) > 0 {
		t.Error("another commit has them, too")
	}
}

func TestTheFormationIsWhatWasListedAndToldSince(t *testing.T) {
	t.Parallel()
	process := func(name string, quantity, after int, gone bool) ledger.Fact {
		return ledger.Process{App: app, Process: heroku.Process{Type: name, Quantity: quantity}, Gone: gone, At: at(after)}
	}
	k := known(
		process("web", 1, 0, false), process("web", 2, 20, false), process("clock", 1, 0, false), process("worker", 1, 30, false),
		process("old", 1, 0, false), process("old", 1, 20, true),
		ledger.Listed{App: app, What: ledger.Formation, Names: []string{"web", "old"}, Read: at(10)},
	)
	want := []heroku.Process{{Type: "web", Quantity: 2}, {Type: "worker", Quantity: 1}}
	if diff := cmp.Diff(want, k.Formation()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsOfAnotherRepositoryIsLeftOut(t *testing.T) {
	t.Parallel()
	k := known(
		ledger.Pull{Repo: github.Repo{Owner: "else", Name: "where"}, Pull: github.Pull{Number: 1}},
		ledger.Build{App: "penny-qa", Build: heroku.Build{ID: "b"}},
		ledger.Pull{Repo: github.Repo{Owner: "PENNY-university", Name: "Penny_University"}, Pull: github.Pull{Number: 2}},
	)
	if pulls := k.Pulls(); len(pulls) != 1 || pulls[0].Number != 2 || len(k.Builds()) > 0 {
		t.Errorf("known are %v and %v", pulls, k.Builds())
	}
}
