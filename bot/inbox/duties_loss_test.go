package inbox_test

import (
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store/storetest"
)

// oneCatchUp is how long it takes at most until what was missed is known: the next catch-up, and what is missing then.
const oneCatchUp = 5*time.Minute + 20*time.Second

// Whatever becomes of the webhooks, the ledger is right after one catch-up.
func TestWhatWebhooksLoseIsKnownAfterOneCatchUp(t *testing.T) {
	t.Parallel()
	faults := []string{
		"github deliver * drop always",
		"heroku deliver * drop always",
		"github deliver workflow_run drop always",
		"github deliver workflow_job.completed drop always",
		"github deliver push drop always",
		"github deliver pull_request drop always",
		"github deliver * duplicate always",
		"github deliver * reorder always",
		"github deliver * delay 90s always",
		"heroku deliver * reorder always",
		"heroku deliver * delay 10m always",
		"heroku deliver api:release drop always",
	}
	for i, fault := range faults {
		for j, kind := range []string{"world default", "world two-files"} {
			if (i+j)%4 != 0 && !sweep {
				continue // a sweep
			}
			t.Run(kind+" "+fault, func(t *testing.T) {
				t.Parallel()
				inWorld(t, []string{kind}, func(l *lookout) {
					l.start()
					time.Sleep(11 * time.Minute)
					l.do("fault " + fault)
					l.do("merge 46")
					l.untilLive(123)
					l.untilOver()
					time.Sleep(oneCatchUp)
					l.current()
				})
			})
		}
	}
}

// An hour in which nobody listened is caught up with at the start, from what failed and from what there is.
func TestAnHourOfSilenceIsCaughtUpWithAtTheStart(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"world default", "world two-files"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			inWorld(t, []string{kind}, func(l *lookout) {
				l.start()
				time.Sleep(11 * time.Minute)
				l.stop()
				l.do("merge 46")
				time.Sleep(20 * time.Minute)
				l.do("push 45")
				time.Sleep(40 * time.Minute)
				l.start()
				time.Sleep(20 * time.Second)
				l.current()
				if s := l.standing(ledger.GitHub); s.Asked < 10 {
					t.Errorf("deliveries that failed were asked for %d times", s.Asked)
				}
			})
		})
	}
}

// Without secrets nothing is told, and each change is known within 45 s and what it takes to read it.
func TestASenderWithoutWebhooksIsReadEvery45Seconds(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"world default", "world two-files"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			inWorld(t, []string{kind}, func(l *lookout) {
				l.secrets = nil
				l.start()
				time.Sleep(time.Minute)
				l.do("merge 46 squash")
				l.untilLive(123)
				merged := l.Repo.Head("master").SHA
				time.Sleep(60 * time.Second)
				k := l.known()
				live, _ := k.Live()
				if p := k.Placed(live.Code); live.Release.Version != 123 || p.Commit != merged {
					t.Errorf("live is %s of %+v, want %s", live.Release, p, merged)
				}
				l.untilOver()
				time.Sleep(60 * time.Second)
				l.current()
				if s := l.standing(ledger.GitHub); s.Trusted || s.Tells || time.Since(s.Read) > 51*time.Second { // 45 s, and a turn that is asked for again
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

// A far end that is down or wants no more requests stops nobody else, is asked rarely, is told of once, and is known again
// when it is back.
func TestAFarEndThatIsDownStopsNobodyElse(t *testing.T) {
	t.Parallel()
	for i, tc := range []struct{ name, begins, ends string }{
		{"github down", "down github", "up github"},
		{"heroku down", "down heroku", "up heroku"},
		{"github limited", "fault github GET /repos/*/*/pulls 429 30m", ""},
		{"heroku limited", "fault heroku GET /apps/*/releases 429 30m", ""},
		{"github hangs", "fault github GET /repos/*/*/actions/runs delay 1m always", "fault github clear"},
		{"heroku unwell", "fault heroku GET /apps/*/dynos html-503 always", "fault heroku clear"},
	} {
		for j, told := range []bool{true, false} {
			if (i+j)%4 != 0 && !sweep {
				continue // a sweep
			}
			name := tc.name + ", polled"
			if told {
				name = tc.name + ", told"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				inWorld(t, nil, func(l *lookout) {
					if !told {
						l.secrets = nil
					}
					l.start()
					time.Sleep(16 * time.Minute)
					l.do(tc.begins)
					asked := l.counting()
					time.Sleep(30 * time.Minute)
					github, heroku := asked()
					if told && (len(github) > 120 || len(heroku) > 120) {
						t.Errorf("asked %d and %d times", len(github), len(heroku))
					}
					sender, other := ledger.GitHub, ledger.Heroku
					if strings.HasPrefix(tc.name, "heroku") {
						sender, other = other, sender
					}
					if s := l.standing(sender); len(s.Gaps) == 0 && tc.ends != "" {
						t.Errorf("nothing is missing: %+v", s)
					}
					if s := l.standing(other); len(s.Gaps) > 0 || time.Since(s.Read) > 5*time.Minute+5*time.Second {
						t.Errorf("the other suffers: %+v", s)
					}
					if n := strings.Count(l.log.String(), "level=WARN"); n == 0 || n > 12 {
						t.Errorf("%d warnings in the log", n)
					}
					if tc.ends != "" {
						l.do(tc.ends)
					}
					l.do("config A=1")
					time.Sleep(10*time.Minute + 30*time.Second)
					l.current()
				})
			})
		}
	}
}

// While the database is away nothing can be kept, so nothing is asked; and all is caught up with when it is back.
func TestTheDutiesOutliveTheDatabase(t *testing.T) {
	t.Parallel()
	inWorld(t, nil, func(l *lookout) {
		var cable storetest.Cable
		l.so.Connect = cable.Connect
		l.start()
		time.Sleep(11 * time.Minute)
		cable.Cut()
		l.do("merge 46")
		time.Sleep(time.Minute)
		requests := l.counting()
		time.Sleep(20 * time.Minute)
		if github, heroku := requests(); len(github)+len(heroku) > 0 {
			t.Errorf("asked %d and %d times", len(github), len(heroku))
		}
		if n := strings.Count(l.log.String(), "is not caught up with"); n == 0 || n > 4 {
			t.Errorf("it is logged %d times", n)
		}
		cable.Mend()
		time.Sleep(oneCatchUp)
		l.current()
	})
}
