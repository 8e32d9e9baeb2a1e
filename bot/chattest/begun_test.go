package chattest

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	slacksim "slipway/integrations/sim/slack"
)

// What an earlier version began, on a database that it wrote, this one brings to its end: each effect is made once.
func TestWhatAnEarlierVersionBeganIsFinished(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]struct{ effect, board string }{
		"11-restart.sql":     {"DELETE /apps/penny-university/dynos", "Restart all dynos of *penny-university*: done"},
		"11-maintenance.sql": {"PATCH /apps/penny-university", "Turn maintenance mode of *penny-university* on: done"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			path := databaseOf(t, filepath.Join("testdata", "begun", file))
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				s := open(t, setting{}, hostOf(path, &log))
				defer s.close()
				var said bytes.Buffer
				p := NewPlayer(s.World, s.bot, bubbleClock{}, &said)
				p.Settle()
				if err := p.Line("!clock 2m"); err != nil {
					t.Fatalf("%v\n%s", err, &said)
				}
				requests, _ := s.World.Heroku.Weather().Requests(0)
				made := 0
				for _, r := range requests {
					if r.Method+" "+r.Path == want.effect {
						made++
					}
				}
				if made != 1 {
					t.Errorf("%s was asked for %d times", want.effect, made)
				}
				if !toldOf(s, want.board) {
					t.Errorf("nothing says %q; the log says\n%s", want.board, &log)
				}
			})
		})
	}
}

// databaseOf makes a database of what was written down of another.
func databaseOf(t *testing.T, file string) (path string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "slipway.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// toldOf tells whether a message of the bot begins so.
func toldOf(s *stage, text string) bool {
	entries, _ := s.World.Slack.Journal(0)
	for _, e := range entries {
		if (e.Kind == slacksim.Posted || e.Kind == slacksim.Updated) && strings.HasPrefix(e.Message.Text, text) {
			return true
		}
	}
	return false
}
