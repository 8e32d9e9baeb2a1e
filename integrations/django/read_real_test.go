package django_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"slipway/integrations/django"
	"slipway/integrations/sim/django/djangotest"
)

// parsed is what CPython's parser finds in a file. Parts that are not written out are nil.
type parsed struct {
	Error                             string
	Dependencies, RunBefore, Replaces [][]string
	Operations                        [][]any // name, line, reversible
	Classes                           int
}

// What CPython's parser reads in a file is what is read here, and what is plain is never opaque.
func TestFilesAreReadAsCPythonReadsThem(t *testing.T) {
	t.Parallel()
	djangotest.Needs(t)
	sources := map[string][]byte{}
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".py") {
				sources[filepath.Base(path)+"/"+file.Name] = file.Data
			}
		}
	}
	written := djangosOwn(t, sources)
	for seed := range uint64(300) {
		chance := rand.New(rand.NewPCG(seed, 10))
		w := randomWorld(chance)
		for name, src := range w.written(true, w.fill(chance)) {
			sources[name+string(rune('a'+seed%26))] = scrambled(chance, src)
		}
	}
	names, answers := cpython(t, sources)
	plain := 0
	for i, name := range names {
		if compare(t, name, sources[name], answers[i]) {
			plain++
		}
	}
	if plain < written+100 {
		t.Errorf("only %d of %d files were compared whole", plain, len(names))
	}
}

// djangosOwn adds the migrations of Django's own apps.
func djangosOwn(t *testing.T, sources map[string][]byte) (n int) {
	t.Helper()
	out, err := exec.Command(djangotest.Python, "-c", "import django.contrib; print(django.contrib.__path__[0])").Output()
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(strings.TrimSpace(string(out)), func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Base(filepath.Dir(path)) == "migrations" && strings.HasSuffix(path, ".py") && d.Name() != "__init__.py" {
			sources[path], err = os.ReadFile(path)
			n++
		}
		return err
	})
	if err != nil || n < 15 {
		t.Fatalf("%d migrations of Django's own apps: %v", n, err)
	}
	return n
}

// scrambled writes a file otherwise, with the same meaning, and now and then with a mistake.
func scrambled(chance *rand.Rand, src []byte) []byte {
	text := string(src)
	for _, swap := range [][2]string{
		{"\n", "\r\n"},
		{`"`, "'"},
		{"    ", "\t"},
		{"), ", "),  # ) a comment [\n        "},
		{`("a", `, `("" 'a', `},
		{`("b", `, `(("b"), `},
		{"dependencies = [", "dependencies: list = [\\\n"},
		{"migrations.", "migrations . "},
		{"class", "\f\nclass"},
		{", \"", ",r\""},
	} {
		if chance.IntN(5) == 0 {
			text = strings.ReplaceAll(text, swap[0], swap[1])
		}
	}
	if chance.IntN(10) == 0 {
		at := chance.IntN(len(text))
		text = text[:at] + text[min(at+1+chance.IntN(3), len(text)):]
	}
	return []byte(text)
}

func cpython(t *testing.T, sources map[string][]byte) (names []string, answers []parsed) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for name, src := range sources {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(path, src, 0o600); err != nil {
			t.Fatal(err)
		}
		names, paths = append(names, name), append(paths, path)
	}
	asked, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(djangotest.Python, "testdata/real/read.py")
	cmd.Stdin = strings.NewReader(string(asked))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(out), `"run_before"`, `"RunBefore"`)), &answers); err != nil || len(answers) != len(names) {
		t.Fatalf("%d answers: %v", len(answers), err)
	}
	return names, answers
}

// compare tells whether all parts could be compared.
func compare(t *testing.T, name string, src []byte, want parsed) (whole bool) {
	t.Helper()
	m, err := django.Read(src)
	switch {
	case want.Error != "": // what is looked at may still be read
		return false
	case errors.Is(err, django.ErrNone):
		if want.Classes > 0 {
			t.Errorf("%s: no class Migration is found\n%s", name, src)
		}
		return false
	case err != nil:
		t.Errorf("%s: %v, and Python reads it\n%s", name, err, src)
		return false
	}
	whole = true
	for _, part := range []struct {
		name string
		got  []django.Ref
		want [][]string
	}{{"dependencies", m.Dependencies, want.Dependencies}, {"run_before", m.RunBefore, want.RunBefore}, {"replaces", m.Replaces, want.Replaces}} {
		if m.Blind(django.Graph) || part.want == nil {
			whole = false
			continue
		}
		var got [][]string
		for _, r := range part.got {
			got = append(got, []string{r.App, r.Name})
		}
		if !slices.EqualFunc(got, part.want, slices.Equal) {
			t.Errorf("%s: %s are %v, not %v", name, part.name, got, part.want)
		}
	}
	if m.Blind(django.Graph) || m.Blind(django.Changes) || want.Operations == nil || slices.ContainsFunc(want.Operations, func(o []any) bool { return o == nil }) {
		return false
	}
	if len(m.Operations) != len(want.Operations) {
		t.Errorf("%s: %d operations, not %d", name, len(m.Operations), len(want.Operations))
		return false
	}
	for i, o := range m.Operations {
		is := want.Operations[i]
		class := o.Class[strings.LastIndex(o.Class, ".")+1:]
		if o.Known && class != is[0] || float64(o.Line) != is[1] {
			t.Errorf("%s: operation %d is %s in line %d, not %v", name, i, o.Class, o.Line, is)
		}
		if o.Known && is[2] != "" && o.Reversible() != django.Unknown && string(o.Reversible()) != is[2] {
			t.Errorf("%s: operation %d is reversible: %s, not %v", name, i, o.Reversible(), is)
		}
	}
	return whole
}
