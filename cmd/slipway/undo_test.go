package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// history makes a checkout whose commits are called v0, v1 and so on. A file that is empty is removed.
func history(t *testing.T, commits ...map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	git := func(args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			"GIT_AUTHOR_NAME=alice", "GIT_AUTHOR_EMAIL=alice@example.com", "GIT_COMMITTER_NAME=alice", "GIT_COMMITTER_EMAIL=alice@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	git("init", "-q")
	for i, files := range commits {
		for name, text := range files {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if text == "" {
				_ = os.Remove(path)
			}
		}
		git("add", "-A")
		git("commit", "-q", "--allow-empty", "-m", "x")
		git("tag", fmt.Sprintf("v%d", i))
	}
	return dir
}

// migrationFile is a migration with operations, a line each.
func migrationFile(app, after string, operations ...string) string {
	var b strings.Builder
	b.WriteString("from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [")
	if after != "" {
		fmt.Fprintf(&b, "(%q, %q)", app, after)
	}
	b.WriteString("]\n    operations = [\n")
	for _, o := range operations {
		fmt.Fprintf(&b, "        migrations.%s,\n", o)
	}
	b.WriteString("    ]\n")
	return b.String()
}

// past is a history: a first migration; one that can be undone; one that cannot; nothing of Django's; a file that is cut off.
func past(t *testing.T) (dir string) {
	t.Helper()
	return history(t,
		map[string]string{
			"chat/migrations/0001_initial.py": migrationFile("chat", "", `CreateModel("Chat", [("id", models.AutoField(primary_key=True))])`),
			"chat/migrations/__init__.py":     "# none",
			"site/settings.py":                "DEBUG = False\n",
			"other/später/what is this 🙂.py":  "# not ours\n",
		},
		map[string]string{"chat/migrations/0002_note.py": migrationFile("chat", "0001_initial", `AddField("chat", "note", models.TextField(null=True))`)},
		map[string]string{"chat/migrations/0003_data.py": migrationFile("chat", "0002_note", `RunPython(print)`)},
		map[string]string{"README.md": "x"},
		map[string]string{"chat/migrations/0004_half.py": "class Migration(migr"},
	)
}

func TestUndoOfALocalCheckout(t *testing.T) {
	t.Parallel()
	dir := past(t)
	for _, c := range []struct {
		args      string
		status    int
		out, errs string // a part of them
	}{
		{"v0 v1", exitOK, "Undo      exact: these commands undo the change and nothing else\n" +
			"Old code  works on the new database: the code alone can go back\n\n" +
			"To run with the new code, before the code goes back, in this order:\n" +
			"  python manage.py migrate chat 0001_initial\n" +
			"That undoes, in this order:\n  chat.0002_note\n\n" +
			"Data\n  chat.0002_note, line 7, AddField: undoing drops the column chat.note, and what is in it\n", ""},
		{"v1 v2", exitImpossible, "Look at this first\n  chat.0003_data, line 7, RunPython: RunPython has no reverse_code\n", ""},
		{"v0 v2", exitImpossible, "  python manage.py migrate chat 0001_initial\nThat undoes, in this order:\n  chat.0003_data\n  chat.0002_note\n", ""},
		{"v2 v3", exitOK, "Undo      no migrations\n", ""},
		{"v2 HEAD~1", exitOK, "Undo      no migrations\n", ""},
		{"v3 v4", exitReview, "chat/migrations/0004_half.py: line 1: a bracket is never closed", ""},
		{"v1 v0", exitReview, "chat/migrations/0002_note.py is gone; it stays applied", ""},
		{"v0 v9", exitSettings, "", `slipway undo: "v9" names no commit here` + "\n"},
		{"v0 --output=x", exitSettings, "", "flag provided but not defined: -output"},
		{"v0", exitSettings, "", "slipway undo: it takes two commits, the one before the change and the one with it, not 1\n"},
		{"v0 v1 v2", exitSettings, "", "not 3\n"},
		{"--help", exitOK, "slipway undo says how", ""},
	} {
		status, out, errs := runs(append([]string{"undo", "-C", dir}, strings.Fields(c.args)...))
		if status != c.status || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) || (errs == "") != (c.errs == "") {
			t.Errorf("slipway undo %s exits with %d, want %d, and says\n%s%s", c.args, status, c.status, out, errs)
		}
	}
	if status, _, errs := runs([]string{"undo", "-C", t.TempDir(), "v0", "v1"}); status != exitFailed || !strings.Contains(errs, "not a git repository") {
		t.Errorf("outside of a checkout it exits with %d and says %q", status, errs)
	}
}

func runs(args []string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = slipway(args, nil, &o, &e)
	return status, o.String(), e.String()
}

// The object has the keys that others build on.
func TestUndoAsJSON(t *testing.T) {
	t.Parallel()
	dir := past(t)
	type finding struct {
		Migration      [2]string
		Kind           string
		Operation, Why string
		Line           int
	}
	var got struct {
		Verdict    string
		CodeOnly   string `json:"code_only"`
		Commands   []struct{ App, Target, Command string }
		Undoes     [][2]string
		AlsoUndoes [][2]string `json:"also_undoes"`
		Findings   []finding
	}
	status, out, errs := runs([]string{"undo", "v0", "-C", dir, "v2", "--json"})
	if err := json.Unmarshal([]byte(out), &got); err != nil || status != exitImpossible {
		t.Fatalf("%d %v: %s %s", status, err, out, errs)
	}
	if got.Verdict != "impossible" || got.CodeOnly != "unknown" || got.AlsoUndoes == nil || len(got.AlsoUndoes) > 0 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([][2]string{{"chat", "0003_data"}, {"chat", "0002_note"}}, got.Undoes); diff != "" {
		t.Error(diff)
	}
	if len(got.Commands) != 1 || got.Commands[0].App != "chat" || got.Commands[0].Target != "0001_initial" ||
		got.Commands[0].Command != "python manage.py migrate chat 0001_initial" {
		t.Errorf("commands %+v", got.Commands)
	}
	want := finding{[2]string{"chat", "0003_data"}, "irreversible", "RunPython", "RunPython has no reverse_code", 7}
	if !slices.Contains(got.Findings, want) {
		t.Errorf("findings %+v", got.Findings)
	}
	for _, key := range []string{"commands", "undoes", "also_undoes", "findings"} {
		if _, out, _ := runs([]string{"undo", "-C", dir, "--json", "v2", "v3"}); !strings.Contains(out, fmt.Sprintf("%q: []", key)) {
			t.Errorf("without migrations %s is no empty list: %s", key, out)
		}
	}
}
