package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"slipway/bot/store/pgtest"
	"slipway/integrations/sim/django/djangotest"
)

// base are the models that old code knows.
var base = []string{
	`CreateModel("Room", [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=20))])`,
	`CreateModel("Chat", [("id", models.AutoField(primary_key=True)), ("title", models.CharField(max_length=50)), ("body", models.TextField()),
            ("speed", models.IntegerField()), ("count", models.PositiveIntegerField()), ("price", models.DecimalField(max_digits=6, decimal_places=2)),
            ("note", models.CharField(max_length=10, null=True)), ("at", models.DateTimeField(null=True)), ("done", models.BooleanField(default=False)),
            ("room", models.ForeignKey("chat.Room", models.CASCADE, null=True)), ("rooms", models.ManyToManyField("chat.Room", related_name="+"))])`,
	`AlterUniqueTogether("chat", set())`,
	`AddIndex("chat", models.Index(fields=["title"], name="by_title"))`,
	`CreateModel("Seen", [("id", models.AutoField(primary_key=True)), ("what", models.CharField(max_length=9, db_column="w"))], {"db_table": "seen"})`,
	`AddConstraint("seen", models.CheckConstraint(check=~models.Q(what="no"), name="not_no"))`,
}

// Whatever is said of old code, a real Django with a real Postgres finds the same: on the new schema it reads and writes rows with the old
// models, with the extremes of what their fields take.
func TestOldCodeOnARealDatabase(t *testing.T) {
	t.Parallel()
	djangotest.Needs(t, "psycopg2")
	for name, c := range map[string]struct{ want, operations string }{
		"nothing":                         {"safe", ``},
		"a new model":                     {"safe", `CreateModel("New", [("id", models.AutoField(primary_key=True)), ("chat", models.ForeignKey("chat.Chat", models.CASCADE))])`},
		"a field that may be empty":       {"safe", `AddField("chat", "f", models.IntegerField(null=True))`},
		"a reference that may be empty":   {"safe", `AddField("chat", "f", models.OneToOneField("chat.Room", models.CASCADE, null=True, related_name="+"))`},
		"a field that must have a value":  {"breaks", `AddField("chat", "f", models.IntegerField(default=3))`},
		"a text that may be blank":        {"breaks", `AddField("chat", "f", models.TextField(blank=True, default=""))`},
		"a truth":                         {"breaks", `AddField("chat", "f", models.BooleanField(default=False))`},
		"a many-to-many field":            {"safe", `AddField("chat", "f", models.ManyToManyField("chat.Seen"))`},
		"removed":                         {"breaks", `RemoveField("chat", "note")`},
		"a removed many-to-many field":    {"breaks", `RemoveField("chat", "rooms")`},
		"renamed":                         {"breaks", `RenameField("chat", "note", "remark")`},
		"renamed, but not its column":     {"safe", `RenameField("seen", "what", "which")`},
		"a removed model":                 {"breaks", `DeleteModel("Seen")`},
		"a renamed model":                 {"breaks", `RenameModel("Room", "Hall")`},
		"a renamed table":                 {"breaks", `AlterModelTable("chat", "talk")`},
		"the same table":                  {"safe", `AlterModelTable("seen", "seen")`},
		"a longer text":                   {"safe", `AlterField("chat", "title", models.CharField(max_length=60))`},
		"a shorter text":                  {"breaks", `AlterField("chat", "title", models.CharField(max_length=40))`},
		"a text without limit":            {"safe", `AlterField("chat", "title", models.TextField())`},
		"a text with a limit":             {"breaks", `AlterField("chat", "body", models.CharField(max_length=100))`},
		"a text that is an address":       {"safe", `AlterField("chat", "title", models.EmailField(max_length=254))`},
		"a larger number":                 {"safe", `AlterField("chat", "speed", models.BigIntegerField())`},
		"a smaller number":                {"breaks", `AlterField("chat", "speed", models.SmallIntegerField())`},
		"a number that may be below zero": {"safe", `AlterField("chat", "count", models.IntegerField())`},
		"a number that may not be":        {"breaks", `AlterField("chat", "speed", models.PositiveIntegerField())`},
		"more digits":                     {"safe", `AlterField("chat", "price", models.DecimalField(max_digits=9, decimal_places=3))`},
		"fewer digits":                    {"breaks", `AlterField("chat", "price", models.DecimalField(max_digits=6, decimal_places=3))`},
		"may be empty by now":             {"safe", `AlterField("chat", "title", models.CharField(max_length=50, null=True))`},
		"must have a value by now":        {"breaks", `AlterField("chat", "note", models.CharField(max_length=10, default=""))`},
		"must be unique by now":           {"breaks", `AlterField("chat", "title", models.CharField(max_length=50, unique=True))`},
		"words for people":                {"safe", `AlterField("chat", "title", models.CharField(max_length=50, help_text="x", blank=True, default="y", db_index=True))`},
		"a text that is a number":         {"breaks", `AlterField("chat", "note", models.IntegerField(null=True))`},
		"a column of another name":        {"breaks", `AlterField("chat", "note", models.CharField(max_length=10, null=True, db_column="n"))`},
		"a wider key":                     {"safe", `AlterField("chat", "id", models.BigAutoField(primary_key=True))`},
		"one of a kind":                   {"breaks", `AlterField("chat", "room", models.OneToOneField("chat.Room", models.CASCADE, null=True))`},
		"a reference to something else":   {"breaks", `AlterField("chat", "room", models.ForeignKey("chat.Seen", models.CASCADE, null=True))`},
		"unique together":                 {"breaks", `AlterUniqueTogether("chat", {("title", "speed")})`},
		"an index":                        {"safe", `AddIndex("chat", models.Index(fields=["speed"], name="by_speed"))`},
		"no index":                        {"safe", `RemoveIndex("chat", "by_title")`},
		"an index of two":                 {"safe", `AlterIndexTogether("chat", {("title", "speed")})`},
		"a check":                         {"breaks", `AddConstraint("chat", models.CheckConstraint(check=models.Q(speed__gt=0), name="fast"))`},
		"a unique constraint":             {"breaks", `AddConstraint("chat", models.UniqueConstraint(fields=["title"], name="one"))`},
		"no check":                        {"safe", `RemoveConstraint("seen", "not_no")`},
		"an order":                        {"breaks", `AlterOrderWithRespectTo("chat", "room")`},
		"options":                         {"safe", `AlterModelOptions("chat", {"ordering": ["title"]})`},
		"managers":                        {"safe", `AlterModelManagers("chat", [])`},
		"only the models change":          {"safe", `SeparateDatabaseAndState([], [migrations.RemoveField("chat", "note")])`},
		"only the database changes":       {"breaks", `SeparateDatabaseAndState([migrations.RemoveField("chat", "note")])`},
		"code that does nothing":          {"safe", `RunPython(migrations.RunPython.noop)`},
		"code":                            {"unknown", `RunPython(lambda apps, editor: None)`},
		"SQL":                             {"unknown", `RunSQL("select 1")`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := history(t,
				map[string]string{"chat/migrations/0001_initial.py": migrationFile("chat", "", base...), "chat/migrations/__init__.py": "# none", "chat/__init__.py": "# none"},
				map[string]string{"chat/migrations/0002_x.py": migrationFile("chat", "0001_initial", c.operations)},
			)
			if c.operations == "" {
				dir = history(t, map[string]string{"chat/migrations/0001_initial.py": migrationFile("chat", "", base...), "chat/migrations/__init__.py": "# none", "chat/__init__.py": "# none"}, nil)
			}
			var undo struct {
				CodeOnly string `json:"code_only"`
			}
			_, out, errs := runs([]string{"undo", "--json", "-C", dir, "v0", "v1"})
			if err := json.Unmarshal([]byte(out), &undo); err != nil {
				t.Fatalf("%v: %s%s", err, out, errs)
			}
			if undo.CodeOnly != c.want {
				t.Errorf("old code: %s, want %s\n%s", undo.CodeOnly, c.want, out)
			}
			did := djangotest.RunIn(t, dir, djangoDatabase(t, pgtest.Start(t)), []string{"migrate"}, []string{"rows", "chat", "0001_initial"})
			if did[0].Error != "" {
				t.Fatal(did[0].Error)
			}
			switch works := did[1].Error == ""; {
			case c.want == "unknown":
			case works != (c.want == "safe"):
				t.Errorf("it is said to be %s, and the old models: %s", c.want, did[1].Error)
			}
		})
	}
}

// djangoDatabase writes a Postgres's address as Django wants it.
func djangoDatabase(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	text, err := json.Marshal(map[string]string{
		"ENGINE": "django.db.backends.postgresql", "NAME": strings.TrimPrefix(u.Path, "/"), "USER": u.User.Username(), "PASSWORD": password,
		"HOST": u.Hostname(), "PORT": u.Port(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
