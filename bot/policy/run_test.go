package policy_test

import (
	"testing"
	"testing/synctest"
	"time"

	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/policy"
	githubsim "slipway/integrations/sim/github"
)

const path = "/contents/" + policy.File

func TestTheFileIsReadAtStartEveryFiveMinutesAndWhenABranchMoves(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.commit("master", all)
		defer s.run()()
		time.Sleep(time.Second)
		s.wants(settings.AllChecks, "")
		s.commit("master", none)
		time.Sleep(5 * time.Minute)
		s.wants(settings.NoChecks, "")
		s.commit("master", all)
		s.Nudge(repo)
		if s.Busy() == 0 {
			s.t.Error("nothing is under way after a nudge")
		}
		time.Sleep(time.Second)
		s.wants(settings.AllChecks, "")
		s.commit("master", none)
		s.Folded([]ledger.Subject{{Kind: ledger.KindRun, Scope: ledger.RepoScope(repo)}, {Kind: ledger.KindHead, Scope: "other/repo", Key: "master"}})
		time.Sleep(time.Second)
		s.wants(settings.AllChecks, "")
		s.Folded([]ledger.Subject{{Kind: ledger.KindHead, Scope: ledger.RepoScope(repo), Key: "master"}})
		time.Sleep(time.Second)
		s.wants(settings.NoChecks, "")
		synctest.Wait()
		if n := s.Busy(); n != 0 {
			s.t.Errorf("%d readings are under way", n)
		}
		if n := s.asked(""); n != 4 { // once for each version
			s.t.Errorf("the repository was read %d times, want 4", n)
		}
	})
}

func TestOneProcessAtATimeReadsPeriodically(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.commit("master", all)
		defer s.run()()
		synctest.Wait()
		s.process(one)
		defer s.run()()
		time.Sleep(time.Hour + time.Minute)
		if n := s.asked(path); n < 12 || n > 13 {
			s.t.Errorf("two processes read the file %d times in an hour, want 12 or 13", n)
		}
		s.wants(settings.AllChecks, "")
	})
}

func TestAFileThatCouldNotBeReadIsReadSoonAgainAndLoggedOnce(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.commit("master", all)
		s.Weather().SetDown(true)
		defer s.run()()
		time.Sleep(10 * time.Minute)
		s.wants(settings.FailedChecks, "")
		s.logs("what was in force stays so", 1)
		s.Weather().SetDown(false)
		time.Sleep(time.Minute)
		s.wants(settings.AllChecks, "")
		s.logs("are read again", 1)
	})
}

func TestTheSettingOfTheBranchWins(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.team.Branch("master", "production")
		wants := func(deploys, setting string) {
			s.t.Helper()
			if got := s.branch(); got != deploys {
				s.t.Errorf("%q deploys, want %q", got, deploys)
			}
			if got, err := s.Branch(s.t.Context(), repo); got != setting || err != nil {
				s.t.Errorf("the settings name %q (%v), want %q", got, err, setting)
			}
		}
		wants("", "")
		s.refresh()
		wants("master", "")
		time.Sleep(time.Second)
		s.set("branch: production\n")
		wants("production", "production")
		time.Sleep(time.Second)
		s.set("branch: [x]\n")
		wants("production", "production")
		time.Sleep(time.Second)
		s.set("-")
		wants("master", "")
	})
}

func TestEveryVersionIsToldToTheLedger(t *testing.T) {
	onStage(t, one, func(s *stage) {
		for i, text := range []string{all, bad, all, "-"} {
			s.set(text)
			s.refresh() // which is nothing new
			if len(s.told) != 2*(i+1) || s.kept != i+1 {
				s.t.Fatalf("after %q %d facts were folded, and %d versions kept", text, len(s.told), s.kept)
			}
			if r, ok := s.told[2*i+1].(ledger.Reading); !ok || r.Scope != ledger.RepoScope(repo) || r.At.IsZero() {
				s.t.Errorf("folded was %v, want a reading, which has the apps' news told anew", s.told[2*i+1])
			}
		}
	})
}

func TestAppsOfOneRepositoryDeployFromOneBranch(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"at the top":        {"branch: production\n", ""},
		"the same":          {"branch: production\napps:\n  penny-qa:\n    branch: production\n", ""},
		"for the other app": {"apps:\n  penny-qa:\n    branch: dev<!here>elop\n", "the apps of this repository deploy from different branches (`penny-university` from the default branch, `penny-qa` from `dev&lt;!here&gt;elop`). This version"},
		"both":              {"branch: a\napps:\n  penny-qa:\n    branch: b\n", "the apps of this repository deploy from different branches (`penny-university` from `a`, `penny-qa` from `b`)."},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, two, func(s *stage) {
				s.set(all)
				s.set(tt.text)
				checks := settings.AllChecks
				if tt.want == "" {
					checks = settings.FailedChecks
				}
				s.wants(checks, tt.want)
			})
		})
	}
}

func TestAFileOfAnySizeAndOfAnyBytesIsKept(t *testing.T) {
	onStage(t, one, func(s *stage) {
		huge := make([]byte, 1<<20)
		for i := range huge {
			huge[i] = '#'
		}
		for text, want := range map[string]string{
			string(huge):          "the file is larger than 64 KB",
			"a: \x00\xff\nb: x\n": "line 1: this is not UTF-8",
		} {
			s.set(text)
			s.wants(settings.FailedChecks, want)
			s.process(one)
			s.wants(settings.FailedChecks, want)
			s.commit("master", "-")
			s.team.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "x", Files: []githubsim.File{{Path: "x", Text: want}}})
			s.refresh()
		}
	})
}
