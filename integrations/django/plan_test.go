package django_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"slipway/integrations/django"
)

// Each file holds a project before and after a change, in folders of these names, and the undo as told to people. A file of both is in
// the folder always. What is in a file that ends in .short is written as operations of a migration that depends on what its first line
// names.
func TestChangesAreTakenBack(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/plan/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]map[string][]byte{"before": {}, "after": {}}
			last := len(archive.Files) - 1
			for _, file := range archive.Files[:last] {
				folder, name, _ := strings.Cut(file.Name, "/")
				name, src := long(name, file.Data)
				for _, when := range []string{"before", "after"} {
					if folder == when || folder == "both" {
						files[when][name] = src
					}
				}
			}
			got := recipe(django.Plan(loaded(files["before"]), loaded(files["after"])))
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("(-file +planned):\n%s", diff)
			}
		})
	}
}

// loaded reads what is wanted of the files.
func loaded(files map[string][]byte) *django.Project {
	o := django.Options{}.With(files)
	wanted := maps.Clone(files)
	maps.DeleteFunc(wanted, func(file string, _ []byte) bool { return !o.Wanted(file) })
	return django.Load(wanted, django.Options{})
}

// long writes a whole file for a short one.
func long(name string, src []byte) (string, []byte) {
	name, ok := strings.CutSuffix(name, ".short")
	if !ok {
		return name, src
	}
	on, operations, _ := strings.Cut(string(src), "\n")
	var b strings.Builder
	b.WriteString("from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = [")
	for _, k := range strings.Fields(on) {
		app, called, _ := strings.Cut(k, ".")
		fmt.Fprintf(&b, "(%q, %q), ", app, called)
	}
	b.WriteString("]\n    operations = [\n")
	for _, o := range strings.Split(strings.TrimSpace(operations), "\n") {
		if o != "" {
			b.WriteString("        migrations." + o + ",\n")
		}
	}
	b.WriteString("    ]\n")
	return name + ".py", []byte(b.String())
}

// recipe is an undo, for people.
func recipe(u django.Undo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, code alone %s\n", u.Verdict, u.CodeOnly)
	for _, c := range u.Commands {
		fmt.Fprintln(&b, c.Line)
	}
	for _, k := range u.Undoes {
		fmt.Fprintln(&b, "undoes", k)
	}
	for _, k := range u.AlsoUndoes {
		fmt.Fprintln(&b, "also undoes", k)
	}
	for _, m := range u.Migrations {
		fmt.Fprintln(&b, "code alone, with", m.Migration, "applied:", m.CodeOnly)
	}
	for _, f := range u.Findings {
		fmt.Fprintf(&b, "%s: %s", f.Kind, f.Migration)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		if f.Operation != "" {
			fmt.Fprintf(&b, " (%s)", f.Operation)
		}
		fmt.Fprintf(&b, ": %s\n", f.Why)
	}
	return b.String()
}
