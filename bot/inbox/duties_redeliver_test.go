package inbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	githubsim "slipway/integrations/sim/github"
)

// tries counts how often each delivery of GitHub was tried, and how often it arrived.
func (l *lookout) tries() (tried, arrived map[string]int) {
	tried, arrived = map[string]int{}, map[string]int{}
	list, _ := l.World.GitHub.Deliveries(0)
	for _, d := range list {
		tried[d.GUID]++
		if d.Status == 202 {
			arrived[d.GUID]++
		}
	}
	return tried, arrived
}

// asked counts the requests to bring a delivery again.
func asked(requests []string) int {
	n := 0
	for _, r := range requests {
		if strings.Contains(r, "POST ") && strings.HasSuffix(r, "/attempts") {
			n++
		}
	}
	return n
}

func TestDeliveriesThatFailedAreAskedForOnceAndFolded(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(6 * time.Minute)
		l.stop()
		l.do("merge 46")
		time.Sleep(10 * time.Minute)
		l.start()
		time.Sleep(30 * time.Second)
		tried, arrived := l.tries()
		for guid, n := range tried {
			if arrived[guid] != 1 || n > 2 {
				t.Errorf("%s was tried %d times and arrived %d times", guid, n, arrived[guid])
			}
		}
		l.current()
		k := l.known()
		for _, p := range k.Pulls() { // only webhooks tell
			if p.Number == 46 && p.MergedBy != "alice" {
				t.Errorf("#46 was merged by %q", p.MergedBy)
			}
		}
		requests := l.counting()
		time.Sleep(20 * time.Minute)
		if github, _ := requests(); asked(github) > 0 {
			t.Errorf("asked for %d more", asked(github))
		}
	})
}

// The list of what failed has pages, and one catch-up asks for a hundred; the next go on where it ended.
func TestALongListOfFailuresIsWorkedOff(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(6 * time.Minute)
		l.stop()
		sha := l.Repo.Head("master").SHA
		for i := range 250 {
			if err := l.Repo.SetStatus(githubsim.Status{SHA: sha, Context: fmt.Sprint("check ", i), State: "success"}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		l.start()
		time.Sleep(20 * time.Second)
		if s := l.standing(ledger.GitHub); s.Asked < 100 || s.Asked > 110 {
			t.Errorf("asked for %d at first", s.Asked)
		}
		time.Sleep(11 * time.Minute)
		tried, arrived := l.tries()
		for guid, n := range tried {
			if arrived[guid] != 1 || n > 2 {
				t.Errorf("%s was tried %d times and arrived %d times", guid, n, arrived[guid])
			}
		}
		if got := len(l.known().Statuses(sha)); got != 250 {
			t.Errorf("%d statuses are known", got)
		}
	})
}

// GitHub keeps deliveries for three days. What is older is read.
func TestWhatIsTooOldToComeAgainIsRead(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(6 * time.Minute)
		l.stop()
		l.do("merge 46")
		time.Sleep(4 * 24 * time.Hour)
		requests := l.counting()
		l.start()
		time.Sleep(30 * time.Second)
		if github, _ := requests(); asked(github) > 0 {
			t.Errorf("asked for %d", asked(github))
		}
		l.current()
	})
}

// A delivery that GitHub refuses to bring again is given up.
func TestARefusedRedeliveryIsGivenUp(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(6 * time.Minute)
		l.stop()
		l.do("direct hotfix")
		time.Sleep(10 * time.Minute)
		hooks, err := l.github.Hooks(l.t.Context(), l.app().Repo)
		if err != nil || len(hooks) != 1 {
			t.Fatal(hooks, err)
		}
		l.silence(hooks[0].ID) // GitHub refuses to redeliver to such a hook
		requests := l.counting()
		l.start()
		time.Sleep(30 * time.Second)
		github, _ := requests()
		first := asked(github)
		time.Sleep(30 * time.Minute)
		if github, _ = requests(); first == 0 || asked(github) != first {
			t.Errorf("asked for %d at first, then for %d more", first, asked(github)-first)
		}
		l.current()
	})
}

// silence makes a hook inactive.
func (l *lookout) silence(hook int64) {
	l.t.Helper()
	url := fmt.Sprintf("http://%s/repos/%s/hooks/%d", githubAddr, l.app().Repo, hook)
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodPatch, url, strings.NewReader(`{"active":false}`))
	if err != nil {
		l.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+l.env("GITHUB_TOKEN"))
	answer, err := l.client.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		l.t.Fatalf("answered %d", answer.StatusCode)
	}
}

// A token that may not administer hooks costs nothing but a line in the log: what failed is read.
func TestATokenThatMayNotAdministerHooksIsSaidOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.World.GitHub.AddFineToken(l.env("GITHUB_TOKEN"), "slipway-bot", githubsim.Permissions{
			"metadata": "read", "contents": "read", "actions": "read", "pull_requests": "read", "statuses": "read", "checks": "read",
		}, l.app().Repo.String())
		l.start()
		time.Sleep(6 * time.Minute)
		l.stop()
		l.do("merge 46")
		time.Sleep(20 * time.Minute)
		l.start()
		time.Sleep(20 * time.Second)
		l.current()
		time.Sleep(40 * time.Minute)
		if n := strings.Count(l.log.String(), "may not administer hooks"); n != 1 {
			t.Errorf("it is said %d times", n)
		}
		if s := l.standing(ledger.GitHub); s.HookWhy == "" || s.Asked != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// Of several hooks ours is the one whose deliveries come here.
func TestTheHookIsKnownByWhatItBrings(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.World.GitHub.AddHook(l.app().Repo.String(), githubsim.HookSpec{
			URL: "http://127.0.0.1:4999/webhooks/github", Secret: "another's", ContentType: "json", Events: []string{"push", "status"},
		})
		l.start()
		time.Sleep(time.Minute)
		l.do("push 45")
		time.Sleep(2 * time.Hour)
		l.stop()
		l.do("merge 46")
		time.Sleep(10 * time.Minute)
		l.start()
		time.Sleep(30 * time.Second)
		if s := l.standing(ledger.GitHub); s.Asked < 10 || s.HookWhy != "" {
			t.Errorf("%+v", s)
		}
		list, _ := l.World.GitHub.Deliveries(0)
		for _, d := range list {
			if d.Redelivery && strings.Contains(d.URL, ":4999") {
				t.Error("another's hook was asked for")
			}
		}
		l.current()
	})
}
