package djangosim_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	djangosim "slipway/integrations/sim/django"
	"slipway/integrations/sim/django/djangotest"
)

// story is a project made at random, and what is typed at it.
type story struct {
	files map[string]string
	steps [][]string
}

// write makes a migration file of operations, each after "migrations.".
func write(dependencies []djangosim.Key, atomic bool, operations ...string) string {
	var b strings.Builder
	b.WriteString("from django.db import migrations, models\n\n\ndef fill(apps, schema_editor):\n    \"\"\"Fill what was empty, for everybody who is there\"\"\"\n    # not \"\"\" here\n    return (1,\n        2)\n\n\n")
	b.WriteString("def empty(apps, schema_editor):\n    pass\n\n\nclass Migration(migrations.Migration):\n\n    dependencies = [\n")
	for _, d := range dependencies {
		fmt.Fprintf(&b, "        ('%s', %q),\n", d.App, d.Name)
	}
	b.WriteString("    ]\n")
	if !atomic {
		b.WriteString("    atomic = False  # slow\n")
	}
	b.WriteString("\n    operations = [\n")
	for _, o := range operations {
		b.WriteString("        migrations." + o + ",\n")
	}
	return b.String() + "    ]\n"
}

// author invents the migrations of a story, and knows the models as they are at its end.
type author struct {
	*rand.Rand
	models map[string][]string // by app
	fields map[string][]string // by app.model
	next   int
}

// operation invents one for an app.
func (a *author) operation(app string) string {
	a.next++
	n := a.next
	models := a.models[app]
	if len(models) == 0 || a.IntN(6) == 0 {
		m := fmt.Sprintf("M%d", n)
		a.models[app] = append(models, m)
		a.fields[app+m] = []string{"number"}
		return fmt.Sprintf(`CreateModel(name=%q, fields=[("id", models.AutoField(primary_key=True)), ("number", models.IntegerField(null=True))], options={"ordering": ["number"]})`, m)
	}
	at := a.IntN(len(models))
	m := models[at]
	fields := a.fields[app+m]
	f := func() int { return a.IntN(len(fields)) }
	switch choice := a.IntN(13); {
	case choice == 0:
		a.models[app] = slices.Delete(slices.Clone(models), at, at+1)
		return fmt.Sprintf("DeleteModel(%q)", m)
	case choice == 1:
		now := m + "x"
		a.models[app] = append(slices.Delete(slices.Clone(models), at, at+1), now)
		a.fields[app+now] = fields
		return fmt.Sprintf("RenameModel(old_name=%q, new_name=%q)", m, now)
	case choice == 2 && len(fields) > 0:
		i := f()
		a.fields[app+m] = slices.Delete(slices.Clone(fields), i, i+1)
		return fmt.Sprintf("RemoveField(model_name=%q, name=%q)", strings.ToLower(m), fields[i])
	case choice == 3 && len(fields) > 0:
		i := f()
		now := fmt.Sprintf("renamed%d", n)
		a.fields[app+m] = append(slices.Delete(slices.Clone(fields), i, i+1), now)
		return fmt.Sprintf("RenameField(%q, %q, %q)", m, fields[i], now)
	case choice == 4 && len(fields) > 0:
		return fmt.Sprintf("AlterField(%q, %q, %s)", m, fields[f()], []string{"models.IntegerField()", "models.IntegerField(default=3)", "models.BigIntegerField(null=True)"}[a.IntN(3)])
	case choice == 5:
		return []string{"RunPython(fill)", "RunPython(fill, migrations.RunPython.noop)", "RunPython(empty, reverse_code=fill)", `RunSQL("SELECT 1")`, `RunSQL("SELECT 1", "SELECT 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12")`, "RunSQL('SELECT 1', migrations.RunSQL.noop)"}[a.IntN(6)]
	case choice == 6:
		return fmt.Sprintf(`AlterModelOptions(name=%q, options={"ordering": ["-number"]})`, m)
	case choice == 7:
		a.fields[app+m] = append(slices.Clone(fields), fmt.Sprintf("s%d", n))
		return fmt.Sprintf("SeparateDatabaseAndState([migrations.AddField(%q, \"s%d\", models.IntegerField(null=True))], [migrations.AddField(%q, \"s%d\", models.IntegerField(null=True))])", m, n, m, n)
	case choice == 8:
		return "SeparateDatabaseAndState(database_operations=[migrations.RunPython(fill)])"
	}
	a.fields[app+m] = append(slices.Clone(fields), fmt.Sprintf("f%d", n))
	kind := []string{"models.IntegerField(null=True)", "models.IntegerField(default=7)", "models.IntegerField()", "models.CharField(max_length=9, blank=True)", "models.CharField(max_length=9)", "models.BooleanField(default=False)"}[a.IntN(6)]
	return fmt.Sprintf("AddField(model_name=%q, name=\"f%d\", field=%s)", m, n, kind)
}

func invent(chance *rand.Rand) story {
	a := &author{Rand: chance, models: map[string][]string{}, fields: map[string][]string{}}
	s := story{files: map[string]string{}, steps: [][]string{{"showmigrations", "--plan"}, {"migrate", "--plan"}}}
	tips := map[string]djangosim.Key{}
	var all []djangosim.Key
	apps := []string{"a", "b", "c"}[:1+chance.IntN(3)]
	for i := range 3 + chance.IntN(8) {
		app := apps[chance.IntN(len(apps))]
		key := djangosim.Key{App: app, Name: fmt.Sprintf("%04d_m", i)}
		var on []djangosim.Key
		tip, ok := tips[app]
		if ok && chance.IntN(30) == 0 { // two people began at the same place
			s.files[app+"/migrations/"+key.Name+".py"] = write([]djangosim.Key{tip}, true, fmt.Sprintf(`CreateModel("Aside%d", [("id", models.AutoField(primary_key=True))])`, i))
			continue
		}
		if ok {
			on = append(on, tip)
		}
		if len(all) > 0 && chance.IntN(3) == 0 {
			if other := all[chance.IntN(len(all))]; !slices.Contains(on, other) {
				on = append(on, other)
			}
		}
		var operations []string
		for range 1 + chance.IntN(3) {
			operations = append(operations, a.operation(app))
		}
		s.files[app+"/migrations/"+key.Name+".py"] = write(on, chance.IntN(6) > 0, operations...)
		tips[app] = key
		all = append(all, key)
	}
	any := func() djangosim.Key { return all[chance.IntN(len(all))] }
	goes := func(args ...string) {
		if chance.IntN(2) == 0 {
			s.steps = append(s.steps, append(slices.Clone(args), "--plan"))
		}
		s.steps = append(s.steps, args, []string{"showmigrations", "--plan"}, []string{"state"})
	}
	first := any()
	goes("migrate", first.App, first.Name)
	for app, models := range a.models {
		for _, m := range models {
			s.steps = append(s.steps, []string{"insert", app + "_" + strings.ToLower(m)})
		}
	}
	goes("migrate")
	for range 4 {
		k := any()
		switch chance.IntN(6) {
		case 0:
			goes("migrate", k.App, "zero")
		case 1:
			goes("migrate", k.App)
		case 2:
			goes("migrate", k.App, []string{"00", "0404_gone", k.Name[:4]}[chance.IntN(3)])
		default:
			goes("migrate", k.App, k.Name)
		}
	}
	return s
}

// address is where a function lies in memory.
var address = regexp.MustCompile(` at 0x[0-9a-f]+>`)

// What the simulated manage.py prints, how it ends and what it leaves in the database is what a real Django does on SQLite.
func TestItDoesWhatARealDjangoDoes(t *testing.T) {
	t.Parallel()
	djangotest.Needs(t)
	n := uint64(24)
	if os.Getenv("CI") != "true" {
		n = 12
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := invent(rand.New(rand.NewPCG(seed, 88)))
			files := map[string][]byte{}
			for file, text := range s.files {
				files[file] = []byte(text)
			}
			project, err := djangosim.ReadProject(s.files)
			if err != nil {
				t.Fatal(err)
			}
			database := djangosim.NewDatabase()
			for i, real := range djangotest.Run(t, files, filepath.Join(t.TempDir(), "db.sqlite3"), s.steps...) {
				step := s.steps[i]
				switch step[0] {
				case "insert":
					if err := database.Insert(step[1], 1); (err != nil) != (real.Error != "") {
						t.Fatalf("%v: %v, and really %s", step, err, real.Error)
					}
				case "state":
					tables, whole := schema(real)
					if diff := cmp.Diff(tables, database.Tables()); diff != "" {
						t.Fatalf("after %v (-real +simulated)\n%s\n%v", s.steps[i-2], diff, s.files)
					}
					if !whole {
						return
					}
				default:
					var lines []string
					status, err := djangosim.Manage(project, database, djangosim.Console{Print: func(l string) { lines = append(lines, l) }}, step...)
					if err != nil {
						t.Fatal(err)
					}
					if want, got := said(real), strings.Join(lines, "\n"); want != plainly(got, status) {
						t.Fatalf("%v (-real +simulated)\n%s\n%v", step, cmp.Diff(want, plainly(got, status)), s.files)
					}
				}
			}
		})
	}
}

// undescribed is a warning that the project of the test has migrations and no models.
var undescribed = regexp.MustCompile(`(?m)^  (Your models in app|Run 'manage.py makemigrations').*\n`)

// said is what a real Django printed, with the class of an error, and its words where they are not the database's.
func said(r djangotest.Result) string {
	out := strings.TrimRight(undescribed.ReplaceAllString(r.Out, ""), "\n")
	if r.Error == "" {
		return out
	}
	if class, ok := databases(r.Error); ok {
		return out + "\n" + class
	}
	return out + "\n" + address.ReplaceAllString(r.Error, ">")
}

// databases gives the class of a database's error, whose words differ; for what is not there so does the class.
func databases(text string) (class string, ok bool) {
	switch class, _, _ = strings.Cut(text, ":"); class {
	case "OperationalError", "ProgrammingError":
		return "ProgrammingError", true
	case "IntegrityError":
		return class, true
	}
	return "", false
}

// plainly is the same of what was simulated: a traceback is its last line.
func plainly(text string, status int) string {
	if status == 0 {
		return text
	}
	out, last, found := strings.Cut(text, "Traceback (most recent call last):\n  File \"manage.py\", line 15, in <module>\n")
	if !found {
		out, last = "", text
	}
	last = strings.TrimPrefix(strings.TrimPrefix(last, "django.db.migrations.exceptions."), "django.db.utils.")
	if class, ok := databases(last); ok {
		last = class
	}
	return out + "\n" + address.ReplaceAllString(last, ">")
}

// schema is what a real Django finds in the database, as the simulated one tells it. Where a migration that is not atomic failed, SQLite's
// is not whole: a table is left that was to take another one's place, which no other database has.
func schema(r djangotest.Result) (tables map[string][]string, whole bool) {
	tables, whole = map[string][]string{}, true
	for of, t := range r.Tables {
		if strings.HasPrefix(of, "new__") {
			whole = false
			continue
		}
		names := []string{}
		for _, c := range t.([]any)[0].([]any) {
			called := c.([]any)[0].(string)
			if c.([]any)[3] == true {
				called += " null"
			}
			names = append(names, called)
		}
		slices.Sort(names)
		tables[of] = names
	}
	return tables, whole
}
