package chattest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	_ "modernc.org/sqlite" // to read what the store keeps, whatever its tables are

	"slipway/bot"
	"slipway/commands"
	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/world"
)

// secret is one of the test world, glued together so that no scanner takes it for real.
type secret struct {
	name, text string
	written    bool // it is a name by which things are told apart. As such it is in the tables, and hidden where it is shown
}

func a(n int, seed string) string { return strings.Repeat(seed, n/len(seed)+1)[:n] }

// planted are secrets in what people write, where one would find them by their shape.
var planted = struct{ title, branch, message, job, step, address, output, database, setting, value, people, config string }{
	title:    "ghp_" + a(36, "T1tle0nly"),
	branch:   "ghp_" + a(36, "Br4nchName"),
	message:  "xoxb-123456789012-123456789012-" + a(24, "Mess4geText"),
	job:      "HRKU-0b0b0b0b-1c1c-4d4d-8e8e-0f0f0f0f0f0f",
	step:     "github_pat_11ABCDEFG0_" + a(59, "St3pName"),
	output:   "ghs_" + a(36, "0utputLine"),
	address:  "postgres://penny:" + a(20, "wr1tten") + "@db.example.com:5432/penny",
	database: "postgres://penny:" + a(20, "pr1nted") + "@db.example.com:5432/penny",
	setting:  "ghp_" + a(36, "S3ttingKey"),
	value:    "ghp_" + a(36, "S3ttingValue"),
	people:   "postgres://penny:" + a(20, "p3ople") + "@db.example.com:5432/penny",
	config:   a(40, "c0nfigValue"), // of no shape: nobody may have it
}

// ofWorld are the secrets that the bot has, or could have.
func ofWorld(w *world.World) []secret {
	list := []secret{
		{"the title of a pull request", planted.title, false},
		{"the name of a branch", planted.branch, true},
		{"a commit's message", planted.message, false},
		{"a job's name", planted.job, false},
		{"a step's name", planted.step, false},
		{"an address in a commit's message", password(planted.address), false},
		{"a release phase's output", planted.output, false},
		{"a database's address in a release phase's output", password(planted.database), false},
		{"a setting's name", planted.setting, false},
		{"a setting's value", planted.value, false},
		{"a setting's value of another kind", password(planted.people), false},
		{"a config var", planted.config, false},
		{"the database's password", "s3cr3t", false},
	}
	for _, line := range w.Env() {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_KEY") || strings.HasSuffix(name, "_SECRET") {
			list = append(list, secret{name, value, false})
		}
	}
	return list
}

// password is what is secret of a database's address.
func password(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	text, _ := u.User.Password()
	return text
}

// signed are the marks of addresses that let in whoever has them, and of what Slack hands out for a moment.
var signed = []string{"ticket=", "Signature=", "signature=", "/streams/", "output_stream_url\":\"http", "response_url", "trigger_id", "/commands/T", "/actions/T"}

func TestNoSecretIsShownLoggedOrKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "slipway.db")
	var log, shown bytes.Buffer
	var secrets []secret
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{file: leakyFile}, hostOf(path, &log))
		secrets = ofWorld(s.World)
		plant(s.World)
		lines := leaky
		if !raceDetector {
			lines = slices.Concat(leaky, leakier)
		}
		text, left := converse(s, lines)
		if len(left) > 0 || strings.Contains(text, "\n! line") {
			t.Errorf("a line failed, and these were not played: %q\n%s", left, text)
		}
		entries, _ := s.World.Slack.Journal(0)
		for _, e := range entries {
			if err := json.NewEncoder(&shown).Encode(e); err != nil {
				t.Error(err)
			}
		}
		wantSent(t, s.World)
		s.close()
	})
	look := func(where, text string, pardon bool) {
		for _, s := range secrets {
			if s.written && pardon {
				continue
			}
			for _, form := range forms(s.text) {
				if i := strings.Index(text, form); i >= 0 {
					t.Errorf("%s shows %s: …%q…", where, s.name, text[max(0, i-300):min(len(text), i+len(form)+60)])
					break
				}
			}
		}
	}
	look("a message", shown.String(), false)
	look("the log", log.String(), false)
	tables := dump(t, path)
	for name, text := range tables {
		look("table "+name, text, strings.HasPrefix(name, "ledger_"))
	}
	for _, mark := range signed {
		for where, text := range map[string]string{"the log": log.String(), "a message": shown.String()} {
			if i := strings.Index(text, mark); i >= 0 {
				t.Errorf("%s shows an address that lets in: …%q…", where, text[max(0, i-200):min(len(text), i+200)])
			}
		}
	}
	if n := strings.Count(shown.String(), "[secret]"); n < 8 || len(tables) < 20 || log.Len() == 0 {
		t.Errorf("%d secrets taken out, %d tables, a log of %d bytes: there was nothing to find", n, len(tables), log.Len())
	}
}

// leaky are the lines that bring secrets to the bot.
var leaky = []string{
	"!settings leaky.yml", "!clock 1m",
	"!push 48", "!wait",
	"!ci fail 48 test-backend", "!push 48", "!wait", "!clock 1m",
	"!merge 48", "!wait", "!clock 1m",
}

// leakier are those after them; with -race they would take a minute.
var leakier = []string{
	"!direct \"Use " + planted.message + " and DATABASE_URL=" + planted.address + "\"", "!wait", "!clock 1m",
	"!config STRIPE=" + planted.config, "!wait", "!clock 10s",
	"!cli rollback v122", "!wait", "!clock 10s",
	"!fault github deliver push drop", "!fault heroku deliver api:release drop", "!merge 46", "!wait", "!clock 6m",
	"alice> /deploy status", "alice> /deploy status in channel", "alice> /deploy history", "alice> /deploy routes", "alice> @slipway status",
	"alice> /deploy " + planted.title, "alice> /deploy status " + planted.address,
	"!down github", "alice> /deploy status", "!up github", "!down heroku", "alice> /deploy history", "!up heroku",
	"!kill", "!clock 20s", "!down database", "alice> /deploy status", "!up database", "!settings none", "!clock 6m",
}

func leakyFile(string) (string, error) {
	return fmt.Sprintf("notify:\n  checks: %s\n%s: on\npeople:\n  alice: %s\n", planted.value, planted.setting, planted.people), nil
}

// plant opens a pull request that holds secrets, with a workflow of its own that fails, and has a release phase fail.
func plant(w *world.World) {
	w.Repo.AddWorkflow(githubsim.Workflow{
		Path: ".github/workflows/leaky.yml", Name: "Leaky " + planted.title, On: []string{"push", "pull_request"},
		Jobs: []githubsim.Job{{Name: "with " + planted.job, Steps: []githubsim.Step{
			{Name: "Log in with " + planted.step, Takes: time.Second, Run: func(context.Context, githubsim.Running) bool { return false }},
		}}},
	})
	w.Repo.Branch("master", planted.branch)
	w.Repo.Commit(planted.branch, githubsim.CommitSpec{
		Author: "alice", Message: "Use " + planted.message, At: time.Now(), Files: []githubsim.File{{Path: "leaky.py", Text: "LEAKY = 1\n"}},
	})
	w.Repo.OpenPull(githubsim.PullSpec{Number: 48, Title: "Rotate " + planted.title, Author: "alice", Head: planted.branch, At: time.Now()})
	w.Apps[0].NextReleasePhase(true, "Connecting to "+planted.database+"\nremote: rejected "+planted.output)
}

// wantSent makes sure that the bot was sent what it must not show.
func wantSent(t *testing.T, w *world.World) {
	t.Helper()
	var sent bytes.Buffer
	deliveries, _ := w.GitHub.Deliveries(0)
	for _, d := range deliveries {
		sent.Write(d.Body)
	}
	for _, text := range []string{planted.title, planted.branch, planted.message, planted.job, planted.step} {
		if !bytes.Contains(sent.Bytes(), []byte(text)) {
			t.Errorf("no webhook held %q", text)
		}
	}
}

// hostOf is the bot with its store in a file that outlives the play, and with all that it logs, as it is.
func hostOf(path string, log *bytes.Buffer) cast {
	return cast{bot.Scopes(), bot.Slashes(commands.All()), Shortcuts(commands.All()), true, func(s *stage) (Bot, error) {
		cfg, err := Config(s.World)
		return &Host{
			Config: cfg, Commands: commands.All(), Dial: s.net.DialContext, Path: path, Listen: s.listen,
			Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		}, err
	}}
}

// forms are how a secret may be written.
func forms(text string) []string {
	list := []string{text, url.QueryEscape(text), url.PathEscape(text)}
	if len(text) < 12 {
		return list // a part of it, and what base64 leaves of it, could be anything
	}
	list = append(list, text[len(text)/2-5:len(text)/2+5])
	for pad := range 3 { // it may begin anywhere in what is encoded
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := e.EncodeToString(append(make([]byte, pad), text...))
			list = append(list, encoded[min(pad, 1)*4:len(encoded)/4*4-4])
		}
	}
	return list
}

// dump gives all that the store keeps, by table, but for the bodies of webhooks.
func dump(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var names []string
	for _, row := range all(t, db, "select name from sqlite_master where type = 'table'") {
		names = append(names, strings.TrimSpace(row))
	}
	tables := map[string]string{}
	for _, name := range names {
		if name != "delivery_bodies" {
			tables[name] = strings.Join(all(t, db, fmt.Sprintf("select * from %q", name)), "\n")
		}
	}
	if !slices.Contains(names, "delivery_bodies") {
		t.Error("there is no table of bodies")
	}
	return tables
}

// all gives the rows of a question, each a line.
func all(t *testing.T, db *sql.DB, question string) (lines []string) {
	t.Helper()
	rows, err := db.Query(question)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, cells := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range row {
			cells[i] = &row[i]
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		var line strings.Builder
		for _, cell := range row {
			fmt.Fprintf(&line, "%s ", cell.String)
		}
		lines = append(lines, line.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
