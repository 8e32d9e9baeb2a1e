package chattest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/commands"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/world"
)

// Forty jobs begin and end within a second. Each job tells of it by several webhooks.
func TestAHundredWebhooksOfOneChangeWithinASecondAreThreeCallsAtMost(t *testing.T) {
	t.Parallel()
	const jobs, queued = 40, 8 * time.Minute // by then all else that the merge began is over
	Scene(t, nil, commands.All(), func(w *world.World, p *Player) {
		wide := githubsim.Workflow{Path: ".github/workflows/wide.yml", Name: "Wide", On: []string{"push"}}
		for i := range jobs {
			wide.Jobs = append(wide.Jobs, githubsim.Job{
				Name: fmt.Sprintf("browser-%d", i+1), Queue: queued,
				Steps: []githubsim.Step{{Name: "Run", Takes: time.Duration(100+10*i) * time.Millisecond}},
			})
		}
		w.Repo.AddWorkflow(wide)
		w.Repo.Commit("master", githubsim.CommitSpec{Author: "alice", Message: "Test in all browsers", At: time.Now()})
		if err := p.Line("!merge 46"); err != nil {
			t.Fatal(err)
		}
		merged := time.Now()
		time.Sleep(queued - 30*time.Second)
		if got := standing(t, w, "#46"); !strings.Contains(got, "live in v123") {
			t.Errorf("before it the message says %s", got)
		}
		_, calls := w.Slack.Weather().Requests(0)
		_, sent := w.GitHub.Deliveries(0)
		time.Sleep(time.Minute)
		if err := p.Line("!wait"); err != nil {
			t.Fatal(err)
		}
		deliveries, _ := w.GitHub.Deliveries(sent)
		first, last := deliveries[0].At, deliveries[len(deliveries)-1].At
		if n := len(deliveries); n < 100 || last.Sub(first) > time.Second {
			t.Fatalf("%d webhooks within %v, %v after the merge", n, last.Sub(first), first.Sub(merged))
		}
		said := 0
		requests, _ := w.Slack.Weather().Requests(calls)
		for _, r := range requests {
			if strings.Contains(r.Path, "/chat.") {
				said++
			}
		}
		if said == 0 || said > 3 {
			t.Errorf("Slack was called %d times for %d webhooks", said, len(deliveries))
		}
		if got, want := standing(t, w, "#46"), fmt.Sprintf("%d jobs", jobs); !strings.Contains(got, want) || strings.Contains(got, "hourglass") {
			t.Errorf("in the end the message does not say %q: %s", want, got)
		}
	})
}

// standing is the message about something, as it stands now.
func standing(t *testing.T, w *world.World, about string) string {
	t.Helper()
	for _, m := range w.Slack.Messages(w.Home()) {
		if strings.Contains(m.Text, about) {
			return m.Text + " " + string(m.Blocks)
		}
	}
	t.Fatalf("no message is about %s", about)
	return ""
}
