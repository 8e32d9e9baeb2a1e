package ledger

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Each kind's join is that of a semilattice, for what far ends send and for what they never would. The function makes
// facts of one subject.
func TestJoinsDoNotDependOnOrderGroupingOrRepetition(t *testing.T) {
	t.Parallel()
	joins(t, func(f *Branch) {})
	joins(t, func(f *Head) { f.Branch, f.Moves = "b", nil })
	joins(t, func(f *Push) {})
	joins(t, func(f *Pull) { f.Pull.Number = 1 })
	joins(t, func(f *Run) { f.Run.ID, f.Run.Attempt = 1, 1 })
	joins(t, func(f *Job) { f.Job.ID = 1 })
	joins(t, func(f *Status) { f.SHA, f.Status.Context = "s", "c" })
	joins(t, func(f *Check) { f.Check.ID = 1 })
	joins(t, func(f *Commit) { f.Commit.SHA = "s" })
	joins(t, func(f *Absent) { f.SHA = "s" })
	joins(t, func(f *Span) { f.Base, f.Head = "b", "h" })
	joins(t, func(f *Undo) { f.Base, f.Head = "b", "h" })
	joins(t, func(f *App) {})
	joins(t, func(f *Backups) {})
	joins(t, func(f *Release) { f.Release.ID = "r" })
	joins(t, func(f *Slug) { f.Slug.ID = "s" })
	joins(t, func(f *Build) { f.Build.ID = "b" })
	joins(t, func(f *Dyno) { f.Dyno.ID = "d" })
	joins(t, func(f *Process) { f.Process.Type = "web" })
	joins(t, func(f *Output) { f.ReleaseID = "r" })
	joins(t, func(f *Listed) { f.What = Dynos })
	joins(t, func(f *Reading) { f.Scope, f.What, f.Of = "s", Runs, "" })
	joins(t, func(f *Heard) { f.Scope, f.Sender = "s", GitHub })
}

func joins[F Fact](t *testing.T, one func(*F)) {
	var zero F
	t.Run(string(zero.Subject().Kind), func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			draw := func(name string) Fact {
				var f F
				fill(t, name, reflect.ValueOf(&f).Elem())
				one(&f)
				return f
			}
			a, b, c := draw("a"), draw("b"), draw("c")
			same(t, "b, a", a.join(b), b.join(a))
			same(t, "a, (b, c)", a.join(b).join(c), a.join(b.join(c)))
			same(t, "a, a again", a.join(a), a.join(a).join(a))
			same(t, "a, b, a", a.join(b), a.join(b).join(a))
			same(t, "a, b, b", a.join(b), a.join(b).join(b))
		})
	})
}

func same(t *rapid.T, how string, want, got Fact) {
	t.Helper()
	if !equal(want, got) {
		t.Fatalf("%s:\n%s\n%s", how, text(want), text(got))
	}
}

// words and moments are few, so that they meet often.
var (
	words = []string{
		"", "a", "b", "completed", "in_progress", "waiting", "queued", "pending", "succeeded", "failed", "expired", "starting", "up",
		"success", "failure", "closed",
	}
	moments = []time.Time{
		{},
		time.Unix(1e9, 0).UTC(), time.Unix(1e9, 3e8).UTC(), time.Unix(1e9+1, 0).UTC(), time.Unix(1e9+4, 5e8).UTC(), time.Unix(1e9+9, 0).UTC(),
		time.Unix(1e9+60, 0).UTC(),
	}
)

// fill draws a value.
func fill(t *rapid.T, name string, v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(rapid.SampledFrom(moments).Draw(t, name)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom(words).Draw(t, name))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 2).Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, name) {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, name, v.Elem())
		}
	case reflect.Slice:
		for range rapid.IntRange(0, 2).Draw(t, name) {
			item := reflect.New(v.Type().Elem()).Elem()
			fill(t, name, item)
			v.Set(reflect.Append(v, item))
		}
	case reflect.Map:
		if rapid.Bool().Draw(t, name) {
			v.Set(reflect.ValueOf(map[string]string{"web": rapid.SampledFrom(words).Draw(t, name)}))
		}
	default:
		t.Fatalf("%s: no way to draw a %s", name, v.Type())
	}
}
