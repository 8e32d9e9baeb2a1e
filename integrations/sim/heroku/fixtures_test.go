package herokusim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// fixture reads the `data` object of one of Heroku's published webhook payloads.
func fixture(t *testing.T, name string) map[string]any {
	t.Helper()
	dir := os.Getenv("SLIPWAY_FIXTURES")
	if dir == "" {
		dir = "../../../../shared/fixtures"
	}
	text, err := os.ReadFile(filepath.Join(dir, "heroku", name+".json"))
	if err != nil {
		skipUnlessCI(t, fmt.Sprintf("Heroku's own payloads are not there, set SLIPWAY_FIXTURES: %v", err))
	}
	var payload struct{ Data map[string]any }
	if err := json.Unmarshal(text, &payload); err != nil {
		t.Fatal(err)
	}
	return payload.Data
}

// Every field that Heroku's payload has is in our object too, with the same JSON type; null fits anything.
func TestObjectsHaveTheFieldsOfHerokusPayloads(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"api-app-create":          "",
		"api-app-update":          "",
		"api-release-create":      "/releases/122",
		"api-release-update":      "/releases/122",
		"api-dyno-create":         "/dynos/web.1",
		"api-formation-update":    "/formation",
		"api-collaborator-create": "/collaborators",
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

// What is announced is what webhooks will carry as `data`.
func TestAnnouncementsHaveTheFieldsOfHerokusPayloads(t *testing.T) {
	t.Parallel()
	fixtures := map[string]string{
		"api:release create": "api-release-create", "api:release update": "api-release-update", "api:app update": "api-app-update",
	}
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.SetMaintenance(true)
		if _, err := s.app.SetConfig(t.Context(), "A", "1", ""); err != nil {
			t.Fatal(err)
		}
		events, _ := s.Events(0)
		for _, e := range events {
			name, ok := fixtures[e.Include+" "+e.Action]
			if !ok {
				continue
			}
			delete(fixtures, e.Include+" "+e.Action)
			var got any
			if err := json.Unmarshal(e.Data, &got); err != nil {
				t.Fatal(err)
			}
			for _, difference := range missing("data", fixture(t, name), got) {
				t.Errorf("%s %s: %s", e.Include, e.Action, difference)
			}
		}
		if len(fixtures) != 0 {
			t.Errorf("never announced: %v", fixtures)
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
