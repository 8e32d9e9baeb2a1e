package world_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	herokusim "slipway/integrations/sim/heroku"
	"slipway/integrations/sim/world"
)

// begin is when the stories of these tests begin.
var begin = time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)

// story is a world in a bubble.
type story struct {
	*world.World
	t *testing.T
}

// in runs f in a bubble with a world. Nothing may be going on when it ends.
func in(t *testing.T, changes []string, f func(s story)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		w, err := world.New(world.Options{Changes: changes})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		f(story{w, t})
	})
}

// do plays a line such as "merge 46 squash".
func (s story) do(line string) {
	s.t.Helper()
	if err := s.try(line); err != nil {
		s.t.Fatalf("!%s: %v", line, err)
	}
	synctest.Wait()
}

func (s story) try(line string) error {
	words := strings.Fields(line)
	if before, after, ok := strings.Cut(line, ` "`); ok { // the last word has spaces
		words = append(strings.Fields(before), strings.TrimSuffix(after, `"`))
	}
	return s.Do(words[0], words[1:])
}

// settle lets time pass until nothing is open.
func (s story) settle() {
	s.t.Helper()
	for range 3600 {
		synctest.Wait()
		if len(s.Open()) == 0 {
			return
		}
		time.Sleep(time.Second)
	}
	s.t.Fatalf("still open: %q", s.Open())
}

func (s story) app() *herokusim.App { return s.Apps[len(s.Apps)-1] }

// runs gives the runs of a branch, newest first: "CI #21 push success".
func (s story) runs(branch string) []string {
	var list []string
	for _, r := range s.Repo.Runs() {
		if r.Branch == branch {
			list = append(list, fmt.Sprintf("%s #%d %s %s", r.Name, r.Number, r.Event, r.Conclusion))
		}
	}
	return list
}

// read asks Heroku with the bot's token.
func (s story) read(path string) string {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept", "application/vnd.heroku+json; version=3")
	for _, l := range s.Env() {
		if token, ok := strings.CutPrefix(l, "HEROKU_API_KEY="); ok {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	w := httptest.NewRecorder()
	s.Heroku.ServeHTTP(w, r)
	return w.Body.String()
}
