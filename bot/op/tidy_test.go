package op_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAPlanThatCannotBeReadDoesNotKeepOthersFromExpiring(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		broken, whole := s.offer(alice, plan()), s.offer(bob, plan())
		s.change("update plans set body = 'no plan' where id = $1", broken.ID)
		time.Sleep(12 * time.Minute)
		for _, id := range []string{broken.ID, whole.ID} {
			if !slices.Contains(s.trail(id), "expired") {
				t.Errorf("%s has not expired: %q", id, s.trail(id))
			}
		}
		s.change("update plans set expires = expires - $1", (30 * 24 * time.Hour).Milliseconds())
		time.Sleep(2 * time.Minute)
		var n int
		if s.read("select count(*) from plans", nil, &n); n != 0 {
			t.Errorf("%d plans are kept", n)
		}
		if strings.Contains(s.log.String(), "level=") {
			t.Error("it was logged")
		}
	})
}
