// Package djangotest runs a real Django for tests: Debian's, on the Python that comes with it.
package djangotest

import (
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Python is Debian's, for which Debian's Django is installed.
const Python = "/usr/bin/python3"

// Needs skips a test where there is no Django, or none of further modules.
func Needs(t *testing.T, modules ...string) {
	t.Helper()
	if err := exec.Command(Python, "-c", "import "+strings.Join(append(modules, "django"), ", ")).Run(); err != nil {
		t.Skip("there is no Django: apt-get install python3-django python3-psycopg2")
	}
}

// Result is what came of a step.
type Result struct {
	Out, Error string // of manage.py, and of anything: the error's class and words
	Applied    [][2]string
	Tables     map[string]any
}

//go:embed manage.py
var script string

// Run runs steps with a project of these files. The database is the file of a SQLite one, or the JSON of an entry of Django's DATABASES;
// manage.py says which steps there are.
func Run(t *testing.T, files map[string][]byte, database string, steps ...[]string) []Result {
	t.Helper()
	dir := t.TempDir()
	for name, src := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, file := range []struct {
			path string
			src  []byte
		}{{path, src}, {filepath.Join(filepath.Dir(path), "__init__.py"), nil}, {filepath.Join(dir, strings.Split(name, "/")[0], "__init__.py"), nil}} {
			if err := os.WriteFile(file.path, file.src, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return RunIn(t, dir, database, steps...)
}

// RunIn runs steps with the project in a folder.
func RunIn(t *testing.T, dir, database string, steps ...[]string) []Result {
	t.Helper()
	asked, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(Python, "-", dir, database, string(asked))
	cmd.Stdin = strings.NewReader(script)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var results []Result
	if err := json.Unmarshal(out, &results); err != nil || len(results) != len(steps) {
		t.Fatalf("%d results of %d steps: %v\n%s", len(results), len(steps), err, out)
	}
	return results
}
