package world_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/world"
)

func TestALongHistoryIsFull(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"default", "two-files", "pair"} {
		t.Run(kind, func(t *testing.T) {
			in(t, []string{"world " + kind, "history 30 days"}, func(s story) {
				releases := s.app().Releases()
				for i, r := range releases {
					if want := 122 - i; r.Version != want {
						s.t.Fatalf("release %d is v%d, want v%d", i, r.Version, want)
					}
					if i > 0 && !r.CreatedAt.Before(releases[i-1].CreatedAt) {
						s.t.Errorf("v%d is not older than v%d", r.Version, releases[i-1].Version)
					}
				}
				if n := len(releases); n < 45 {
					s.t.Errorf("there are %d releases", n)
				}
				per := map[string]int{} // merges by day
				red, fixed, runs := 0, 0, s.Repo.Runs()
				for _, r := range runs {
					switch {
					case r.Event == "push" && r.CreatedAt.Before(begin.AddDate(0, 0, -31)):
						s.t.Errorf("run %d is of %v", r.Number, r.CreatedAt)
					case r.Event == "push":
						per[r.CreatedAt.Format(time.DateOnly)]++
					}
					if r.Conclusion == "failure" && r.Event == "push" {
						red++
					} else if r.Conclusion == "failure" {
						fixed++
					}
				}
				if len(per) < 20 || red < 3 || fixed < 5 || len(runs) < 80 {
					s.t.Errorf("%d days with merges, %d red, %d fixed, %d runs", len(per), red, fixed, len(runs))
				}
				if now := s.app().Current(); now.Version != 122 {
					s.t.Errorf("live is %+v", now)
				}
				s.do("merge 46")
				s.settle()
				if now := s.app().Current(); now.Version != 123 {
					s.t.Errorf("live is then %+v", now)
				}
			})
		})
	}
}

func TestAPastOfAnyLengthStands(t *testing.T) {
	t.Parallel()
	for _, days := range []string{"1", "7", "99"} {
		t.Run(days, func(t *testing.T) {
			in(t, []string{"history " + days + " days"}, func(s story) {
				if !slices.ContainsFunc(s.Repo.Runs(), func(r githubsim.Run) bool { return strings.HasPrefix(r.Name, "CI") }) {
					s.t.Error("nothing ever ran")
				}
			})
		})
	}
}

// Not parallel inside: the second world is compared with the first.
func TestALongHistoryIsTheSameAgain(t *testing.T) {
	t.Parallel()
	var worlds [2][]string
	for i := range worlds {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(begin))
			w, err := world.New(world.Options{Changes: []string{"history 30 days"}})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			for _, r := range w.Repo.Runs() {
				worlds[i] = append(worlds[i], r.CreatedAt.String()+" "+r.SHA+" "+r.Conclusion)
			}
			for _, r := range w.Apps[0].Releases() {
				worlds[i] = append(worlds[i], r.CreatedAt.String()+" "+r.Description)
			}
		})
	}
	if diff := cmp.Diff(worlds[0], worlds[1]); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}
