package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

var update = flag.Bool("update", false, "write the golden file anew, after a field was added")

const golden = "testdata/stored.golden"

// What is stored is read by every version to come: fields are added, never renamed or taken away.
func TestStoredFactsStayReadable(t *testing.T) {
	t.Parallel()
	var now strings.Builder
	for _, f := range samples(t) {
		fmt.Fprintf(&now, "%s %s\n", f.Subject().Kind, text(f))
	}
	before, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(before)) {
		kind, old, _ := strings.Cut(strings.TrimSpace(line), " ")
		table, known := tables[Kind(kind)]
		if !known {
			t.Errorf("facts of kind %s are stored and cannot be read any more", kind)
			continue
		}
		f, err := table.read([]byte(old))
		if err != nil {
			t.Fatal(err)
		}
		if lost := missingFrom(object(t, string(text(f))), object(t, old)); len(lost) > 0 {
			t.Errorf("%s: %v were stored and are not read any more", kind, lost)
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(golden, []byte(now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(before), now.String()); diff != "" {
		t.Errorf("if fields were added and nothing else, run with -update (-stored +now):\n%s", diff)
	}
}

func object(t *testing.T, text string) (o map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestEveryKindIsStoredWhole(t *testing.T) {
	t.Parallel()
	for engine, o := range map[string]func(t *testing.T) store.Options{
		"SQLite":   func(t *testing.T) store.Options { return store.Options{Path: storetest.File(t), Unsafe: true} },
		"Postgres": func(t *testing.T) store.Options { return store.Options{URL: pgtest.Start(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), o(t))
			if err != nil {
				t.Fatal(err)
			}
			want, got := New("App", github.Repo{Owner: "Owner", Name: "Name"}), (*Known)(nil)
			err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				for _, f := range samples(t) {
					want.Add(f)
					if changed, err := Fold(ctx, tx, time.Now(), f); err != nil || len(changed) != 1 {
						t.Errorf("%s: changed %v, %v", f.Subject(), changed, err)
					}
				}
				got, err = LoadAll(ctx, tx, want.App, want.Repo)
				return err
			})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.Facts(), got.Facts(), cmpopts.IgnoreTypes(heroku.StreamURL(""))); diff != "" || len(got.Facts()) != len(tables) {
				t.Errorf("(-folded +loaded):\n%s", diff)
			}
		})
	}
}

// samples are a fact of every kind, all of one app and repository.
func samples(t *testing.T) []Fact {
	t.Helper()
	var list []Fact
	for _, kind := range slices.Sorted(maps.Keys(tables)) {
		f, err := tables[kind].read([]byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		v := reflect.New(reflect.TypeOf(f)).Elem()
		sample(t, "", v)
		if scope := v.FieldByName("Scope"); scope.IsValid() {
			scope.SetString("app")
		}
		list = append(list, v.Interface().(Fact))
	}
	return list
}

// missingFrom names the fields of old whose value now is not there.
func missingFrom(now, old map[string]any) (lost []string) {
	for name, was := range old {
		lost = append(lost, missing(name, now[name], was)...)
	}
	return lost
}

func missing(name string, is, was any) (lost []string) {
	switch was := was.(type) {
	case map[string]any:
		if is, ok := is.(map[string]any); ok {
			return missingFrom(is, was)
		}
	case []any:
		if is, ok := is.([]any); ok && len(is) == len(was) {
			for i := range was {
				lost = append(lost, missing(name, is[i], was[i])...)
			}
			return lost
		}
	}
	if !cmp.Equal(was, is) {
		lost = append(lost, name)
	}
	return lost
}

// sample gives every field a value that is not its zero value.
func sample(t *testing.T, name string, v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(name)
	case reflect.Int, reflect.Int64:
		v.SetInt(1 << 53)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			sample(t, v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		sample(t, name, v.Elem())
	case reflect.Slice:
		item := reflect.New(v.Type().Elem()).Elem()
		sample(t, name, item)
		v.Set(reflect.Append(v, item))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"key": name}))
	default:
		t.Fatalf("%s: no way to make a %s", name, v.Type())
	}
}
