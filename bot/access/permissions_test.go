package access_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
)

// may makes the app one of a team, where permissions are given one by one.
func (s *stage) may(email string, permissions ...string) {
	s.app.AddCollaborator(email)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.named[email] = permissions
}

// serveHeroku is the simulated Heroku, which has personal apps only; permissions are put into its answers here.
func (s *stage) serveHeroku(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/collaborators") {
		s.heroku.ServeHTTP(w, r)
		return
	}
	got := httptest.NewRecorder()
	s.heroku.ServeHTTP(got, r)
	var people []map[string]any
	if got.Code == http.StatusOK && json.Unmarshal(got.Body.Bytes(), &people) == nil {
		s.permit(people)
		body, _ := json.Marshal(people)
		got.Body = bytes.NewBuffer(body)
		got.Header().Del("Content-Length")
	}
	maps.Copy(w.Header(), got.Header())
	w.WriteHeader(got.Code)
	_, _ = w.Write(got.Body.Bytes())
}

func (s *stage) permit(people []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range people {
		permissions := []any{}
		for _, name := range s.named[p["user"].(map[string]any)["email"].(string)] {
			permissions = append(permissions, map[string]any{"name": name, "description": name})
		}
		p["permissions"] = permissions
	}
}
