package world_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/integrations/sim/world"
)

func TestAPushStartsTheChecksOfAPullRequest(t *testing.T) {
	in(t, nil, func(s story) {
		for range 2 { // each push is a new commit
			before, _ := s.Repo.Pull(45)
			s.do("push 45")
			after, _ := s.Repo.Pull(45)
			if after.HeadSHA == before.HeadSHA {
				s.t.Error("nothing was pushed")
			}
			s.settle()
		}
		if want := []string{"CI #22 pull_request success", "CI #21 pull_request success"}; !slices.Equal(s.runs("bob/45")[:2], want) {
			s.t.Errorf("the runs are %q", s.runs("bob/45"))
		}
		if s.app().Current().Version != 122 {
			s.t.Error("it was deployed")
		}
	})
}

func TestCIDoesAsItIsTold(t *testing.T) {
	in(t, nil, func(s story) {
		s.do(`ci fail 45 test-backend "Test with pytest"`) // the next run of the pull request
		s.do("push 45")
		s.settle()
		if got := s.runs("bob/45")[0]; got != "CI #21 pull_request failure" {
			s.t.Errorf("the run is %s", got)
		}

		s.do("merge 45")
		s.do("ci hang 45 test-backend") // merged, it means the run on the branch
		time.Sleep(time.Hour)
		if open := strings.Join(s.Open(), ", "); open != "run CI #22 of master (test-backend hangs at Test with pytest)" {
			s.t.Errorf("open is %s", open)
		}
		s.do("ci pass 45")
		s.settle()
		if s.app().Current().Version != 123 {
			s.t.Error("it was not deployed")
		}

		s.do("ci fail master deploy")
		s.do(`direct "next"`)
		s.settle()
		if got := s.runs("master")[0]; got != "CI #23 push failure" || s.app().Current().Version != 123 {
			s.t.Errorf("the run is %s; live is v%d", got, s.app().Current().Version)
		}
	})
}

func TestTheAppIsChangedWithoutTheBot(t *testing.T) {
	in(t, nil, func(s story) {
		for _, tc := range []struct{ line, open, description string }{
			{"config A=1=2", "config change of A", "Set A config vars"},
			{"cli rollback v120", "rollback by hand", "Rollback to v120"},
			{"cli deploy", "deploy by hand", "Deploy " + s.Repo.Head("master").SHA[:8]},
		} {
			s.do(tc.line)
			if !slices.Contains(s.Open(), tc.open) {
				s.t.Errorf("!%s: open is %q", tc.line, s.Open())
			}
			s.settle()
			if now := s.app().Current(); now.Description != tc.description || now.By != "alice@penny.example" {
				s.t.Errorf("!%s: live is %+v", tc.line, now)
			}
		}
	})
}

func TestTheAppDoesAsItIsTold(t *testing.T) {
	in(t, nil, func(s story) {
		for _, on := range []string{"on", "off"} {
			s.do("cli maintenance " + on)
			if answer := s.read("/apps/penny-university"); strings.Contains(answer, `"maintenance":true`) != (on == "on") {
				s.t.Errorf("maintenance %s: the app is %s", on, answer)
			}
		}
		s.do("health fail")
		if s.app().Healthy() {
			s.t.Error("it is well")
		}
		s.do("health ok")
		if !s.app().Healthy() {
			s.t.Error("it is not well")
		}
		s.do("crash web")
		if err := s.try("crash web"); err == nil || !strings.Contains(err.Error(), "crashed already") {
			s.t.Errorf("a second crash: %v", err)
		}
		s.do("release-phase fail")
		s.do("merge 46")
		s.settle()
		newest, now := s.app().Releases()[0], s.app().Current()
		if newest.Version != 123 || newest.Status != "failed" || now.Version != 122 {
			s.t.Errorf("newest is %+v, live is v%d", newest, now.Version)
		}
		if got := s.runs("master")[0]; got != "CI #21 push failure" {
			s.t.Errorf("the run is %s", got)
		}
		s.do(`direct "again"`) // the failure was for once
		s.settle()
		if now := s.app().Current(); now.Version != 124 {
			s.t.Errorf("live is v%d", now.Version)
		}
	})
}

func TestOneOffDynosGoOnForAsLongAsIsSaid(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("run shell 10m")
		s.do("run scheduler background_tasks 5m")
		for _, one := range []struct {
			after time.Duration
			open  int
		}{{time.Minute, 2}, {5 * time.Minute, 1}, {5 * time.Minute, 0}} {
			time.Sleep(one.after)
			if open := s.Open(); len(open) != one.open {
				s.t.Errorf("%s later there are %q", one.after, open)
			}
		}
	})
}

func TestServersGoDownAndUp(t *testing.T) {
	in(t, nil, func(s story) {
		for _, name := range []string{"github", "heroku", "slack"} {
			for _, verb := range []string{"down", "up"} {
				s.do(verb + " " + name)
				is := map[string]bool{"github": s.GitHub.Weather().Down(), "heroku": s.Heroku.Weather().Down(), "slack": s.Slack.Weather().Down()}
				for other, down := range is {
					if down != (verb == "down" && other == name) {
						s.t.Errorf("after !%s %s, down of %s is %v", verb, name, other, down)
					}
				}
			}
		}
		s.do("fault heroku POST /apps/*/releases late 5s")
		s.do("fault github clear")
	})
}

func TestALineThatCannotBePlayedSaysWhatToWrite(t *testing.T) {
	in(t, nil, func(s story) {
		for line, want := range map[string]string{
			"rain":                         "nothing that happens is called !rain",
			"push":                         "write it as !push 45",
			"push 99":                      "there is no pull request 99; open are 45 and 46",
			"push x":                       "there is no pull request x; open are 45 and 46",
			"push 44":                      "#44 is closed",
			"ci fail":                      `write it as !ci fail 45 test-backend`,
			"ci burn 45":                   "a run can be told to fail, hang, skip, pass or cancel",
			"ci fail 45":                   `"test-frontend", "test-backend", "test-integration"`,
			"ci fail 45 test":              `"test-frontend", "test-backend", "test-integration"`,
			`ci fail 45 test-backend "x"`:  `"Checkout", "Install", "Flake8", "Test with pytest"`,
			"ci pass 99":                   "open are 45 and 46",
			"merge":                        "write it as !merge 46, !merge 46 squash",
			"merge 46 octopus":             "GitHub has merge, squash and rebase",
			"merge 44":                     "merged already",
			"direct":                       `write it as !direct "hotfix"`,
			"config A":                     "write it as !config KEY=VALUE",
			"config =1":                    "write it as !config KEY=VALUE",
			"cli":                          "write it as !cli rollback v120, !cli deploy or !cli maintenance on",
			"cli restart":                  "write it as !cli rollback v120, !cli deploy or !cli maintenance on",
			"cli maintenance":              "write it as !cli rollback v120, !cli deploy or !cli maintenance on",
			"cli deploy v120":              "write it as !cli rollback v120, !cli deploy or !cli maintenance on",
			"cli rollback v7":              "one cannot roll back to v7, but to v122, v121",
			"cli rollback 120":             "one cannot roll back to 120, but to v122, v121",
			"run shell":                    `write it as !run "python manage.py shell" 10m`,
			"run shell soon":               `write it as !run "python manage.py shell" 10m`,
			"run cron shell 1m":            `write it as !run "python manage.py shell" 10m`,
			"release-phase ok":             "write it as !release-phase fail",
			"health bad":                   "write it as !health fail or !health ok",
			"crash clock":                  "the types that run are: web",
			"down moon":                    `"moon" is no server; there are github, heroku, slack, runs, runners`,
			"up github lost":               "write it as !up github (or heroku, slack, runs, runners) or !up runs lost",
			"rerun 45 some":                "write it as !rerun 45 or !rerun 45 failed",
			"rerun 45 failed":              "The workflow run has no failed jobs to retry",
			"rerun 99":                     "open are 45 and 46",
			"cancel 45":                    "Cannot cancel a workflow run that is completed.",
			"close 44":                     "merged already",
			"ci skip-tests":                "!ci skip-deploy or !ci pass 45",
			"ci skip 45":                   `skip needs a job; pull/45 has "test-frontend"`,
			"archive deploys":              "write it as !archive #deploys",
			"archive #moon":                "there is no channel #moon; there are #deploys and #general",
			"unarchive #deploys":           "#deploys is not archived",
			"invite-bot #deploys":          "#deploys is a channel of the bot's already",
			"rename #deploys #general":     "#general is taken",
			"rename #deploys ship-it":      "write it as !rename #deploys #ship-it",
			"settings x.yml":               "there are no files to take x.yml from",
			"direct hotfix a.py":           `write it as !direct "hotfix" or !direct "Fill topics" pennychat/migrations/0004_fill.py=fill.py`,
			"direct hotfix a.py=b.py":      "there are no files to take b.py from",
			"up database":                  "the database is the bot's",
			"fault moon clear":             `"moon" is no server`,
			"foreign socket blind":         "write it as !foreign socket, !foreign socket deaf or !foreign gone",
			"foreign laptop":               "write it as !foreign socket",
			"fault github":                 "write it as !fault heroku POST",
			"fault github GET /x":          "METHOD PATH KIND [DURATION] [always]",
			"fault github GET /x rain":     "the kinds are delay, drop",
			"merge 44 queue":               "#44",
			"fault slack deliver * drop":   `"slack" is no server that sends webhooks; there are github, heroku`,
			"fault github deliver":         "EVENT KIND [DURATION] [always]",
			"fault github deliver * rain":  "the kinds are delay, drop, duplicate and reorder",
			"fault heroku deliver * delay": "delay needs a duration",
		} {
			if err := s.try(line); err == nil || !strings.Contains(err.Error(), want) {
				s.t.Errorf("!%s: %v, want %s", line, err, want)
			}
		}
		if open := s.Open(); len(open) > 0 {
			s.t.Errorf("something was begun: %q", open)
		}
		s.do("merge 45")
		s.do("merge 46")
		if err := s.try("merge 99"); err == nil || !strings.HasSuffix(err.Error(), "open are none") {
			s.t.Errorf("nothing is open: %v", err)
		}
	})
}

func TestEveryVerbIsListed(t *testing.T) {
	t.Parallel()
	want := []string{
		"archive", "backup", "cancel", "ci", "cli", "close", "collaborator", "config", "crash", "deactivate", "direct", "down", "fault", "foreign", "group", "guest", "health",
		"invite-bot", "join", "leave", "member", "merge", "push", "release-phase", "remove-bot", "rename", "rerun", "run", "settings", "unarchive", "up",
	}
	if got := world.Verbs(); !slices.Equal(got, want) {
		t.Errorf("the verbs are %q", got)
	}
}

func TestAWorldEndsInTheMiddleOfItsStory(t *testing.T) {
	in(t, []string{"world pair"}, func(s story) {
		s.do("merge 46")
		time.Sleep(2 * time.Minute) // the deploy is under way
		s.do("config A=1")
		if len(s.Open()) < 2 {
			s.t.Errorf("open is %q", s.Open())
		}
		s.Close() // waits for all of it, and again when the test ends
	})
}
