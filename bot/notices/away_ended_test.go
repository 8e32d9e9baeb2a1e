package notices

import (
	"context"
	"strings"
	"testing"

	"slipway/bot/ledger"
	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

func TestTheLineAboutAnAbsenceSaysWhatEndedInIt(t *testing.T) {
	t.Parallel()
	const nothing = "Nothing was merged or released meanwhile, and no checks failed."
	landed := merged(46, "Tidy the chat form", "alice", "c", -4000)
	attempt := func(nth int, conclusion string, ended int) []ledger.Fact {
		return ran(github.Run{
			ID: 21, Number: 21, Attempt: nth, SHA: sha("c"), Status: "completed", Conclusion: conclusion,
			CreatedAt: at(-3990), StartedAt: at(ended - 60), UpdatedAt: at(ended),
		})
	}
	deployed := func(status string, created int) []ledger.Fact {
		push := github.Step{Name: "Push to Heroku", Status: "completed", Conclusion: "success", StartedAt: at(created - 10), CompletedAt: at(created + 10)}
		run := github.Run{ID: 21, Number: 21, SHA: sha("c"), Status: "completed", Conclusion: "success", CreatedAt: at(created - 100), UpdatedAt: at(created + 20)}
		return together(released(123, "c", status, created), ran(run, passed("deploy", push)))
	}
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"went live":                 {deployed(heroku.Succeeded, -3000), "Meanwhile v123 went live with #46 Tidy the chat form"},
		"went live before":          {deployed(heroku.Succeeded, -3700), nothing},
		"release phase failed":      {deployed(heroku.Failed, -3000), "Meanwhile the release phase of v123 failed"},
		"release phase runs":        {deployed(heroku.Pending, -3000), nothing},
		"its run failed":            {attempt(1, "failure", -3000), "Meanwhile CI failed on #46 Tidy the chat form"},
		"its run failed before":     {attempt(1, "failure", -3700), nothing},
		"it passed when run again":  {together(attempt(1, "failure", -3000), attempt(2, "success", 3)), "Meanwhile CI failed on #46 Tidy the chat form"},
		"it failed again afterward": {together(attempt(1, "success", -3000), attempt(2, "failure", 3)), nothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := openStore(t)
			wasAway(t, st, -3600, 0)
			got := drawnAll(awayTold(t, st, sceneAt(5, together(readAt(1), landed, tc.facts)...)))
			if _, line, _ := strings.Cut(got, "\n"); line != tc.want {
				t.Errorf("it reads %q, want %q", line, tc.want)
			}
		})
	}
}

func TestAReleaseToldBeforeAnAbsenceKeepsItsMessageAndIsNotToldAgain(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	wasAway(t, st, -3600, 0)
	s := sceneAt(5, together(readAt(1), releasedAs(123, "b", "Set A config vars", heroku.Succeeded, -3590))...)
	s.since = at(-7200)
	look := func() (own int, line string) {
		within(t, st, func(ctx context.Context, tx *store.Tx) (err error) {
			s.gaps, err = longGaps(ctx, tx, channel, begin)
			return err
		})
		_, line, _ = strings.Cut(drawnAll(awayTold(t, st, s)), "\n")
		return len(s.releases()), line
	}
	if own, line := look(); own != 0 || line != "Meanwhile v123 config changed (`A` set), by ci@penny.example" {
		t.Errorf("not told before, it has %d messages, and the line is %q", own, line)
	}
	within(t, st, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, "insert into notices (key, app, channel, hash, open, at) values ($1, $2, $3, '', 0, 0)",
			string(s.releaseKey(s.known.Releases()[0])), s.app.Name, channel)
		return err
	})
	if own, line := look(); own != 1 || line != "Nothing else was merged or released meanwhile, and no checks failed." {
		t.Errorf("told before, it has %d messages, and the line is %q", own, line)
	}
}
