package chattest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"slipway/bot"
)

// Run plays every conversation below dir and compares. With update it writes what it got into the files.
func Run(t *testing.T, dir string, commands []bot.Command, update bool) {
	t.Helper()
	runAll(t, dir, slipway(commands), update)
}

// Files gives the conversations below dir; there must be some.
func Files(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".txtar") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations in %s (%v)", dir, err)
	}
	return files
}

// Play plays the chat section of an archive in a bubble and gives the transcript. A line that fails ends it with
// "! line N: why".
func Play(t *testing.T, archive *txtar.Archive, commands []bot.Command) string {
	t.Helper()
	got, _ := play(t, archive, slipway(commands))
	return got
}

func runAll(t *testing.T, dir string, who cast, update bool) {
	t.Helper()
	for _, file := range Files(t, dir) {
		name, _ := filepath.Rel(dir, file)
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive := read(t, file)
			got, left := play(t, archive, who)
			switch diff := cmp.Diff(strings.Split(section(archive, "chat"), "\n"), strings.Split(got, "\n")); {
			case update && len(left) > 0:
				t.Errorf("%s is not rewritten, or these lines behind the one that failed would be lost:\n%s\n\n%s", file, strings.Join(left, "\n"), got)
			case update:
				write(t, file, archive, got)
			case diff != "":
				t.Errorf("%s (-file +played; go test -update rewrites it):\n%s", file, diff)
			}
		})
	}
}

// play gives the transcript, and the lines that were not played because one before them failed.
func play(t *testing.T, archive *txtar.Archive, who cast) (got string, left []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, settingOf(archive), who)
		defer s.close()
		got, left = converse(s, typedIn(section(archive, "chat")))
	})
	return got, left
}

// settingOf reads the sections of an archive other than the chat.
func settingOf(archive *txtar.Archive) setting {
	return setting{
		changes:  strings.Split(section(archive, "world"), "\n"),
		settings: section(archive, "slipway.yml"),
		file: func(name string) (string, error) {
			var there []string
			for _, f := range archive.Files {
				if f.Name == name {
					return string(f.Data), nil
				}
				there = append(there, f.Name)
			}
			return "", fmt.Errorf("there is no section %s; there are %s", name, strings.Join(there, ", "))
		},
	}
}

// typedIn gives the typed lines of a chat section.
func typedIn(chat string) []string {
	if chat == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(chat, "\n"), "\n")
	return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, " ") || strings.HasPrefix(l, "! ") })
}

// converse plays lines. A line that fails is counted as it stands in the transcript.
func converse(s *stage, lines []string) (got string, left []string) {
	var out bytes.Buffer
	player := NewPlayer(s.World, s.bot, bubbleClock{}, &out)
	player.Settle() // what it says at its start is said by then
	player.Print()
	for i, l := range lines {
		number := bytes.Count(out.Bytes(), []byte("\n")) + 1
		if err := player.Line(l); err != nil {
			fmt.Fprintf(&out, "! line %d: %s\n", number, strings.ReplaceAll(err.Error(), "\n", "; "))
			return out.String(), lines[i+1:]
		}
	}
	return out.String(), nil
}

func read(t *testing.T, file string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

func section(a *txtar.Archive, name string) string {
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	return string(a.Files[i].Data)
}

func write(t *testing.T, file string, a *txtar.Archive, chat string) {
	t.Helper()
	for i := range a.Files {
		if a.Files[i].Name == "chat" {
			a.Files[i].Data = []byte(chat)
		}
	}
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
