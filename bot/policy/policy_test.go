package policy_test

import (
	"context"
	"testing"
	"time"

	"slipway/bot/config/settings"
	"slipway/bot/policy"
	"slipway/bot/store"
	githubsim "slipway/integrations/sim/github"
)

const (
	all   = "notify:\n  checks: all\n"
	none  = "notify:\n  checks: none\n"
	bad   = "notify:\n  chekcs: all\n"
	worse = "notify:\n  checks: all\nnotfy:\n  checks: none\n"
)

func TestWithoutAFileTheDefaultsAreInForce(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.wants(settings.FailedChecks, "")
		s.refresh()
		s.wants(settings.FailedChecks, "")
		s.set(all)
		s.wants(settings.AllChecks, "")
		s.set("-")
		s.wants(settings.FailedChecks, "")
	})
}

func TestWhetherTheFileWasReadIsKnown(t *testing.T) {
	onStage(t, one, func(s *stage) {
		wants := func(want bool) {
			s.t.Helper()
			s.do(func(ctx context.Context, tx *store.Tx) error {
				read, err := s.Policy.Read(ctx, tx, s.Apps[0])
				if read != want {
					s.t.Errorf("read is %t, want %t", read, want)
				}
				return err
			})
		}
		wants(false)
		s.Weather().SetDown(true)
		if err := s.Refresh(s.t.Context(), repo); err == nil {
			s.t.Error("GitHub is down")
		}
		wants(false)
		s.Weather().SetDown(false)
		s.refresh() // there is none
		wants(true)
		s.process(one)
		wants(true)
	})
}

func TestABadFileKeepsTheLastGoodOne(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.set(bad)
		s.wants(settings.FailedChecks, "line 2: there is no `notify.chekcs`")
		if _, f := s.in(); f.Good {
			s.t.Error("nothing was ever good")
		}
		s.set(all)
		s.wants(settings.AllChecks, "")
		s.set(bad)
		s.wants(settings.AllChecks, "line 2: there is no `notify.chekcs`. Did you mean")
		s.process(one)
		s.wants(settings.AllChecks, "line 2")
		s.refresh()
		s.set(worse)
		s.wants(settings.AllChecks, "line 3: there is no `notfy`")
		if _, f := s.in(); !f.Good || f.Hash == "" || f.Since.IsZero() {
			s.t.Errorf("%+v", f)
		}
		s.set(none)
		s.wants(settings.NoChecks, "")
	})
}

func TestABadVersionIsKeptToBeToldOnceAndWhatBecameOfIt(t *testing.T) {
	onStage(t, one, func(s *stage) {
		const first, second = "there is no `notify.", "there is no `notfy`."
		for _, step := range []struct{ text, want string }{
			{bad, first + ", good false,"},
			{bad, first + ", good false,"},
			{worse, first + ", good false, wrong\n" + second + ", good false,"},
			{all, first + ", good false, wrong\n" + second + ", good false, taken"},
			{bad, second + ", good false, taken\n" + first + ", good true,"},
			{"-", second + ", good false, taken\n" + first + ", good true, gone"},
		} {
			time.Sleep(time.Second)
			s.set(step.text)
			s.process(one) // a restart tells nothing anew
			s.refresh()
			if got := s.faulties(); got != step.want {
				s.t.Errorf("after %q:\n%s\nwant:\n%s", step.text, got, step.want)
			}
		}
	})
}

func TestOnlyTheDefaultBranchMeansAnything(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.set(all + "branch: production\n")
		for _, branch := range []string{"production", "feature/45"} {
			s.team.Branch("master", branch)
			s.commit(branch, none)
		}
		s.team.OpenPull(githubsim.PullSpec{Number: 45, Title: "Help myself", Author: "ada", Head: "feature/45"})
		s.refresh()
		s.wants(settings.AllChecks, "")
		if _, err := s.team.Merge(45, "squash", "bob"); err != nil {
			s.t.Fatal(err)
		}
		s.refresh()
		s.wants(settings.NoChecks, "")
	})
}

func TestWhatCannotBeReadStaysInForce(t *testing.T) {
	onStage(t, one, func(s *stage) {
		s.set(all)
		refused := func(why string) {
			s.t.Helper()
			if err := s.Refresh(s.t.Context(), repo); err == nil {
				s.t.Errorf("%s: read all the same", why)
			}
			s.wants(settings.AllChecks, "")
		}
		s.Weather().SetDown(true)
		refused("GitHub is down")
		s.Weather().SetDown(false)
		s.AddToken(token, "slipway-bot") // of which GitHub says that there is no such repository, and no such file
		refused("the token was taken the repository")
		s.AddToken(token, "slipway-bot", name)
		s.commit("master", "-")
		s.team.Commit("master", githubsim.CommitSpec{Author: "ada", Message: "Make it a folder", Files: []githubsim.File{{Path: policy.File + "/x", Text: "x"}}})
		refused("it is a folder")
	})
}

func TestOnlyRepositoriesOfAPPSAreRead(t *testing.T) {
	onStage(t, one, func(s *stage) {
		other := s.Apps[0]
		other.Repo.Name = "other"
		if err := s.Refresh(s.t.Context(), other.Repo); err == nil {
			s.t.Error("another repository was read")
		}
		s.set(all)
		s.do(func(ctx context.Context, tx *store.Tx) error {
			app, _, err := s.In(ctx, tx, other)
			if app.Notify.Checks != settings.FailedChecks {
				s.t.Error("another repository's settings are in force")
			}
			return err
		})
		if branch, err := s.Branch(s.t.Context(), other.Repo); branch != "" || err != nil {
			s.t.Error(branch, err)
		}
	})
}

func TestAppsOfOneRepositoryHaveTheirOwnSettings(t *testing.T) {
	onStage(t, two, func(s *stage) {
		s.set(all + "apps:\n  penny-qa:\n    notify:\n      checks: none\n")
		s.wants(settings.AllChecks, "")
		s.do(func(ctx context.Context, tx *store.Tx) error {
			qa, _, err := s.In(ctx, tx, s.Apps[1])
			if qa.Notify.Checks != settings.NoChecks {
				s.t.Errorf("penny-qa has %q", qa.Notify.Checks)
			}
			return err
		})
		if n := s.asked("/contents/" + policy.File); n != 1 {
			s.t.Errorf("the file was read %d times", n)
		}
	})
}

// What is right and wrong depends on the apps, too.
func TestWhenAPPSChangesTheFileIsUnderstoodAnew(t *testing.T) {
	onStage(t, one, func(s *stage) {
		const mine = none + "apps:\n  penny-qa:\n    notify:\n      checks: all\n"
		s.set(all)
		s.set(mine)
		s.wants(settings.AllChecks, "line 4: `penny-qa` is no app of this repository")
		s.process(two)
		s.wants(settings.NoChecks, "")
		s.refresh()
		s.process(one)
		s.wants(settings.FailedChecks, "line 4") // the last good one is this one
		s.refresh()
		if _, f := s.in(); f.Good {
			s.t.Error("what is not good any more is called so")
		}
		s.set(none)
		s.wants(settings.NoChecks, "")
	})
}
