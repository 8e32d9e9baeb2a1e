package recipe_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"slipway/bot/recipe"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
	"slipway/integrations/django"
	"slipway/integrations/github"
	githubsim "slipway/integrations/sim/github"
)

var penny = github.Repo{Owner: "penny-university", Name: "penny_university"}

const branch = "master"

// stage is a repository on a simulated GitHub, and recipes that read it.
type stage struct {
	t       *testing.T
	sim     *githubsim.Server
	repo    *githubsim.Repo
	recipes *recipe.Recipes
	client  *github.Client
	store   *store.Store

	mu    sync.Mutex
	asked []string
}

// on plays on both engines.
func on(t *testing.T, play func(s *stage)) {
	t.Helper()
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		play(newStage(t, store.Options{Path: storetest.File(t), Unsafe: true}))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		play(newStage(t, store.Options{URL: pgtest.Start(t)}))
	})
}

func newStage(t *testing.T, o store.Options) *stage {
	t.Helper()
	s := &stage{t: t}
	server := httptest.NewServer(s.listed())
	t.Cleanup(server.Close)
	s.sim = githubsim.New(githubsim.Options{URL: server.URL})
	t.Cleanup(s.sim.Close)
	s.furnish(o, server.URL, nil)
	t.Cleanup(s.leave)
	return s
}

// listed answers as the simulated GitHub, and notes what was asked.
func (s *stage) listed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		s.sim.ServeHTTP(w, r)
	})
}

// furnish makes the repository, the database and what reads.
func (s *stage) furnish(o store.Options, url string, transport http.RoundTripper) {
	s.t.Helper()
	s.sim.AddUser("ada", "Ada L.", "ada@example.com")
	s.sim.AddToken("ghp_test", "ada", penny.String())
	s.repo = s.sim.AddRepo(penny.Owner, penny.Name, branch)
	var err error
	if s.store, err = store.Open(s.t.Context(), o); err != nil {
		s.t.Fatal(err)
	}
	if s.client, err = github.New(github.Options{URL: url, Token: "ghp_test", HTTP: transport}); err != nil {
		s.t.Fatal(err)
	}
	s.again()
}

func (s *stage) leave() {
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

// again is a process that begins, with the same database.
func (s *stage) again() { s.recipes = recipe.New(s.store, s.client) }

// commit writes files, by path; one without a text is deleted.
func (s *stage) commit(files map[string]string) string {
	s.t.Helper()
	spec := githubsim.CommitSpec{Author: "ada", Message: "Change"}
	for path, text := range files {
		spec.Files = append(spec.Files, githubsim.File{Path: path, Text: text, Gone: text == ""})
	}
	return s.repo.Commit(branch, spec).SHA
}

// undo gives the words of an undo, and which requests it cost but for the redirect's target, which does not count.
func (s *stage) undo(base, head string) (words string, asked []string) {
	s.t.Helper()
	s.mu.Lock()
	s.asked = nil
	s.mu.Unlock()
	u, err := s.recipes.Undo(s.t.Context(), penny, base, head)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range s.asked {
		if !strings.HasPrefix(path, "/_blobs/") {
			asked = append(asked, strings.TrimPrefix(path, "/repos/"+penny.String()+"/"))
		}
	}
	return wordsOf(u), asked
}

func wordsOf(u django.Undo) string {
	words := string(u.Verdict)
	for _, c := range u.Commands {
		words += fmt.Sprintf(" %s:%s", c.App, c.Target)
	}
	for _, f := range u.Findings {
		words += " " + string(f.Kind)
	}
	return words
}

// migration is one with these operations that depends on others, named app.name.
func migration(operations string, on ...string) string {
	var needs strings.Builder
	for _, d := range on {
		app, name, _ := strings.Cut(d, ".")
		fmt.Fprintf(&needs, "('%s', '%s'), ", app, name)
	}
	return fmt.Sprintf("from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [%s]\n    operations = [%s]\n", needs.String(), operations)
}

const (
	adds     = "migrations.AddField('chat', 'note', models.TextField(null=True))"
	creates  = "migrations.CreateModel('Chat', [('id', models.AutoField(primary_key=True))])"
	settings = "INSTALLED_APPS = ['chat']\n"
)

// begin is a first commit: one app, with settings.
func (s *stage) begin() string {
	return s.commit(map[string]string{
		"README.md":                       "# Penny\n",
		"penny/settings.py":               settings,
		"chat/migrations/__init__.py":     "\n",
		"chat/migrations/0001_initial.py": migration(creates),
	})
}
