package django_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"slipway/integrations/django"
)

var update = flag.Bool("update", false, "write what is read into the files")

// Each file holds migrations and, below each, what is read of it.
func TestMigrationsAreRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range archive.Files {
			if !strings.HasSuffix(file.Name, ".py") {
				continue
			}
			got := told(file.Data)
			if *update {
				archive.Files[i+1].Data = []byte(got)
				continue
			}
			if diff := cmp.Diff(string(archive.Files[i+1].Data), got); diff != "" {
				t.Errorf("%s, %s (-file +read):\n%s", path, file.Name, diff)
			}
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// told is what is read of a file, for people.
func told(src []byte) string {
	m, err := django.Read(src)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, r := range m.Dependencies {
		fmt.Fprintf(&b, "depends on %s\n", ref(r))
	}
	for _, r := range m.RunBefore {
		fmt.Fprintf(&b, "runs before %s\n", ref(r))
	}
	for _, r := range m.Replaces {
		fmt.Fprintf(&b, "replaces %s\n", ref(r))
	}
	if m.Initial {
		b.WriteString("initial\n")
	}
	if !m.Atomic {
		b.WriteString("not atomic\n")
	}
	for _, o := range m.Operations {
		operation(&b, "", o)
	}
	for _, u := range m.Unread {
		fmt.Fprintf(&b, "unread %s, line %d: %s: %s\n", u.Part, u.Line, u.Why, u.Source)
	}
	if b.Len() == 0 {
		return "nothing\n"
	}
	return b.String()
}

func ref(r django.Ref) string {
	if r.Setting != "" {
		return "settings." + r.Setting + " " + r.Name
	}
	return r.App + " " + r.Name
}

func operation(b *strings.Builder, before string, o django.Operation) {
	known := ""
	if !o.Known {
		known = " (not Django's)"
	}
	fmt.Fprintf(b, "%s%d: %s%s, reversible: %s\n", before, o.Line, o.Class, known, o.Reversible())
	for _, inner := range o.Database {
		operation(b, before+"  ", inner)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"empty":                {"", "there is no class Migration"},
		"only a comment":       {"# later", "there is no class Migration"},
		"another class":        {"class Migrations:\n    pass\n", "there is no class Migration"},
		"not UTF-8":            {"x = '\xff'", "line 1: the file is not UTF-8"},
		"a merge conflict":     {"import x\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", "line 2: a merge conflict is not resolved"},
		"half of one":          {"class Migration(x.Migration):\n    operations = [\n=======\n", "line 2: a bracket is never closed"},
		"an open bracket":      {"a = (1,\n\nb = 2\n", "line 1: a bracket is never closed"},
		"a wrong bracket":      {"a = (1]\n", "line 1: a bracket closes another kind"},
		"a stray bracket":      {"a = 1)\n", "line 1: a bracket closes nothing"},
		"an open string":       {"a = 'b\nc = 1\n", "line 1: a string is never closed"},
		"an open long string":  {"\na = '''b\n'\n", "line 2: a string is never closed"},
		"an open field":        {"a = f'{b'\n", "line 1: a string is never closed"},
		"mixed tabs":           {"if a:\n        b\n\tc\n", "line 3: tabs and spaces are mixed in its indentation"},
		"a wrong indentation":  {"if a:\n    b\n  c\n", "line 3: its indentation fits no line above"},
		"a question mark":      {"a = b ? c\n", "line 1: it is not Python"},
		"a NUL":                {"a = 1\x00\n", "line 1: it is not Python"},
		"brackets without end": {strings.Repeat("[", 201) + strings.Repeat("]", 201), "line 1: brackets are nested too deep"},
		"blocks without end":   {blocks(101), "line 102: it is indented too often"},
		"fields without end":   {strings.Repeat("f'{", 300) + "1" + strings.Repeat("}'", 300), "line 1: strings are nested too deep"},
		"too large":            {strings.Repeat("# a\n", 1<<18) + "#", "line 1: the file is larger than 1 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := django.Read([]byte(c.src))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if syntax, ok := errors.AsType[*django.SyntaxError](err); ok == errors.Is(err, django.ErrNone) {
				t.Errorf("%v is both or neither: %v", err, syntax)
			}
		})
	}
}

func blocks(n int) string {
	var b strings.Builder
	for i := range n + 1 {
		b.WriteString(strings.Repeat(" ", i) + "if a:\n")
	}
	return b.String()
}

// The deepest that is allowed is read.
func TestDeepFilesAreRead(t *testing.T) {
	t.Parallel()
	deep := "x = " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n" + blocks(99) + strings.Repeat(" ", 100) + "pass\nclass Migration(migrations.Migration): pass\n"
	if _, err := django.Read([]byte(deep)); err != nil {
		t.Error(err)
	}
}

// Whatever the bytes are: no panic, no endless loop, and what is read names places that are there.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := django.Read(src)
		if (m == nil) == (err == nil) {
			t.Fatalf("%v and %v", m, err)
		}
		if m == nil {
			return
		}
		lines := strings.Count(strings.ReplaceAll(string(src), "\r", "\n"), "\n") + 1
		for _, o := range m.Operations {
			if o.Line < 1 || o.Line > lines || !o.Known && o.Reversible() != django.Unknown {
				t.Errorf("%+v of %d lines", o, lines)
			}
		}
		for _, u := range m.Unread {
			if u.Why == "" || u.Line < 0 || u.Line > lines || len(u.Source) > 250 {
				t.Errorf("%+v of %d lines", u, lines)
			}
		}
	})
}

// BenchmarkRead reads one that people wrote.
func BenchmarkRead(b *testing.B) {
	archive, err := txtar.ParseFile("testdata/read/usual.txtar")
	if err != nil {
		b.Fatal(err)
	}
	src := archive.Files[0].Data
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := django.Read(src); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad reads the migrations of a large project, 5,000 files, on one core.
func BenchmarkLoad(b *testing.B) {
	archive, err := txtar.ParseFile("testdata/read/usual.txtar")
	if err != nil {
		b.Fatal(err)
	}
	files := map[string][]byte{}
	for i := range 5000 {
		src := strings.ReplaceAll(string(archive.Files[0].Data), "('pennychat', '0002_chat')", fmt.Sprintf("('app%d', '%04d_m')", i/50, max(i%50-1, 0)))
		files[fmt.Sprintf("app%d/migrations/%04d_m.py", i/50, i%50)] = []byte(src)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for b.Loop() {
		django.Load(files, django.Options{})
	}
	b.ReportMetric(float64(b.Elapsed().Seconds())/float64(b.N), "s/5000-files")
}
