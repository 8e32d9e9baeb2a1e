package djangosim_test

import (
	"errors"
	"strings"
	"testing"

	djangosim "slipway/integrations/sim/django"
)

// shop is a project of two apps: chat's second migration fills, its third one removes what must not be empty.
func shop(more map[string]string) map[string]string {
	files := map[string]string{
		"chat/migrations/__init__.py":   "",
		"chat/migrations/0001_first.py": write(nil, true, `CreateModel("Chat", [("id", models.AutoField(primary_key=True)), ("note", models.CharField(max_length=9))])`),
		"chat/migrations/0002_fill.py":  write([]djangosim.Key{{App: "chat", Name: "0001_first"}}, true, "RunPython(fill)"),
		"chat/migrations/0003_note.py":  write([]djangosim.Key{{App: "chat", Name: "0002_fill"}}, true, `RemoveField("chat", "note")`),
		"users/migrations/0001_user.py": write([]djangosim.Key{{App: "chat", Name: "0003_note"}}, true, `CreateModel("User", [("id", models.AutoField(primary_key=True)), ("chats", models.ManyToManyField("chat.Chat"))])`),
	}
	for file, text := range more {
		files[file] = text
	}
	return files
}

func project(t *testing.T, files map[string]string) *djangosim.Project {
	t.Helper()
	p, err := djangosim.ReadProject(files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// typed runs manage.py and gives what it printed.
func typed(t *testing.T, p *djangosim.Project, d *djangosim.Database, line string) (out string, status int) {
	t.Helper()
	var lines []string
	status, err := djangosim.Manage(p, d, djangosim.Console{Print: func(l string) { lines = append(lines, l) }}, strings.Fields(line)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n"), status
}

func names(d *djangosim.Database) string {
	var all []string
	for _, k := range d.Applied() {
		all = append(all, k.String())
	}
	return strings.Join(all, " ")
}

const allApplied = "chat.0001_first chat.0002_fill chat.0003_note users.0001_user"

// "IrreversibleError; migrations before it in the plan are already undone: half state" (facts/django.md §7), and the same for others.
func TestAnErrorLeavesWhatWasUndoneBefore(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line, insert, fail string
		last, applied      string
	}{
		"it cannot be undone":   {"migrate chat zero", "", "", "IrreversibleError: Operation <RunPython <function fill at 0x7f3b8c0d5e50>> in chat.0002_fill is not reversible", "chat.0001_first chat.0002_fill"},
		"a value is missing":    {"migrate chat 0002_fill", "chat_chat", "", `django.db.utils.IntegrityError: column "note" of relation "chat_chat" contains null values`, "chat.0001_first chat.0002_fill chat.0003_note"},
		"the database says no":  {"migrate chat 0002_fill", "", "django.db.utils.OperationalError: canceling statement due to lock timeout", "OperationalError: canceling statement due to lock timeout", "chat.0001_first chat.0002_fill chat.0003_note"},
		"two begin like this":   {"migrate chat 000", "", "", "CommandError: More than one migration matches '000' in app 'chat'. Please be more specific.", allApplied},
		"none is called this":   {"migrate chat 0009_none", "", "", "CommandError: Cannot find a migration matching '0009_none' from app 'chat'.", allApplied},
		"there is no such app":  {"migrate room zero", "", "", "CommandError: No installed app with label 'room'.", allApplied},
		"nothing goes backward": {"migrate users 0001_user", "", "", "  No migrations to apply.", allApplied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, d := project(t, shop(nil)), djangosim.NewDatabase()
			typed(t, p, d, "migrate --noinput")
			if tc.insert != "" {
				if err := d.Insert(tc.insert, 2); err != nil {
					t.Fatal(err)
				}
			}
			if tc.fail != "" {
				d.Fail("chat", "0003_note", tc.fail)
			}
			out, status := typed(t, p, d, tc.line)
			if !strings.HasSuffix(out, tc.last) || (status == 0) != strings.HasPrefix(name, "nothing") || names(d) != tc.applied {
				t.Errorf("exit %d, applied %s:\n%s", status, names(d), out)
			}
		})
	}
}

// "More than one migration matches": a whole name is a prefix, too.
func TestAWholeNameWithWhichAnotherBegins(t *testing.T) {
	t.Parallel()
	files := shop(map[string]string{"chat/migrations/0002_fill_more.py": write([]djangosim.Key{{App: "chat", Name: "0003_note"}}, true)})
	p, d := project(t, files), djangosim.NewDatabase()
	typed(t, p, d, "migrate")
	if out, status := typed(t, p, d, "migrate chat 0002_fill"); status != 1 || out != "CommandError: More than one migration matches '0002_fill' in app 'chat'. Please be more specific." {
		t.Errorf("exit %d:\n%s", status, out)
	}
}

// Whatever a file holds, it is read or refused.
func FuzzReadProject(f *testing.F) {
	for _, text := range shop(nil) {
		f.Add(text)
	}
	f.Add(`class Migration(migrations.Migration): operations = [migrations.CreateModel("R", [("id", 1)], {"a": {}})]`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := djangosim.ReadProject(map[string]string{"chat/migrations/0001_any.py": text})
		if err != nil {
			return
		}
		d := djangosim.NewDatabase()
		for _, line := range []string{"migrate --plan", "migrate", "migrate chat zero --plan", "migrate chat zero", "showmigrations --plan"} {
			typed(t, p, d, line)
		}
	})
}

// "file gone (old code), migration applied": it cannot be named, and neither showmigrations nor migrate tells of it.
func TestOldCodeDoesNotSeeWhatNewCodeApplied(t *testing.T) {
	t.Parallel()
	d := djangosim.NewDatabase()
	typed(t, project(t, shop(nil)), d, "migrate")
	files := shop(nil)
	delete(files, "users/migrations/0001_user.py")
	delete(files, "chat/migrations/0003_note.py")
	old := project(t, files)
	if out, status := typed(t, old, d, "migrate"); status != 0 || !strings.HasSuffix(out, "No migrations to apply.") {
		t.Errorf("exit %d:\n%s", status, out)
	}
	if out, _ := typed(t, old, d, "showmigrations --plan"); out != "[X]  chat.0001_first\n[X]  chat.0002_fill" {
		t.Errorf("shown:\n%s", out)
	}
	if out, status := typed(t, old, d, "migrate chat 0003_note"); status != 1 || !strings.HasPrefix(out, "CommandError: Cannot find a migration") {
		t.Errorf("exit %d:\n%s", status, out)
	}
	if names(d) != allApplied {
		t.Errorf("applied: %s", names(d))
	}
}

func TestAHistoryThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	d := djangosim.NewDatabase()
	files := shop(nil)
	delete(files, "chat/migrations/0002_fill.py")
	files["chat/migrations/0003_note.py"] = write([]djangosim.Key{{App: "chat", Name: "0001_first"}}, true, `RemoveField("chat", "note")`)
	typed(t, project(t, files), d, "migrate")
	if out, status := typed(t, project(t, shop(nil)), d, "migrate"); status != 1 || !strings.Contains(out, "InconsistentMigrationHistory: Migration chat.0003_note is applied before its dependency chat.0002_fill") {
		t.Errorf("exit %d:\n%s", status, out)
	}
}

// A process that ends in the middle leaves what it had committed.
func TestAProcessThatIsKilled(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	p, d := project(t, shop(nil)), djangosim.NewDatabase()
	var lines []string
	_, err := djangosim.Manage(p, d, djangosim.Console{
		Print: func(l string) { lines = append(lines, l) },
		Begin: func(k djangosim.Key) error {
			if k.Name == "0003_note" {
				return gone
			}
			return nil
		},
	}, "migrate")
	if !errors.Is(err, gone) || names(d) != "chat.0001_first chat.0002_fill" || lines[len(lines)-1] != "  Applying chat.0003_note..." {
		t.Errorf("%v, applied %s:\n%s", err, names(d), strings.Join(lines, "\n"))
	}
}

func TestWhatIsNotSimulatedIsRefused(t *testing.T) {
	t.Parallel()
	p, d := project(t, shop(nil)), djangosim.NewDatabase()
	for _, line := range []string{"", "shell", "showmigrations", "showmigrations chat --plan", "migrate --fake", "migrate a b c --plan", "migrate --check"} {
		_, err := djangosim.Manage(p, d, djangosim.Console{Print: func(string) {}}, strings.Fields(line)...)
		if !errors.Is(err, djangosim.ErrUnknown) {
			t.Errorf("%q: %v", line, err)
		}
	}
	if d.Insert("none", 1) == nil {
		t.Error("rows came into a table that is not there")
	}
	first := []djangosim.Key{{App: "chat", Name: "0003_note"}}
	for name, text := range map[string]string{
		"no class":              "from django.db import migrations\n",
		"an open bracket":       "class Migration(migrations.Migration):\n    operations = [\n",
		"an open string":        "class Migration(migrations.Migration):\n    operations = ['\n",
		"a statement":           "class Migration(migrations.Migration):\n    operations = []\n    for x in y:\n        pass\n",
		"a sum":                 "class Migration(migrations.Migration):\n    operations = [] + []\n",
		"a squash":              "class Migration(migrations.Migration):\n    replaces = [('chat', '0001_first')]\n",
		"a setting":             "class Migration(migrations.Migration):\n    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]\n",
		"the first":             "class Migration(migrations.Migration):\n    dependencies = [('users', '__first__')]\n",
		"a dependency":          write([]djangosim.Key{{App: "chat", Name: "0009_none"}}, true),
		"a cycle":               "class Migration(migrations.Migration):\n    dependencies = [('users', '0001_user')]\n    run_before = [('chat', '0001_first')]\n",
		"an operation":          write(first, true, "Frobnicate()"),
		"another's operation":   strings.Replace(write(first, true, "AddField()"), "migrations.AddField", "mine.AddField", 1),
		"a field":               write(first, true, `AddField("chat", "f", Field())`),
		"a column's name":       write(first, true, `AddField("chat", "f", models.IntegerField(null=True, db_column="g"))`),
		"a table's name":        write(first, true, `CreateModel("R", [("id", models.AutoField(primary_key=True))], options={"db_table": "r"})`),
		"a primary key":         write(first, true, `CreateModel("R", [("key", models.AutoField(primary_key=True))])`),
		"a pair of three":       write(first, true, `CreateModel("R", [("key", 1, 2)])`),
		"a function":            write(first, true, "RunPython(lambda a, b: None)"),
		"a function from afar":  write(first, true, "RunPython(other)"),
		"SQL with parameters":   write(first, true, `RunSQL([("SELECT %s", [1])])`),
		"SQL with a state":      write(first, true, `RunSQL("SELECT 1", None, [])`),
		"an odd way back":       write(first, true, `RunSQL("SELECT 1", 5)`),
		"an escape":             write(first, true, `RunSQL("SELECT \x41")`),
		"a dict with a number":  write(first, true, `AlterModelOptions("chat", {1: 2})`),
		"an argument and a bit": write(first, true, `DeleteModel("chat" "r" 5)`),
	} {
		if _, err := djangosim.ReadProject(shop(map[string]string{"chat/migrations/0004_odd.py": text})); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
