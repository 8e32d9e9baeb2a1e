package heroku_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

func TestEachEventIsRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2023, 8, 3, 10, 0, 30, 693808000, time.UTC)
	ptr := func(n int) *int { return &n }
	yes := true
	for name, c := range map[string]struct {
		resource, action, include, data, previous string
		want                                      any
	}{
		"release": {
			"release", "update", "api:release", `{"id":"r1","app":{"id":"a1","name":"shop","process_tier":"production"},"version":6644,"status":"succeeded","current":true,"description":"Deploy 69eec518","slug":{"id":"s1","commit":"69eec518968cc409e116940aa5304ab6ab237a4d","commit_description":"  * Ann: Second"},"user":{"id":"u","email":"ann@example.com"},"output_stream_url":null,"created_at":"2023-08-03T10:00:30.693808Z","updated_at":"2023-08-03T10:00:30.693808Z"}`, `{}`,
			&heroku.ReleaseEvent{
				AppID: "a1", App: "shop", Commit: "69eec518968cc409e116940aa5304ab6ab237a4d", CommitDescription: "  * Ann: Second",
				Release: heroku.Release{ID: "r1", Version: 6644, Status: "succeeded", Current: true, Description: "Deploy 69eec518", SlugID: "s1", By: "ann@example.com", CreatedAt: at, UpdatedAt: at},
			},
		},
		"release without a slug": {
			"release", "create", "api:release", `{"id":"r1","version":3,"status":"pending","slug":null,"user":null,"output_stream_url":"https://x"}`, `null`,
			&heroku.ReleaseEvent{Release: heroku.Release{ID: "r1", Version: 3, Status: "pending", OutputURL: "https://x"}},
		},
		"build": {
			"build", "create", "api:build", `{"id":"b1","app":{"id":"a1"},"status":"pending","source_blob":{"url":"s","version":"abc"},"user":{"email":"ann@example.com"},"release":null,"slug":null,"output_stream_url":"https://x"}`, `{}`,
			&heroku.BuildEvent{AppID: "a1", Build: heroku.Build{ID: "b1", Status: "pending", Commit: "abc", By: "ann@example.com", OutputURL: "https://x"}},
		},
		"dyno begins": {
			"dyno", "create", "dyno", `{"id":"d1","name":"run.1","type":"run","state":"starting","exit_status":null,"management":"run:detached","command":"ls","size":"Basic","app":{"id":"a1","name":"shop"},"release":{"id":"r","version":7}}`, `{}`,
			&heroku.DynoEvent{AppID: "a1", App: "shop", Management: "run:detached", Dyno: heroku.Dyno{ID: "d1", Name: "run.1", Type: "run", State: "starting", Command: "ls", Size: "Basic", Release: 7}},
		},
		"dyno ends well": {
			"dyno", "destroy", "dyno", `{"id":"d1","name":"run.1","state":"down","exit_status":0}`, `{}`,
			&heroku.DynoEvent{Dyno: heroku.Dyno{ID: "d1", Name: "run.1", State: "down"}, ExitStatus: ptr(0)},
		},
		"maintenance": {
			"app", "update", "api:app", `{"id":"a1","name":"shop","maintenance":false,"owner":{"email":"ann@example.com"},"stack":{"name":"heroku-24"},"released_at":null,"web_url":null}`, `{"maintenance":true}`,
			&heroku.AppEvent{App: heroku.App{ID: "a1", Name: "shop", Owner: "ann@example.com", Stack: "heroku-24"}, WasMaintenance: &yes},
		},
		"scaled": {
			"formation", "update", "api:formation", `{"id":"f","app":{"id":"a1","name":"shop"},"type":"web","command":"c","size":"1X","quantity":0}`, `{"quantity":1}`,
			&heroku.FormationEvent{AppID: "a1", App: "shop", Process: heroku.Process{Type: "web", Command: "c", Size: "1X"}, Was: ptr(1)},
		},
		"collaborator": {
			"collaborator", "create", "api:collaborator", `{"id":"c","app":{"id":"a1","name":"shop"},"user":{"email":"bob@example.com"},"role":"admin","permissions":[{"name":"deploy"}]}`, `{}`,
			&heroku.CollaboratorEvent{AppID: "a1", App: "shop", Person: heroku.Collaborator{Email: "bob@example.com", Role: "admin", Permissions: []string{"deploy"}}},
		},
		"add-on": {
			"addon", "create", "api:addon", `{"id":"p","name":"postgresql-flat-1","state":"provisioned","plan":{"name":"heroku-postgresql:mini"},"app":{"id":"a1","name":"shop"},"config_vars":["DATABASE_URL"]}`, `{}`,
			&heroku.AddonEvent{Addon: heroku.Addon{ID: "p", Name: "postgresql-flat-1", AppID: "a1", App: "shop", Plan: "heroku-postgresql:mini"}, State: "provisioned"},
		},
		"attachment": {
			"addon-attachment", "destroy", "api:addon-attachment", `{"id":"t","name":"DATABASE","app":{"name":"shop"},"addon":{"id":"p","name":"x","app":{"id":"a2","name":"owner"}}}`, `{}`,
			&heroku.AttachmentEvent{Attachment: heroku.Attachment{ID: "t", Name: "DATABASE", App: "shop", Addon: heroku.Addon{ID: "p", Name: "x", AppID: "a2", App: "owner"}}},
		},
		"one that is new": {"volcano", "erupt", "api:volcano", `7`, `7`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := fmt.Sprintf(`{"id":"e1","resource":%q,"action":%q,"actor":{"email":"ann@example.com"},"data":%s,"previous_data":%s,"sequence":null,"published_at":null,
				"created_at":"2023-08-03T10:00:30.693808Z","updated_at":"2023-08-03T12:00:30.693808+02:00",
				"webhook_metadata":{"attempt":{"id":"t"},"delivery":{"id":"l1"},"event":{"id":"e1","include":%q},"webhook":{"id":"w1"}}}`,
				c.resource, c.action, c.data, c.previous, c.include)
			got, err := heroku.ParseEvent([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			want := heroku.Event{
				ID: "e1", DeliveryID: "l1", WebhookID: "w1", Include: c.include, Resource: c.resource, Action: c.action,
				By: "ann@example.com", CreatedAt: at, UpdatedAt: at, Payload: c.want,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestAnExitStatusOfNoughtIsNotNone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`null`: "0 false", `0`: "0 true", `137`: "137 true"} {
		e, err := heroku.ParseEvent([]byte(`{"id":"e","resource":"dyno","data":{"id":"d","exit_status":` + body + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		status, ok := e.Payload.(*heroku.DynoEvent).Exit()
		if got := fmt.Sprint(status, ok); got != want {
			t.Errorf("%s: %s", body, got)
		}
	}
}

func TestAnEventWithoutItsKeyIsNotUnderstood(t *testing.T) {
	t.Parallel()
	bodies := []string{``, `null`, `{}`, `[]`, `7`, `{"id":"e"}`, `{"resource":"app"}`, `{"id":"s3cret`}
	for _, resource := range strings.Fields("release build dyno app formation collaborator addon addon-attachment") {
		for _, data := range []string{`null`, `{}`, `[]`, `"s3cret"`, `{"id":7}`} {
			bodies = append(bodies, fmt.Sprintf(`{"id":"e","resource":%q,"data":%s}`, resource, data))
		}
		bodies = append(bodies, fmt.Sprintf(`{"id":"e","resource":%q}`, resource))
	}
	for _, body := range bodies {
		got, err := heroku.ParseEvent([]byte(body))
		if e := failure(t, err); e.Kind != heroku.Malformed || got.Payload != nil || strings.Contains(e.Error(), "s3cret") {
			t.Errorf("%s: %+v, %v", body, got, e)
		}
	}
}

// Heroku's own examples are all read.
func TestEveryExampleOfHerokuIsRead(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := heroku.ParseEvent(body)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		name := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(file), ".json"), "api-")
		known := !strings.HasPrefix(name, "domain-") && !strings.HasPrefix(name, "sni-") && !strings.HasPrefix(name, "ssl-")
		if !strings.HasPrefix(name, got.Resource+"-"+got.Action) || (got.Payload != nil) != known || got.ID == "" || got.Include == "" {
			t.Errorf("%s: %+v", file, got)
		}
	}
}

// examples lists Heroku's own payloads.
func examples(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("SLIPWAY_FIXTURES")
	if folder == "" {
		folder = "../../../shared/fixtures"
	}
	files, err := filepath.Glob(filepath.Join(folder, "heroku", "*.json"))
	switch {
	case err == nil && len(files) > 0:
		return files
	case os.Getenv("CI") == "true":
		t.Fatalf("Heroku's own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	}
	t.Skipf("Heroku's own payloads are not there, set SLIPWAY_FIXTURES: %v", err)
	return nil
}

// Whatever comes, the outcome is an event or an error of ours on one line.
func FuzzEvent(f *testing.F) {
	for _, resource := range strings.Fields("release build dyno app formation collaborator addon addon-attachment other") {
		f.Add([]byte(`{"id":"e","resource":"` + resource + `","data":{"id":"1","type":"web","user":{"email":"x"}},"previous_data":[],"created_at":-1}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := heroku.ParseEvent(body)
		if err != nil {
			if got := failure(t, err); got.Kind != heroku.Malformed || e.Payload != nil || strings.ContainsAny(got.Error(), "\r\n\x1b\x00") {
				t.Errorf("%+v, %q", e, got)
			}
			return
		}
		if _, err := json.Marshal(e); err != nil || e.ID == "" || e.Resource == "" {
			t.Errorf("%+v, %v", e, err)
		}
	})
}
