package django_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/django"
	"slipway/integrations/sim/django/djangotest"
)

// fill gives each migration of a world something to do: a model of its own, or a field on one of a migration before it.
func (w world) fill(chance *rand.Rand) map[django.Key][]string {
	operations := map[django.Key][]string{}
	models := map[string][]string{} // by app
	for i, k := range w.keys {
		above := slices.ContainsFunc(w.parents[k], func(p django.Key) bool { return p.App == k.App })
		switch {
		case above && len(models[k.App]) > 0 && chance.IntN(2) == 0:
			// Only the first model is sure to be there: all of an app hang below its first migration, or it has two roots.
			operations[k] = append(operations[k], fmt.Sprintf(`AddField(%q, "f%d", models.IntegerField(null=True))`, "m"+models[k.App][0], i))
		default:
			operations[k] = append(operations[k], fmt.Sprintf(`CreateModel("m%d", [("id", models.AutoField(primary_key=True)), ("title", models.CharField(max_length=50, db_index=True))])`, i))
			models[k.App] = append(models[k.App], fmt.Sprint(i))
		}
		if chance.IntN(8) == 0 {
			operations[k] = append(operations[k], "RunPython(migrations.RunPython.noop, migrations.RunPython.noop)")
		}
		if chance.IntN(25) == 0 {
			operations[k] = append(operations[k], "RunPython(migrations.RunPython.noop)")
		}
	}
	return operations
}

// What a real Django undoes with the commands is what the plan says, and after an exact plan the database is what it was.
func TestARealDjangoUndoesWhatThePlanSays(t *testing.T) {
	t.Parallel()
	djangotest.Needs(t)
	n := uint64(40)
	if os.Getenv("CI") != "true" {
		n = 12
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(seed, 9))
			w := randomWorld(chance)
			operations := w.fill(chance)
			before, after := w.written(false, operations), w.written(true, operations)
			u := django.Plan(django.Load(before, django.Options{}), django.Load(after, django.Options{}))
			database := filepath.Join(t.TempDir(), "db.sqlite3")
			steps := [][]string{{"migrate"}, {"state"}}
			for _, c := range u.Commands {
				steps = append(steps, strings.Fields(c.Line)[2:], []string{"state"})
			}
			did := djangotest.Run(t, after, database, steps...)
			if strings.HasPrefix(did[0].Error, "CommandError: Conflicting migrations") {
				if u.Verdict == django.Exact {
					t.Fatalf("Django refuses the change, and the plan is exact: %s", did[0].Error)
				}
				return
			}
			if did[0].Error != "" {
				t.Fatal(did[0].Error)
			}
			failed := slices.ContainsFunc(did, func(r djangotest.Result) bool { return r.Error != "" })
			if failed != (u.Verdict == django.Impossible) {
				t.Fatalf("the plan is %s, and Django: %+v", u.Verdict, did)
			}
			if failed {
				return
			}
			var undone []django.Key
			for _, k := range did[1].Applied {
				if !slices.Contains(did[len(did)-1].Applied, k) {
					undone = append(undone, django.Key{App: k[0], Name: k[1]})
				}
			}
			if told := slices.Concat(u.Undoes, u.AlsoUndoes); !sameKeys(undone, told) {
				t.Errorf("%v are undone, and not %v", undone, told)
			}
			if u.Verdict != django.Exact {
				return
			}
			was := []djangotest.Result{{}, {Applied: [][2]string{}, Tables: map[string]any{}}}
			if len(before) > 0 {
				was = djangotest.Run(t, before, filepath.Join(t.TempDir(), "db.sqlite3"), []string{"migrate"}, []string{"state"})
			}
			if diff := cmp.Diff(was[1], did[len(did)-1]); diff != "" {
				t.Errorf("(-before +after the undo)\n%s", diff)
			}
		})
	}
}

func (w world) written(all bool, operations map[django.Key][]string) map[string][]byte {
	files := map[string][]byte{}
	for name, src := range w.files(all) {
		app, called, _ := strings.Cut(strings.TrimSuffix(name, ".py"), "/migrations/")
		var b strings.Builder
		for _, o := range operations[django.Key{App: app, Name: called}] {
			b.WriteString("        migrations." + o + ",\n")
		}
		files[name] = []byte(strings.Replace(string(src), "    operations = [\n", "    operations = [\n"+b.String(), 1))
	}
	return files
}
