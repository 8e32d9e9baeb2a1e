package notices

import (
	"testing"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/ledger"
	"slipway/integrations/heroku"
)

// pressable are the buttons of a notice as it is sent, each with the line that it types.
func pressable(t *testing.T, n notice) (list []string) {
	t.Helper()
	sent := n.page.called(func(login, _ string) string { return login })
	for i, block := range sent.message().Blocks {
		row, ok := block.(*slackgo.ActionBlock)
		if !ok {
			continue
		}
		if i != len(sent.message().Blocks)-1 {
			t.Error("something stands below the buttons")
		}
		for _, e := range row.Elements.ElementSet {
			b := e.(*slackgo.ButtonBlockElement)
			list = append(list, b.Text.Text+": "+b.Value)
		}
	}
	return list
}

func TestWhatRunsCanBeTakenBackFromItsMessage(t *testing.T) {
	t.Parallel()
	tests := passed("test-frontend")
	live := released(123, "c", heroku.Succeeded, 120)
	const button = "Roll back…: /rollback before v123 of penny-university"
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		reads bool
		want  string // "": there is no button
	}{
		"it was just merged":     {nil, false, ""},
		"its release phase runs": {[][]ledger.Fact{ci("in_progress", "", running("deploy")), released(123, "c", heroku.Pending, 92)}, false, ""},
		"its release failed":     {[][]ledger.Fact{ci("completed", "failure", failed("deploy", "Push")), released(123, "c", heroku.Failed, 120)}, false, ""},
		"its tests are red":      {[][]ledger.Fact{ci("completed", "failure", failed("test", "Pytest"))}, false, ""},
		"it is live":             {[][]ledger.Fact{ci("completed", "success", tests), live}, false, button},
		"it is live, and red":    {[][]ledger.Fact{ci("completed", "failure", failed("test", "Pytest")), live}, false, button},
		"a config var was set":   {[][]ledger.Fact{ci("completed", "success", tests), live, releasedAs(124, "c", "Set A config vars", heroku.Succeeded, 300)}, false, button},
		"it was taken back":      {[][]ledger.Fact{ci("completed", "success", tests), live, releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 300)}, false, ""},
		"and came back": {
			[][]ledger.Fact{ci("completed", "success", tests), live, releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 300), releasedAs(125, "c", "Rollback to v123", heroku.Succeeded, 400)},
			false, "Roll back…: /rollback before v125 of penny-university",
		},
		"a newer one runs with it": {
			[][]ledger.Fact{ci("completed", "success", tests), live, pushed("d", "c", "bob", "Fix the footer", 200), released(124, "d", heroku.Succeeded, 300)},
			false, button,
		},
		"slipway only reads": {[][]ledger.Fact{ci("completed", "success", tests), live}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(500, together(append([][]ledger.Fact{tidied()}, tc.facts...)...)...)
			s.writes = !tc.reads
			got := ""
			for _, b := range pressable(t, first(t, s)) {
				got += b
			}
			if got != tc.want {
				t.Errorf("the button is %q, want %q", got, tc.want)
			}
		})
	}
}
