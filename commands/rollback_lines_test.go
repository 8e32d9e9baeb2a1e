package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/config"
	"slipway/bot/ledger"
	"slipway/bot/target"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// undoing is a rollback from v3 to v1, with a release between them.
func undoing(t *testing.T, between string) *undo {
	t.Helper()
	release := func(version int, slug, description string) heroku.Release {
		return heroku.Release{
			ID: fmt.Sprint(version), Version: version, SlugID: slug, Description: description, Status: heroku.Succeeded, Eligible: true, Current: version == 3,
			CreatedAt: time.Date(2026, 1, 5, 10+version, 0, 0, 0, time.UTC), By: "ann@example.com",
		}
	}
	all, ok := target.Of([]heroku.Release{release(3, "b", "Deploy 2222222"), release(2, "a", between), release(1, "a", "Deploy 1111111")})
	if !ok {
		t.Fatal("nothing runs")
	}
	u := &undo{app: config.App{Name: "penny"}, title: "penny", now: time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC), targets: all, known: ledger.New("penny", github.Repo{Owner: "o", Name: "r"})}
	if u.to, ok = u.targets.Find(1); !ok {
		t.Fatal("there is no v1")
	}
	return u
}

func vars(t *testing.T, text string) (c heroku.Config) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// What may lead the app to another database, or to none, asks for more than a click.
func TestADangerousRollbackHasToBeTyped(t *testing.T) {
	t.Parallel()
	redis := []heroku.Attachment{{Name: "REDIS", ConfigVars: []string{"REDIS_URL", "REDIS_TLS"}}}
	for name, tt := range map[string]struct {
		between   string
		now, then string
		addons    []heroku.Attachment
		addonsErr error
		configErr error
		says      string // "": a click is enough
	}{
		"nothing differs":          {between: "Set X config vars", now: `{"A":"1"}`, then: `{"A":"1"}`},
		"a var of the team's":      {between: "Set X config vars", now: `{"A":"1","REDIS_URL":"r"}`, then: `{"A":"2","REDIS_URL":"r"}`, addons: redis},
		"the database":             {between: "Set X config vars", now: `{"DATABASE_URL":"new"}`, then: `{"DATABASE_URL":"old"}`, says: "`DATABASE_URL` is where an add-on is reached"},
		"another add-on":           {between: "Set X config vars", now: `{"REDIS_TLS":"new"}`, then: `{"REDIS_TLS":"old"}`, addons: redis, says: "`REDIS_TLS` is where an add-on is reached"},
		"one that went away":       {between: "Set X config vars", now: `{"REDIS_URL":"new"}`, then: `{}`, addons: redis, says: "`REDIS_URL` is where an add-on is reached"},
		"add-ons cannot be read":   {between: "Set X config vars", now: `{"CACHE_URL":"new"}`, then: `{"CACHE_URL":"old"}`, addonsErr: errors.New("no"), says: "each of these may be where one is reached: `CACHE_URL`"},
		"it was attached since":    {between: "Attach REDIS (@ref:redis-1)", now: `{}`, then: `{}`, says: "*Attach REDIS (@ref:redis-1)* (`v2`)"},
		"it was detached since":    {between: "Detach REDIS (@ref:redis-1)", now: `{}`, then: `{}`, says: "*Detach REDIS"},
		"its provider changed it":  {between: "Update DATABASE by heroku-postgresql", now: `{}`, then: `{}`, says: "*Update DATABASE by heroku-postgresql* (`v2`)"},
		"config vars are not told": {between: "Set X config vars", now: `{}`, then: `{}`, configErr: errors.New("no"), says: "An address of the database may be among them"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := undoing(t, tt.between)
			u.configs = [2]heroku.Config{vars(t, tt.now), vars(t, tt.then)}
			u.addons, u.addonsErr, u.configErr = tt.addons, tt.addonsErr, tt.configErr
			p, err := u.plan()
			if err != nil {
				t.Fatal(err)
			}
			if typed := p.Typed == "penny"; typed != (tt.says != "") {
				t.Errorf("to be typed: %q", p.Typed)
			}
			lines := strings.Join(p.Lines, "\n")
			if !strings.Contains(strings.ReplaceAll(lines, "\u200b", ""), tt.says) { // an at sign is made inert by it
				t.Errorf("it does not say %q:\n%s", tt.says, lines)
			}
		})
	}
}

// Slack takes no more than 10 checkboxes, 75 characters an option and 3,000 a section.
func TestTheLargestRollbackFitsIntoAWindow(t *testing.T) {
	t.Parallel()
	u := undoing(t, "Set "+strings.Repeat("A_LONG_NAME, ", 30)+"B config vars")
	span := github.Comparison{Ahead: 1200, Truncated: true}
	for i := range 300 {
		span.Commits = append(span.Commits, github.Commit{SHA: fmt.Sprintf("%040x", i), Message: strings.Repeat("words ", 100), Author: strings.Repeat("n", 200)})
	}
	u.span = &span
	for i := range 30 {
		u.dynos = append(u.dynos, heroku.Dyno{
			ID: fmt.Sprint(i), Name: fmt.Sprintf("scheduler.%d", i), Type: "scheduler", Command: strings.Repeat("python manage.py & ", 20), Release: 3, CreatedAt: u.now.Add(-time.Hour),
		})
		u.migrations = append(u.migrations, fmt.Sprintf("%s/migrations/%04d_x.py", strings.Repeat("a", 90), i))
	}
	many := `{"A":"1"`
	for i := range 400 {
		many += fmt.Sprintf(`,"%s_%d":"x"`, strings.Repeat("V", 100), i)
	}
	u.configs = [2]heroku.Config{vars(t, many+"}"), vars(t, "{}")}
	s, err := u.sheet()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Blocks) > 100 {
		t.Errorf("%d blocks", len(s.Blocks))
	}
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case *slackgo.SectionBlock:
			if n := len([]rune(b.Text.Text)); n > 3000 {
				t.Errorf("a section of %d characters", n)
			}
		case *slackgo.ActionBlock:
			group := b.Elements.ElementSet[0].(*slackgo.CheckboxGroupsBlockElement)
			if len(group.Options) > 10 || len(group.InitialOptions) > 10 {
				t.Errorf("%d checkboxes, %d chosen", len(group.Options), len(group.InitialOptions))
			}
			for _, o := range group.Options {
				if len([]rune(o.Text.Text)) > 75 || len([]rune(o.Description.Text)) > 75 {
					t.Errorf("an option of %q, %q", o.Text.Text, o.Description.Text)
				}
			}
		}
	}
	var r rollback
	if err := json.Unmarshal(s.Plan.Data, &r); err != nil || len(r.Away) != 300 || len(r.Stop) != 10 {
		t.Errorf("%d go away, %d are stopped: %v", len(r.Away), len(r.Stop), err)
	}
}

func TestWhatWasNotLookedIntoIsSaid(t *testing.T) {
	t.Parallel()
	u := undoing(t, "Set X config vars")
	if lines := strings.Join(u.lines(), "\n"); !strings.Contains(lines, "Whether migrations came with it is not known") {
		t.Errorf("without GitHub it says\n%s", lines)
	}
	u.span = &github.Comparison{Ahead: 2, Commits: []github.Commit{{SHA: fmt.Sprintf("%040x", 1), Message: "One"}, {SHA: fmt.Sprintf("%040x", 2), Message: "Two"}}}
	if lines := strings.Join(u.lines(), "\n"); !strings.Contains(lines, "I did not look into 2 commits without a pull request.") {
		t.Errorf("of commits without a pull request it says\n%s", lines)
	}
}

func TestTheSchedulersDynosAreChosenHoweverManyOthersThereAre(t *testing.T) {
	t.Parallel()
	u := undoing(t, "Set X config vars")
	for i := range 15 {
		u.dynos = append(u.dynos, heroku.Dyno{ID: fmt.Sprint(i), Name: fmt.Sprintf("run.%d", i), Type: "run", Command: "bash", Release: 3})
	}
	u.dynos = append(u.dynos,
		heroku.Dyno{ID: "s", Name: "scheduler.1", Type: "scheduler", Command: "tasks", Release: 3},
		heroku.Dyno{ID: "m", Name: "scheduler.2", Type: "scheduler", Command: "python manage.py migrate", Release: 3})
	if stops := u.stops(); len(stops) != 1 || stops[0].ID != "s" {
		t.Errorf("stopped are %v", stops)
	}
}

func TestCodeThatWasOnlyBuiltAnewIsNotHeld(t *testing.T) {
	t.Parallel()
	u := undoing(t, "Set X config vars")
	u.codes[0].Commit = fmt.Sprintf("%040x", 1)
	if !u.rollback().holds() {
		t.Error("without GitHub nothing is held")
	}
	u.span = &github.Comparison{}
	if u.rollback().holds() {
		t.Error("it is held, though no commit goes away")
	}
}
