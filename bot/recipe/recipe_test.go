package recipe_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"slipway/bot/store"
	"slipway/integrations/github"
	"slipway/integrations/sim/weather"
)

func (s *stage) wants(base, head, words string, asked ...string) {
	s.t.Helper()
	got, calls := s.undo(base, head)
	slices.Sort(calls)
	slices.Sort(asked)
	if got != words || !slices.Equal(calls, asked) {
		s.t.Errorf("it is %q, want %q; asked\n\t%s\nwant\n\t%s", got, words, strings.Join(calls, "\n\t"), strings.Join(asked, "\n\t"))
	}
}

// One call lists a commit, and one more reads each migration that is new. What was read once is kept, also for the next process.
func TestAMergeCostsACallAndOneForEachMigration(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		second := s.commit(map[string]string{
			"chat/migrations/0002_note.py":     migration(adds, "chat.0001_initial"),
			"users/migrations/__init__.py":     "\n",
			"users/migrations/0001_initial.py": migration(strings.ReplaceAll(creates, "Chat", "User")),
			"chat/notes.py":                    "NOTES = 1\n",
		})
		const both = "exact chat:0001_initial users:zero loses_data loses_data"
		s.wants(first, second, both, "tarball/"+first, "git/trees/"+second,
			"contents/chat/migrations/0002_note.py", "contents/users/migrations/0001_initial.py")
		s.wants(first, second, both)
		s.again()
		s.wants(first, second, both)
		third := s.commit(map[string]string{"README.md": "# Penny University\n"})
		s.wants(second, third, "none", "git/trees/"+third)
		s.wants(first, third, both)
		moved := s.commit(map[string]string{"chat/migrations/0003_more.py": migration(adds, "chat.0002_note"), "penny/settings.py": settings + "DEBUG = 1\n"})
		s.wants(third, moved, "exact chat:0002_note loses_data", "git/trees/"+moved, "contents/chat/migrations/0003_more.py", "contents/penny/settings.py")
	})
}

func TestWhatOneCommitIsComparedWithItself(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		s.wants(first, first, "none", "tarball/"+first)
	})
}

// So many files that are new are read in one piece, and so are others than migrations, which a merge seldom changes: besides what reads
// the new migrations there are never more than four calls.
func TestManyFilesAreReadInOnePiece(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		s.wants(first, first, "none", "tarball/"+first)
		files, last := map[string]string{}, "chat.0001_initial"
		for i := 2; i <= 40; i++ {
			name := fmt.Sprintf("%04d_note", i)
			files["chat/migrations/"+name+".py"] = migration(strings.ReplaceAll(adds, "note", fmt.Sprint("note", i)), last)
			last = "chat." + name
		}
		many := s.commit(files)
		s.wants(first, many, "exact chat:0001_initial"+strings.Repeat(" loses_data", 39), "git/trees/"+many, "tarball/"+many)
		others := s.commit(map[string]string{"penny/settings.py": "A = 1\n", "penny/base_settings.py": "B = 1\n", "chat/apps.py": "C = 1\n"})
		s.wants(many, others, "none", "git/trees/"+others, "contents/penny/settings.py", "contents/penny/base_settings.py", "tarball/"+others)
	})
}

func TestATreeThatIsCutIsReadInOnePiece(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		s.wants(first, first, "none", "tarball/"+first)
		second := s.commit(map[string]string{"chat/migrations/0002_note.py": migration(adds, "chat.0001_initial")})
		s.sim.LimitTrees(3)
		s.wants(first, second, "exact chat:0001_initial loses_data", "git/trees/"+second, "tarball/"+second)
	})
}

// Only the settings know of such folders: at first, and when they are named later.
func TestFoldersThatSettingsNameAreRead(t *testing.T) {
	on(t, func(s *stage) {
		named := settings + "MIGRATION_MODULES = {'chat': 'db.chat_changes'}\n"
		first := s.commit(map[string]string{
			"penny/settings.py": named, "db/chat_changes/__init__.py": "\n", "db/chat_changes/0001_initial.py": migration(creates),
		})
		second := s.commit(map[string]string{"db/chat_changes/0002_note.py": migration(adds, "chat.0001_initial")})
		s.wants(first, second, "exact chat:0001_initial loses_data", "tarball/"+first, "tarball/"+first, "git/trees/"+second, "contents/db/chat_changes/0002_note.py")
	})
}

// What is no UTF-8, a link, or larger than any migration is told of, and nothing else is lost.
func TestWhatCannotBeReadIsSaidByName(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		bad := s.commit(map[string]string{
			"chat/migrations/0002_note.py":  migration(adds, "chat.0001_initial"),
			"chat/migrations/0003_latin.py": "# caf\xe9\n" + migration(adds, "chat.0002_note"),
			"chat/migrations/0004_huge.py":  "#" + strings.Repeat("x", github.MaxFile) + "\n" + migration(adds, "chat.0003_latin"),
		})
		for range 2 { // read, and kept
			u, err := s.recipes.Undo(t.Context(), penny, first, bad)
			if err != nil {
				t.Fatal(err)
			}
			words := fmt.Sprint(u.Findings)
			if u.Verdict != "review" || !strings.Contains(words, "0003_latin.py") || !strings.Contains(words, "0004_huge.py") || strings.Contains(words, "0002_note.py") {
				t.Errorf("%s: %s", u.Verdict, words)
			}
		}
	})
}

// Nothing is kept of a commit that was read by half, and it is read the next time.
func TestWhatGitHubDoesNotGiveIsAnError(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		s.wants(first, first, "none", "tarball/"+first)
		second := s.commit(map[string]string{
			"chat/migrations/0002_note.py": migration(adds, "chat.0001_initial"),
			"chat/migrations/0003_more.py": migration(adds, "chat.0002_note"),
		})
		s.sim.Weather().Add(weather.Fault{Method: "GET", Path: "/repos/*/*/contents/chat/migrations/0003_more.py", Kind: weather.HTML503, Always: true})
		if _, err := s.recipes.Undo(t.Context(), penny, first, second); github.KindOf(err) != github.Unavailable {
			t.Errorf("got %v", err)
		}
		s.sim.Weather().Clear()
		s.wants(first, second, "exact chat:0001_initial loses_data loses_data", "git/trees/"+second,
			"contents/chat/migrations/0002_note.py", "contents/chat/migrations/0003_more.py")
		if _, err := s.recipes.Undo(t.Context(), penny, first, strings.Repeat("0", 40)); github.KindOf(err) != github.NotFound {
			t.Errorf("got %v", err)
		}
	})
}

// The newest commits stay, with their files, and those of the others go.
func TestOldCommitsAreTakenAway(t *testing.T) {
	on(t, func(s *stage) {
		first := s.begin()
		s.wants(first, first, "none", "tarball/"+first)
		last := first
		var before string
		for i := range 100 {
			before, last = last, s.commit(map[string]string{"chat/migrations/0002_note.py": migration(adds+fmt.Sprintf("  # %d\n", i), "chat.0001_initial")})
			s.undo(before, last)
		}
		s.wants(before, last, "none") // they differ by a remark
		for table, most := range map[string]int64{"source_commits": 80, "source_files": 90} {
			var n int64
			err := s.store.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.QueryRow(ctx, "select count(*) from "+table).Scan(&n)
			})
			if err != nil || n > most || n < 20 {
				t.Errorf("%d rows in %s, %v", n, table, err)
			}
		}
		s.wants(first, last, "exact chat:0001_initial loses_data", "git/trees/"+first)
	})
}
