package world_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/sim/world"
)

func TestAWorldBeginsAsItIsDescribed(t *testing.T) {
	in(t, nil, func(s story) {
		if open := s.Open(); len(open) > 0 {
			s.t.Errorf("open from the beginning: %q", open)
		}
		now := s.app().Current()
		if now.Version != 122 || now.Commit != s.Repo.Head("master").SHA || !strings.HasPrefix(now.Description, "Deploy ") {
			s.t.Errorf("live is %+v", now)
		}
		releases := s.app().Releases()
		for i, r := range releases {
			if want := 122 - i; r.Version != want {
				s.t.Errorf("release %d is v%d, want v%d", i, r.Version, want)
			}
			if i > 0 && !r.CreatedAt.Before(releases[i-1].CreatedAt) {
				s.t.Errorf("v%d is not older than v%d", r.Version, releases[i-1].Version)
			}
		}
		if v121 := releases[1]; v121.Description != "Set SLACK_CHANNEL config vars" || v121.SlugID != releases[2].SlugID {
			s.t.Errorf("v121 is %+v", v121)
		}
		var open []string
		for _, p := range s.Repo.OpenPulls() {
			open = append(open, fmt.Sprintf("#%d by %s", p.Number, p.Author))
			if checks := s.runs(p.Head); !slices.ContainsFunc(checks, func(c string) bool { return strings.HasSuffix(c, "pull_request success") }) {
				s.t.Errorf("the checks of #%d are %q", p.Number, checks)
			}
		}
		if want := []string{"#45 by bob", "#46 by alice"}; !slices.Equal(open, want) {
			s.t.Errorf("open are %q", open)
		}
	})
}

func TestEachWayToMergeLeadsToARelease(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"default", "two-files", "pair"} {
		for _, line := range []string{"merge 45", "merge 45 squash", "merge 45 rebase", "merge 46 queue", "merge 46 merge", `direct "a hotfix"`} {
			t.Run(kind+"/"+line, func(t *testing.T) {
				in(t, []string{"world " + kind}, func(s story) {
					before := s.Repo.Head("master")
					s.do(line)
					head := s.Repo.Head("master")
					if head.SHA == before.SHA {
						s.t.Fatal("nothing landed")
					}
					if open := s.Open(); len(open) != 1 || !strings.Contains(open[0], "of master") {
						s.t.Errorf("open is %q", open)
					}
					s.settle()
					for _, app := range s.Apps {
						now := app.Current()
						if now.Version != 123 || now.By != "ci@penny.example" {
							s.t.Errorf("%s runs %+v", app.Name(), now)
						}
						if known := now.Commit == head.SHA; known == (kind == "two-files") {
							s.t.Errorf("%s runs %s, the head is %s", app.Name(), now.Commit, head.SHA)
						}
					}
				})
			})
		}
	}
}

func TestTheFirstOfSeveralMergesIsDeployedFirst(t *testing.T) {
	t.Parallel()
	for range 10 {
		t.Run("", func(t *testing.T) {
			in(t, nil, func(s story) {
				var want []string
				for _, line := range []string{"merge 46", "merge 45", `direct "a hotfix"`} {
					s.do(line)
					want = append(want, s.Repo.Head("master").SHA)
				}
				s.settle()
				releases := s.app().Releases()
				got := []string{releases[2].Commit, releases[1].Commit, releases[0].Commit}
				if diff := cmp.Diff(want, got); diff != "" {
					s.t.Errorf("(-merged +deployed):\n%s", diff)
				}
			})
		})
	}
}

func TestWhatIsDeployedIsUnknownToGitHubInTwoFiles(t *testing.T) {
	in(t, []string{"world two-files"}, func(s story) {
		s.do("merge 46")
		s.settle()
		s.do("cli deploy") // by hand nothing adds a commit
		s.settle()
		known := map[string]bool{}
		for _, r := range s.Repo.Runs() {
			known[r.SHA] = true
		}
		for _, r := range s.app().Releases() {
			if by := r.By == "alice@penny.example" && r.Version == 124; known[r.Commit] != by {
				s.t.Errorf("v%d by %s is of %s; known: %v", r.Version, r.By, r.Commit, known[r.Commit])
			}
		}
		var names []string
		for _, job := range s.Repo.Runs()[len(s.Repo.Runs())-1].Jobs {
			names = append(names, job.Name)
		}
		if want := []string{"test-frontend (12)", "test-backend (3.8)", "test-integration (12)"}; !slices.Equal(names, want) {
			s.t.Errorf("the jobs are %q", names)
		}
	})
}

func TestAPairIsOneRepositoryAndTwoApps(t *testing.T) {
	in(t, []string{"world pair"}, func(s story) {
		var names []string
		for _, app := range s.Apps {
			names = append(names, app.Name())
		}
		if want := []string{"penny-qa", "penny-university"}; !slices.Equal(names, want) {
			s.t.Errorf("the apps are %q", names)
		}
		if env := strings.Join(s.Env(), "\n"); !strings.Contains(env, "APPS=penny-qa=penny-university/penny_university#deploys,penny-university=penny-university/penny_university#deploys") {
			s.t.Errorf("the environment is\n%s", env)
		}
		s.do("config A=1") // means the last
		s.settle()
		if qa, live := s.Apps[0].Current(), s.Apps[1].Current(); qa.Version != 122 || live.Version != 123 {
			s.t.Errorf("v%d and v%d", qa.Version, live.Version)
		}
	})
}

func TestPeopleAreWhereTheStoryPutsThem(t *testing.T) {
	in(t, nil, func(s story) {
		id := func(name string) string {
			id, ok := s.UserID(name)
			if !ok {
				s.t.Fatalf("nobody is called %s", name)
			}
			return id
		}
		for _, u := range s.Slack.Users() {
			switch u.Name {
			case "carol":
				if !u.Guest {
					s.t.Error("carol is no guest")
				}
			case "erin":
				if !u.Stranger || u.TeamID == s.Slack.TeamID() {
					s.t.Error("erin is from here")
				}
			default:
				if u.Guest || u.Stranger {
					s.t.Errorf("%s is a guest or a stranger", u.Name)
				}
			}
		}
		for _, name := range world.People() {
			if s.Names()[id(name)] != name || s.DirectWith(s.Slack.DM(id(name))) != name {
				s.t.Errorf("%s is called otherwise", name)
			}
		}
		if s.Names()[s.Slack.BotUserID()] != "slipway" || s.ChannelName("C1") != "" || s.DirectWith("C1") != "" {
			s.t.Error("the bot has another name, or a channel that is not there has one")
		}
		if _, err := s.ChannelID("random"); err == nil || !strings.Contains(err.Error(), "#deploys and #general") {
			s.t.Errorf("#random: %v", err)
		}
		if _, ok := s.UserID("zoe"); ok {
			s.t.Error("zoe is somebody")
		}
	})
}
