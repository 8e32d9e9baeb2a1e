package hold

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
)

func TestWhatGitHubSaysToACancelDecidesWhetherItIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err      error
		readable bool
		state    state
		said     string
		again    time.Duration
	}{
		"it was heard":                       {nil, true, asked, "", firstLook},
		"it has ended just now":              {&github.Error{Kind: github.Invalid, Status: http.StatusConflict}, true, wanted, "", firstLook},
		"the answer was cut":                 {&github.Error{Kind: github.Unreachable, Ambiguous: true}, true, asked, "", firstLook},
		"the answer was cut, and no look":    {&github.Error{Kind: github.Unreachable, Ambiguous: true}, false, wanted, "GitHub did not answer", tryAgain},
		"nobody knows what happened":         {errors.New("broken"), true, asked, "", firstLook},
		"GitHub is down":                     {&github.Error{Kind: github.Unreachable}, false, wanted, "GitHub did not answer", tryAgain},
		"GitHub takes no requests":           {&github.Error{Kind: github.SlowDown}, true, wanted, "GitHub takes no more requests for now", tryAgain},
		"the token may not":                  {&github.Error{Kind: github.Forbidden, Status: http.StatusForbidden}, true, refused, string(github.Forbidden), 0},
		"the run is not to be seen any more": {&github.Error{Kind: github.NotFound, Status: http.StatusNotFound}, true, refused, string(github.NotFound), 0},
	} {
		one := stopped{state: wanted}
		if again := one.answered(tc.err, tc.readable); one.state != tc.state || one.said != tc.said || again != tc.again {
			t.Errorf("%s: %s, %q, again in %s", name, one.state, one.said, again)
		}
	}
}

func TestARunIsJudgedByWhatItDidAndNotByWhatWasAsked(t *testing.T) {
	t.Parallel()
	k := ledger.New(appName, penny)
	step := func(status, conclusion string) []github.Job {
		return []github.Job{{Name: "deploy", Status: "in_progress", Steps: []github.Step{{Name: "Deploy to Heroku", Status: status, Conclusion: conclusion}}}}
	}
	done := []github.Job{{Name: "deploy", Status: completed, Conclusion: "success"}}
	for name, tc := range map[string]struct {
		run  github.Run
		jobs []github.Job
		want state
	}{
		"it waits":                          {github.Run{Status: "queued", Attempt: 1}, nil, asked},
		"its push step waits":               {github.Run{Status: "in_progress", Attempt: 1}, step("queued", ""), asked},
		"its push step has begun":           {github.Run{Status: "in_progress", Attempt: 1}, step("in_progress", ""), late},
		"it was cancelled in its push step": {github.Run{Status: completed, Conclusion: "cancelled", Attempt: 1}, step(completed, "cancelled"), late},
		"its push step was left out":        {github.Run{Status: completed, Conclusion: "cancelled", Attempt: 1}, step(completed, "skipped"), cancelled},
		"it was faster":                     {github.Run{Status: completed, Conclusion: "success", Attempt: 1}, done, late},
		"it failed before":                  {github.Run{Status: completed, Conclusion: "failure", Attempt: 1}, step("queued", ""), over},
		"somebody has run it again":         {github.Run{Status: "in_progress", Attempt: 2}, nil, over},
	} {
		one := stopped{state: asked, attempt: 1}
		if got := one.seen(tc.run, tc.jobs, k); got != tc.want {
			t.Errorf("%s: %s, not %s", name, got, tc.want)
		}
	}
}

func TestARunThatADeadProcessHadTakenIsLookedAtAtOnce(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(Hold{})
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(run(21, "c", "")...)
		s.do(func(ctx context.Context, tx *store.Tx) error {
			_, err := s.decide(ctx, tx, s.Apps[0])
			return err
		})
		if one, _, err := s.nextRun(s.t.Context()); err != nil || one == nil {
			t.Fatalf("nothing to take: %v", err)
		} // and dies
		if one, wait, err := s.nextRun(s.t.Context()); err != nil || one != nil || wait <= lookLater {
			t.Errorf("%v %v: it was not taken", err, one)
		}
		if err := s.resume(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		if one, _, err := s.nextRun(s.t.Context()); err != nil || one == nil {
			t.Errorf("%v: it waits for whoever is dead", err)
		}
	})
}

func TestOnlyTheNewestOfTheBranchIsOfferedToRunAgain(t *testing.T) {
	onStage(t, func(s *stage) {
		s.set(Hold{})
		s.learn(merge(46, "Tidy", "alice/form", "b", "c")...)
		s.learn(run(21, "c", "")...)
		s.looks()
		s.do(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, "update hold_runs set state = 'cancelled', wake = 0")
			return err
		})
		if err := s.Lift(s.t.Context(), appName, "U2", ""); err != nil {
			t.Fatal(err)
		}
		s.says("hold op1", "[Run again] /deploy rerun of penny-university")
		s.says("hold op1 end", "<@U1>: automatic deploys go on. Ended by <@U2>")
		s.says("hold op1 end", "press *Run again* above")
		s.learn(merge(47, "Innocent", "bob/topics", "c", "d")...)
		s.says("hold op1 end", "The branch has gone on since")
	})
}
