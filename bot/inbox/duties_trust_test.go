package inbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/bot/inbox"
	"slipway/bot/ledger"
	"slipway/bot/reader"
)

// A sender that did not tell something is read every 45 s, until its webhooks arrive again and tell all.
func TestASenderIsTrustedUntilItMissesSomething(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(11 * time.Minute)
		if trust := l.duties.Trust(l.t.Context(), l.app()); trust != (reader.Trust{GitHub: true, Heroku: true}) {
			t.Errorf("before anything was missed: %+v", trust)
		}
		l.do("fault github deliver * drop always")
		l.do("push 45")
		time.Sleep(6 * time.Minute)
		missed := l.standing(ledger.GitHub)
		if missed.Trusted || missed.Missed == 0 || !strings.Contains(missed.Why, "pull request #45") {
			t.Errorf("%+v", missed)
		}
		if trust := l.duties.Trust(l.t.Context(), l.app()); trust != (reader.Trust{Heroku: true}) {
			t.Errorf("after: %+v", trust)
		}
		requests := l.counting()
		time.Sleep(9 * time.Minute)
		if github, heroku := requests(); len(github) < 3*12 || len(heroku) > 10 {
			t.Errorf("asked %d and %d times", len(github), len(heroku))
		}
		l.do("fault github clear")
		l.do("push 45")
		time.Sleep(11 * time.Minute)
		if s := l.standing(ledger.GitHub); !s.Trusted || s.Missed != missed.Missed || s.Next.Sub(s.Read) < 4*time.Minute {
			t.Errorf("%+v", s)
		}
		for _, line := range []string{"webhooks did not tell all", "webhooks arrive again"} {
			if n := strings.Count(l.log.String(), line); n != 1 {
				t.Errorf("%q is logged %d times", line, n)
			}
		}
		l.current()
	})
}

// A minute is not too late.
func TestAWebhookThatIsABitLateIsNotMissed(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.start()
		time.Sleep(11 * time.Minute)
		l.do("fault github deliver * delay 40s always")
		l.do("fault heroku deliver * delay 40s always")
		for _, line := range []string{"push 45", "merge 46", "crash web", "config A=1"} {
			l.do(line)
			time.Sleep(7*time.Minute + 10*time.Second)
		}
		for _, sender := range []ledger.Sender{ledger.GitHub, ledger.Heroku} {
			if s := l.standing(sender); !s.Trusted || s.Missed > 0 {
				t.Errorf("%+v", s)
			}
		}
		l.current()
	})
}

// With a secret and without a webhook, the first thing that happens shows that nobody tells.
func TestASecretWithoutAWebhookIsFoundOut(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		l.do("fault github deliver * drop always")
		l.do("fault heroku deliver * delay 1h always") // Heroku tries what is dropped again
		l.start()
		time.Sleep(11 * time.Minute)
		l.do("merge 46")
		l.untilLive(123)
		time.Sleep(oneCatchUp)
		for _, sender := range []ledger.Sender{ledger.GitHub, ledger.Heroku} {
			if s := l.standing(sender); s.Trusted || s.Missed == 0 {
				t.Errorf("%+v", s)
			}
		}
		l.do("config A=1")
		time.Sleep(2 * time.Minute)
		l.current()
	})
}

// Processes on one database share the duties: there are no more calls than with one.
func TestProcessesShareTheDuties(t *testing.T) {
	t.Parallel()
	inWorld(t, []string{"world pair"}, func(l *lookout) {
		l.start()
		ctx, cancel := context.WithCancel(context.Background())
		var others sync.WaitGroup
		defer others.Wait()
		defer cancel()
		for range 3 {
			d := inbox.NewDuties(inbox.DutyOptions{
				Store: l.store, Log: slogTo(l.log), Apps: l.apps, Reader: l.reader, GitHub: l.github, GitHubTells: true, HerokuTells: true,
			})
			others.Go(func() { d.Run(ctx) })
		}
		time.Sleep(10*time.Minute + 30*time.Second)
		requests := l.counting()
		time.Sleep(20 * time.Minute)
		if github, heroku := requests(); len(github) > 60/3 || len(heroku) > 2*60/3 {
			t.Errorf("%d calls of GitHub and %d of Heroku for one repository and two apps", len(github), len(heroku))
		}
	})
}
