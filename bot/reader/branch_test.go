package reader_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"slipway/bot/ledger"
	"slipway/integrations/github"
)

func TestTheBranchThatATeamSetsIsTheOneThatDeploys(t *testing.T) {
	t.Parallel()
	on(t, nil, nil, func(s *stage) {
		var set string
		var away error
		s.reader.Deploys = func(_ context.Context, repo github.Repo) (string, error) {
			if repo != s.app.Repo {
				s.t.Errorf("asked for %s", repo)
			}
			return set, away
		}
		k := s.nothing()
		know := func(want string) {
			s.t.Helper()
			for range 2 { // the head that is read with the branch is that of the branch before
				s.reader.Know(s.t.Context(), s.app, k, nobody)
				time.Sleep(time.Minute)
			}
			head, ok := k.Head()
			if k.Branch() != want || !ok || head.SHA != s.Repo.Head(want).SHA {
				s.t.Errorf("the branch is %q at %q, want %q at %q", k.Branch(), head.SHA, want, s.Repo.Head(want).SHA)
			}
			time.Sleep(time.Hour)
		}
		know("master")
		s.Repo.Branch("master", "production")
		s.do(`direct hotfix`)
		s.settle()
		set = "production"
		know("production")
		set, away = "", errors.New("the database is away")
		know("production") // which stays, as it is not known to be another one
		if trouble := k.ReadAt(ledger.Branches); time.Since(trouble) < time.Hour+time.Minute {
			s.t.Errorf("the branch was read at %v", trouble)
		}
		away = nil
		know("master")
	})
}
