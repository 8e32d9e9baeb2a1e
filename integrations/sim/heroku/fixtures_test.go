package herokusim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fixture reads the `data` object of one of Heroku's published webhook payloads.
func fixture(t *testing.T, name string) map[string]any {
	t.Helper()
	return published(t, name)["data"].(map[string]any)
}

// published reads one of Heroku's published webhook payloads.
func published(t *testing.T, name string) map[string]any {
	t.Helper()
	dir := os.Getenv("SLIPWAY_FIXTURES")
	if dir == "" {
		dir = "../../../../shared/fixtures"
	}
	text, err := os.ReadFile(filepath.Join(dir, "heroku", name+".json"))
	if err != nil {
		skipUnlessCI(t, fmt.Sprintf("Heroku's own payloads are not there, set SLIPWAY_FIXTURES: %v", err))
	}
	var payload map[string]any
	if err := json.Unmarshal(text, &payload); err != nil {
		t.Fatal(err)
	}
	return payload
}

// Every field that Heroku's payload has is in our object too, with the same JSON type; null fits anything.
func TestObjectsHaveTheFieldsOfHerokusPayloads(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"api-app-create":              "",
		"api-app-update":              "",
		"api-release-create":          "/releases/122",
		"api-release-update":          "/releases/122",
		"api-dyno-create":             "/dynos/web.1",
		"api-formation-update":        "/formation",
		"api-collaborator-create":     "/collaborators",
		"api-addon-create":            "/addons",
		"api-addon-attachment-create": "/addon-attachments",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := fixture(t, name)
			for _, accept := range []string{v3, sdk} {
				play(t, Options{}, func(t *testing.T, s *site) {
					got := decode[any](t, s.get(t, "/apps/penny-university"+path, "Accept: "+accept))
					if all, ok := got.([]any); ok {
						got = all[0]
					}
					for _, difference := range missing("data", want, got) {
						t.Errorf("%s: %s", accept, difference)
					}
				})
			}
		})
	}
}

// Every payload that is sent has the fields and types of its sibling among those that Heroku published. There is none of
// a build: its envelope is held against that of a release.
func TestPayloadsHaveTheFieldsOfHerokusOwn(t *testing.T) {
	t.Parallel()
	siblings := map[string]string{
		"api:app update": "api-app-update", "api:collaborator create": "api-collaborator-create",
		"api:collaborator destroy": "api-collaborator-destroy",
		"api:dyno create":          "api-dyno-create", "api:formation update": "api-formation-update",
		"api:formation destroy": "api-formation-destroy", "api:release create": "api-release-create",
		"api:release update": "api-release-update", "dyno create": "dyno-destroy-exit", "dyno update": "dyno-destroy-exit",
		"dyno destroy": "dyno-destroy-exit", "api:build create": "api-release-create", "api:build update": "api-release-create",
	}
	want := map[string]map[string]any{}
	for what, name := range siblings {
		payload := published(t, name)
		if name == "api-release-update" {
			// Of 2016: `{"status":null}`. The real one of 2023 has `"previous_data":{}` [seen].
			payload["previous_data"] = map[string]any{}
		}
		if strings.HasPrefix(what, "api:build") {
			delete(payload, "data")
		}
		want[what] = payload
	}
	play(t, Options{}, func(t *testing.T, s *site) {
		rc := s.receive(t)
		s.hook(t, rc, "sync", webhookEntities...)
		s.app.SetMaintenance(true)
		s.app.AddCollaborator("eve@example.com")
		s.app.RemoveCollaborator("eve@example.com")
		s.send(t, "PATCH", "/apps/penny-university/formation", `{"updates":[{"type":"web","quantity":1}]}`)
		s.start(t, `{"command":"exit 1"}`)
		s.send(t, "POST", builds, `{"source_blob":{"url":"`+s.upload(t, tarball(t, "Procfile: web: a\nrelease: b"))+`"}}`)
		time.Sleep(time.Minute)
		seen := map[string]bool{}
		for _, one := range rc.all() {
			include := one.event["webhook_metadata"].(map[string]any)["event"].(map[string]any)["include"].(string)
			what := include + " " + one.event["action"].(string)
			seen[what] = true
			if want[what] == nil {
				t.Errorf("%s has no sibling", what)
				continue
			}
			for _, difference := range missing("payload", want[what], one.event) {
				t.Errorf("%s: %s", what, difference)
			}
			if one.event["resource"] != strings.TrimPrefix(include, "api:") {
				t.Errorf("%s has the resource %v", what, one.event["resource"])
			}
		}
		for what := range want {
			if !seen[what] {
				t.Errorf("never sent: %s", what)
			}
		}
	})
}

// missing lists where got lacks what want has, or has it as another type.
func missing(at string, want, got any) []string {
	if want == nil || got == nil {
		return nil
	}
	if kind(want) != kind(got) {
		return []string{fmt.Sprintf("%s is %s, want %s", at, kind(got), kind(want))}
	}
	object, ok := want.(map[string]any)
	if !ok {
		return nil
	}
	var out []string
	for name, w := range object {
		g, there := got.(map[string]any)[name]
		if !there {
			out = append(out, at+"."+name+" is missing")
			continue
		}
		out = append(out, missing(at+"."+name, w, g)...)
	}
	return out
}

func kind(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	case float64:
		return "a number"
	case bool:
		return "a boolean"
	}
	return "null"
}
