package world_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

func TestARerunMeansTheNewestRunOfAPullRequestOrOfItsMerge(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("merge 46")
		s.do("ci fail 46 test-backend")
		s.settle()
		s.do("rerun 45") // is open
		s.do("merge 45")
		s.do("rerun 46 failed") // not the newest of the branch
		s.settle()
		for _, r := range s.Repo.Runs()[:3] {
			want := map[string]int{"push of #45's merge": 1, "push of #46's merge": 2, "pull_request of bob/45": 2}
			name := r.Event + " of " + r.Branch
			for n, of := range map[int]string{45: "push of #45's merge", 46: "push of #46's merge"} {
				if p, _ := s.Repo.Pull(n); p.MergeSHA == r.SHA {
					name = of
				}
			}
			if r.Attempt != want[name] && want[name] != 0 {
				s.t.Errorf("the %s had %d attempts, want %d", name, r.Attempt, want[name])
			}
		}
		s.do("rerun master")
		s.do("cancel master")
		s.settle()
		if got := s.runs("master")[0]; got != "CI #22 push cancelled" {
			s.t.Errorf("the run is %s", got)
		}
	})
}

func TestAClosedPullRequestIsNotMerged(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("close 45")
		if p, _ := s.Repo.Pull(45); p.State != "closed" || p.Merged {
			s.t.Errorf("#45 is %+v", p)
		}
		s.do("rerun 45") // its checks can run again nevertheless
		s.settle()
	})
}

func TestGitHubActionsIsLate(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("down runs")
		s.do("merge 46")
		time.Sleep(time.Hour)
		s.do("up runs")
		s.do("down runners")
		time.Sleep(time.Hour)
		if got := s.runs("master")[0]; got != "CI #21 push " {
			s.t.Errorf("the run is %q", got)
		}
		s.do("up runners")
		s.settle()
		if now := s.app().Current(); now.Version != 123 {
			s.t.Errorf("live is v%d", now.Version)
		}
		s.do("down runs")
		s.do("merge 45")
		s.do("up runs lost")
		s.settle()
		if now := s.app().Current(); now.Version != 123 {
			s.t.Errorf("live is then v%d", now.Version)
		}
	})
}

func TestADeployIsSkipped(t *testing.T) {
	in(t, nil, func(s story) {
		s.do("ci skip-deploy")
		s.do("merge 46")
		s.settle()
		if got := s.runs("master")[0]; got != "CI #21 push success" || s.app().Current().Version != 122 {
			s.t.Errorf("the run is %s, live is v%d", got, s.app().Current().Version)
		}
	})
}

func TestChannelsChangeInSlack(t *testing.T) {
	in(t, nil, func(s story) {
		home := func() slacksim.Channel {
			all := s.Slack.Channels()
			return all[slices.IndexFunc(all, func(c slacksim.Channel) bool { return c.ID == s.Home() })]
		}
		members := len(home().Members)
		for _, step := range []struct {
			line            string
			archived, botIn bool
			name            string
		}{
			{"archive #deploys", true, true, "deploys"},
			{"unarchive #deploys", false, true, "deploys"},
			{"remove-bot #deploys", false, false, "deploys"},
			{"rename #deploys #ship-it", false, false, "ship-it"},
			{"invite-bot #ship-it", false, true, "ship-it"},
		} {
			s.do(step.line)
			if c := home(); c.Archived != step.archived || c.BotIn != step.botIn || c.Name != step.name || len(c.Members) != members {
				s.t.Errorf("after !%s it is %+v", step.line, c)
			}
		}
		if _, err := s.ChannelID("deploys"); err == nil || s.ChannelName(s.Home()) != "ship-it" {
			s.t.Error("the old name still stands")
		}
	})
}

func TestANewerRunSupersedesInAConcurrencyGroup(t *testing.T) {
	t.Parallel()
	t.Run("cancels", func(t *testing.T) {
		in(t, []string{"concurrency ci cancel-in-progress"}, func(s story) {
			s.do("push 45")
			time.Sleep(30 * time.Second)
			s.do("push 45")
			s.settle()
			if want := []string{"CI #22 pull_request success", "CI #21 pull_request cancelled"}; !slices.Equal(s.runs("bob/45")[:2], want) {
				s.t.Errorf("the runs are %q", s.runs("bob/45")[:2])
			}
		})
	})
	t.Run("waits", func(t *testing.T) {
		in(t, []string{"concurrency ci"}, func(s story) {
			s.do("merge 46")
			s.do("merge 45")
			s.do(`direct "hotfix"`)
			s.settle()
			if want := []string{"CI #23 push success", "CI #22 push cancelled", "CI #21 push success"}; !slices.Equal(s.runs("master")[:3], want) {
				s.t.Errorf("the runs are %q", s.runs("master")[:3])
			}
		})
	})
}

func TestSettingsStandInTheRepositoryAndChange(t *testing.T) {
	t.Parallel()
	w, err := world.New(world.Options{Settings: "branch: master\n", File: func(name string) (string, error) {
		if name != "other.yml" {
			return "", errors.New("there is no such file")
		}
		return "branch: main\n", nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	text := func() string {
		r := httptest.NewRequest(http.MethodGet, "/repos/penny-university/penny_university/contents/.slipway.yml", nil)
		for _, l := range w.Env() {
			if token, ok := strings.CutPrefix(l, "GITHUB_TOKEN="); ok {
				r.Header.Set("Authorization", "Bearer "+token)
			}
		}
		answer := httptest.NewRecorder()
		w.GitHub.ServeHTTP(answer, r)
		var file struct{ Content string }
		_ = json.Unmarshal(answer.Body.Bytes(), &file)
		text, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(file.Content, "\n", ""))
		return string(text)
	}
	if got := text(); got != "branch: master\n" {
		t.Errorf("it begins as %q", got)
	}
	for _, step := range []struct{ name, want string }{{"other.yml", "branch: main\n"}, {"none", ""}} {
		if err := w.Do("settings", []string{step.name}); err != nil || text() != step.want {
			t.Errorf("!settings %s: %v, and it is %q", step.name, err, text())
		}
	}
	if err := w.Do("settings", []string{"x.yml"}); err == nil || err.Error() != "there is no such file" {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAnAppTellsInAChannelOfItsOwn(t *testing.T) {
	in(t, []string{"world pair", "channel penny-qa #general"}, func(s story) {
		if env := strings.Join(s.Env(), "\n"); !strings.Contains(env, "APPS=penny-qa=penny-university/penny_university#general,penny-university=penny-university/penny_university#deploys") {
			s.t.Errorf("the environment is\n%s", env)
		}
	})
}
