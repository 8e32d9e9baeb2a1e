package herokusim

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told renders events as "api:release update pending".
func told(events []Event) string {
	var out []string
	for _, e := range events {
		var data struct{ Name, Status, State string }
		_ = json.Unmarshal(e.Data, &data) // what an entity has not stays empty
		words := []string{e.Include, e.Action}
		if e.Include == "dyno" {
			words = append(words, data.Name)
		}
		out = append(out, strings.TrimSpace(strings.Join(append(words, data.Status+data.State), " ")))
	}
	return strings.Join(out, "\n")
}

// "One release gives a `create` and one or more `update` events"; the entities are those of app webhooks.
func TestEverythingThatHappensIsAnnounced(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		if events, _ := s.Events(0); len(events) != 0 {
			t.Errorf("the past was announced:\n%s", told(events))
		}
		if _, err := s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, By: bob}); err != nil {
			t.Fatal(err)
		}
		events, next := s.Events(0)
		want := `api:build create pending
api:release create pending
api:build update succeeded
api:release update succeeded
dyno destroy web.1 down
dyno destroy web.2 down
dyno destroy worker.1 down
dyno create web.1 starting
dyno create web.2 starting
dyno create worker.1 starting
dyno update web.1 up
dyno update web.2 up
dyno update worker.1 up`
		if diff := cmp.Diff(want, told(events)); diff != "" {
			t.Error(diff)
		}
		if events[0].Actor != bob || events[0].App != "penny-university" || events[0].ID == events[1].ID {
			t.Errorf("the first two are %+v and %+v", events[0], events[1])
		}
		s.app.SetMaintenance(true)
		s.app.SetMaintenance(true)
		if events, _ := s.Events(next); told(events) != "api:app update" {
			t.Errorf("maintenance:\n%s", told(events))
		}
	})
}

// Ids come from what a thing is, not from chance: two runs tell the same, byte for byte.
func TestTwoRunsAreTheSame(t *testing.T) {
	t.Parallel()
	var runs [2]string
	for i := range runs {
		play(t, Options{}, func(t *testing.T, s *site) {
			rc := s.receive(t, 500)
			s.hook(t, rc, "sync", "api:release", "dyno")
			s.start(t, `{"command":"echo hi; exit 3"}`)
			s.app.NextReleasePhase(true, "no\n")
			_, _ = s.app.Deploy(t.Context(), DeploySpec{Commit: sha2, By: bob})
			_, _ = s.app.Rollback(t.Context(), 120, bob)
			events, _ := s.Events(0)
			text, err := json.Marshal(events)
			if err != nil {
				t.Fatal(err)
			}
			a := s.get(t, "/apps/penny-university/releases", "Accept: "+sdk)
			time.Sleep(time.Minute)
			runs[i] = string(text) + a.body + a.Header.Get("Request-Id") + s.get(t, s.session(t, `{}`), "Authorization: ").body
			for _, one := range rc.all() {
				runs[i] += one.at.String() + string(one.body) + one.header.Get("Heroku-Webhook-Hmac-SHA256")
			}
		})
	}
	if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
		t.Error(diff)
	}
}
