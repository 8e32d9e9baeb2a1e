package reader_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/reader"
	githubsim "slipway/integrations/sim/github"
)

// In rest, with webhooks that are trusted, one reading each 5 min stays below 60 calls an hour to each far end, and 12 of
// GitHub's are left for the list of deliveries that failed.
func TestReadingInRestIsCheap(t *testing.T) {
	t.Parallel()
	for trusted, most := range map[bool][2]int{true: {40, 48}, false: {64, 60}} {
		t.Run(fmt.Sprint("trusted ", trusted), func(t *testing.T) {
			t.Parallel()
			on(t, nil, nil, func(s *stage) {
				k := s.nothing()
				s.reader.Know(s.t.Context(), s.app, k, both)
				asked := s.counting()
				for range 12 {
					time.Sleep(5 * time.Minute)
					s.reader.GitHub(s.t.Context(), s.app, k, trusted)
					s.reader.Heroku(s.t.Context(), s.app, k, trusted)
				}
				if github, heroku := asked(); len(github) > most[0] || len(heroku) > most[1] {
					t.Errorf("%d calls of GitHub and %d of Heroku, want at most %v:\n%s\n%s", len(github), len(heroku), most,
						strings.Join(github, "\n"), strings.Join(heroku, "\n"))
				}
			})
		})
	}
}

// What is fresh enough for what its sender's webhooks are worth is looked at only.
func TestHowOldAReadingMayBeDependsOnWebhooks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		age            time.Duration
		trust          reader.Trust
		github, heroku bool // read whole
	}{
		{5 * time.Second, nobody, false, false},
		{11 * time.Second, nobody, true, true},
		{5 * time.Minute, both, false, false},
		{7 * time.Minute, both, true, true},
		{5 * time.Minute, reader.Trust{GitHub: true}, false, true},
		{5 * time.Minute, reader.Trust{Heroku: true}, true, false},
	} {
		t.Run(fmt.Sprint(tc.age, tc.trust), func(t *testing.T) {
			t.Parallel()
			on(t, nil, nil, func(s *stage) {
				k := s.nothing()
				s.reader.Know(s.t.Context(), s.app, k, nobody)
				time.Sleep(tc.age)
				asked := s.counting()
				s.reader.Know(s.t.Context(), s.app, k, tc.trust)
				github, heroku := asked()
				if (len(github) > 2) != tc.github || (len(heroku) > 4) != tc.heroku {
					t.Errorf("asked %q and %q", github, heroku)
				}
			})
		})
	}
}

// A look that brings news is followed by the other lists, and by the statuses of the new head.
func TestNewsLeadToAllOfTheirSide(t *testing.T) {
	t.Parallel()
	on(t, []string{"latency 200ms"}, nil, func(s *stage) {
		k := s.nothing()
		s.reader.Know(s.t.Context(), s.app, k, both)
		time.Sleep(time.Minute)
		s.do("merge 46 squash")
		time.Sleep(10 * time.Second)
		merged := s.Repo.Head("master").SHA
		if err := s.Repo.SetStatus(githubsim.Status{SHA: merged, Context: "lint", State: "success"}); err != nil {
			t.Fatal(err)
		}
		if d := took(func() { s.reader.Know(s.t.Context(), s.app, k, both) }); d > 3*call {
			t.Errorf("it took %v, want at most %v", d, 3*call)
		}
		head, _ := k.Head()
		waiting, ok := k.Waiting()
		if head.SHA != merged || !ok || len(k.Changes(waiting)) != 1 || k.Changes(waiting)[0].Pull == nil {
			t.Errorf("the head is %s, what waits %+v, %t", head.SHA, waiting, ok)
		}
		if list := k.Statuses(merged); len(list) != 1 || list[0].Context != "lint" {
			t.Errorf("the statuses are %+v", list)
		}
	})
}

// More happened than a page holds.
func TestALongAbsenceLeavesNoGap(t *testing.T) {
	t.Parallel()
	on(t, nil, nil, func(s *stage) {
		k := s.nothing()
		s.reader.Know(s.t.Context(), s.app, k, nobody)
		path := s.Repo.Runs()[0].Path
		for i := range 150 {
			time.Sleep(10 * time.Minute)
			s.Repo.PastRun(githubsim.PastRun{Workflow: path, Event: "push", At: time.Now()})
			if i%5 == 0 {
				s.do(fmt.Sprintf("config N=%d", i))
			}
		}
		s.settle()
		runs, releases := len(k.Runs()), len(k.Releases())
		s.reader.GitHub(s.t.Context(), s.app, k, true)
		s.reader.Heroku(s.t.Context(), s.app, k, true)
		if got := len(k.Runs()) - runs; got != 150 {
			t.Errorf("%d runs are new, want 150", got)
		}
		if got := len(k.Releases()) - releases; got != 30 {
			t.Errorf("%d releases are new, want 30", got)
		}
	})
}

// A re-run of an older run is seen without webhooks, with the attempt that nobody told of.
func TestARunThatIsRunAgainIsSeen(t *testing.T) {
	t.Parallel()
	on(t, nil, nil, func(s *stage) {
		s.do("ci fail master test-backend")
		s.do("merge 46")
		s.settle()
		k := s.nothing()
		s.reader.Know(s.t.Context(), s.app, k, nobody)
		time.Sleep(5 * time.Hour)
		s.again(false)
		s.settle()
		s.reader.Know(s.t.Context(), s.app, k, nobody)
		run := k.BranchRuns()[0]
		if live, _ := k.Live(); run.Attempt != 2 || run.Conclusion != "success" || live.Release.Version != 123 || len(k.Missing()) > 0 {
			t.Errorf("%+v; live is %s; missing is %v", run, live.Release, k.Missing())
		}
		facts := s.reader.Wanted(s.t.Context(), s.app, []ledger.Want{
			ledger.WantAttempt{RunID: run.ID, Attempt: 1},
			ledger.WantJobs{RunID: run.ID, Attempt: 1},
			ledger.WantAttempt{RunID: run.ID, Attempt: 3},
			ledger.WantCommit{SHA: strings.Repeat("0", 40)},
		})
		k.Add(facts...)
		var attempts []string
		for _, f := range facts {
			switch f := f.(type) {
			case ledger.Run:
				attempts = append(attempts, fmt.Sprint(f.Run.Attempt, f.Run.Conclusion))
			case ledger.Reading:
				attempts = append(attempts, fmt.Sprint(f.What, " ", strings.TrimLeft(f.Of, "0123456789"), f.Trouble == nil))
			case ledger.Absent:
				attempts = append(attempts, "absent")
			}
		}
		if got := strings.Join(attempts, ", "); got != "1failure, jobs /1true, runs /3false, absent" {
			t.Error(got)
		}
	})
}
