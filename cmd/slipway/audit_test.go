package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/audit"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

// rollback is the story of a rollback as it is written down, a second apart, with another app's entry in it.
var rollback = []audit.Entry{
	{App: "penny-university", Who: "U0ALICE", What: audit.Asked, Text: "/rollback v121"},
	{App: "penny-university", Operation: "7f3a", Who: "U0ALICE", What: audit.Planned, Text: "Roll back penny-university\nv122 → v121", Detail: map[string]string{"hash": "ab12", "kind": "rollback"}},
	{App: "penny-university", Operation: "7f3a", Who: "U0ALICE", What: audit.Confirmed, Text: "Roll back penny-university\nv122 → v121", Detail: map[string]string{"hash": "ab12"}},
	{App: "penny-qa", Who: "U0BOB", What: audit.Refused, Text: "=HYPERLINK(\"https://example.com\")", Detail: map[string]string{"rule": "collaborator"}},
	{App: "penny-university", Operation: "7f3a", What: audit.StepBegan, Text: "roll back"},
	{App: "penny-university", Operation: "7f3a", What: audit.StepEnded, Text: "roll back: done", Detail: map[string]string{"release": "v123", "release id": "01234567-89ab"}},
	{App: "penny-university", Operation: "7f3a", What: audit.Ended, Text: "succeeded: v121 is live as v123"},
}

// trailed is a database with that story in it, up to now.
func trailed(t *testing.T, o store.Options) store.Options {
	t.Helper()
	o.Patience = time.Minute
	s, err := storetest.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i, e := range rollback {
			e.At = time.Date(2026, 1, 5, 14, 0, i, 0, time.UTC)
			if err := audit.Write(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

// auditing starts slipway audit on a database.
func auditing(t *testing.T, o store.Options, args ...string) *child {
	t.Helper()
	h := how{Args: append([]string{"audit"}, args...), Files: true}
	if o.URL != "" {
		h.Env = []string{"DATABASE_URL=" + o.URL}
	} else {
		h.Cmd = func(c *exec.Cmd) { c.Dir = filepath.Dir(o.Path) }
	}
	return start(t, h)
}

// eachTrail runs a test on both databases.
func eachTrail(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, trailed(t, store.Options{Path: storetest.File(t)}))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		test(t, trailed(t, store.Options{URL: pgtest.Start(t)}))
	})
}

const head7 = "head 7:"

func TestAuditTellsTheStoryOfAnApp(t *testing.T) {
	t.Parallel()
	eachTrail(t, func(t *testing.T, o store.Options) {
		c := auditing(t, o, "--app", "penny-university", "--since", "2026-01-05", "--json")
		c.exits(exitOK, patience)
		var got []auditRow
		for line := range strings.Lines(c.out.String()) {
			var r auditRow
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("%v in %q", err, line)
			}
			got = append(got, r)
		}
		var want []auditRow
		for i, e := range rollback {
			if e.App != "penny-university" {
				continue
			}
			detail := map[string]string{}
			for k, v := range e.Detail {
				detail[k] = v
			}
			want = append(want, auditRow{
				Seq: int64(i + 1), Time: fmt.Sprintf("2026-01-05T14:00:%02d.000Z", i), App: e.App, Operation: e.Operation, Who: e.Who,
				What: e.What, Text: e.Text, Detail: detail, Hash: got[len(want)].Hash,
			})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if !strings.HasPrefix(c.errs.String(), "chain of 7 rows is whole, "+head7) || strings.Count(c.errs.String(), "\n") != 1 {
			t.Errorf("stderr says %q", c.errs)
		}

		text := auditing(t, o, "--operation", "7f3a")
		text.exits(exitOK, patience)
		inOrder(t, text.out.String(),
			"2026-01-05 14:00:01 UTC  #2  penny-university  U0ALICE planned, operation 7f3a\n    Roll back penny-university\n    v122 → v121\n    hash: ab12\n    kind: rollback\n",
			"14:00:05 UTC  #6  penny-university  slipway step ended, operation 7f3a\n    roll back: done\n    release: v123\n    release id: 01234567-89ab\n",
			"\nchain of 7 rows is whole, "+head7)
		if s := text.out.String(); strings.Contains(s, "penny-qa") || strings.Contains(s, "asked") || text.errs.String() != "" {
			t.Errorf("it prints %q, and on stderr %q", s, text.errs)
		}
	})
}

func TestAuditIsReadWhileTheBotRuns(t *testing.T) {
	t.Parallel()
	eachTrail(t, func(t *testing.T, o store.Options) {
		bot, err := storetest.Open(t.Context(), o) // with the lock on its file
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = bot.Close() }()
		if err := audit.New(bot, slog.New(slog.DiscardHandler)).Write(t.Context(), audit.Entry{App: "penny-qa", What: audit.Asked, Text: "now"}); err != nil {
			t.Fatal(err)
		}
		c := auditing(t, o, "--since", "1h")
		c.exits(exitOK, patience)
		inOrder(t, c.out.String(), "  #8  penny-qa  slipway asked\n    now\n", "chain of 8 rows is whole")
	})
}

func TestAuditOfASpreadsheetHasNoFormula(t *testing.T) {
	t.Parallel()
	o := trailed(t, store.Options{Path: storetest.File(t)})
	c := auditing(t, o, "--csv", "--app", "penny-qa")
	c.exits(exitOK, patience)
	rows, err := csv.NewReader(strings.NewReader(c.out.String())).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v in %q", err, c.out)
	}
	rows[1][8] = "the hash"
	want := [][]string{
		{"seq", "time", "app", "operation", "who", "what", "text", "detail", "hash"},
		{"4", "2026-01-05T14:00:03.000Z", "penny-qa", "", "U0BOB", "refused", "'=HYPERLINK(\"https://example.com\")", "rule: collaborator", "the hash"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(c.errs.String(), "chain of 7 rows is whole") {
		t.Errorf("stderr says %q", c.errs)
	}
	for cell, want := range map[string]string{"=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1", "": "", "'=1": "'=1"} {
		if got := inert(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

func TestAuditFindsWhatWasDoneToTheTable(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ sql, want string }{
		"changed":  {"update audit set who = 'U0BOB' where seq = 3", "chain is broken: row 3 was changed: its hash does not fit what it says. What stands from row 3 on cannot be trusted; the head is 7:"},
		"deleted":  {"delete from audit where seq = 3", "chain is broken: row 3 is missing."},
		"cut off":  {"delete from audit where seq = 7", "chain is broken: row 7 is missing: it was the last."},
		"inserted": {"insert into audit select 8, at, app, operation, 'U0BOB', what, text, detail, hash, hash from audit where seq = 7", "chain is broken: row 8 was changed"},
		"no head":  {"delete from audit_head", "chain is broken: the head of the chain is gone; the last row is 7."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachTrail(t, func(t *testing.T, o store.Options) {
				s, err := storetest.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.Exec(ctx, tt.sql)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				c := auditing(t, o, "--app", "penny-university")
				c.exits(exitFailed, patience)
				inOrder(t, c.out.String(), "#1  penny-university", "#5  penny-university", "\n"+tt.want)
				c = auditing(t, o, "--json")
				c.exits(exitFailed, patience)
				if !strings.HasPrefix(c.errs.String(), tt.want) {
					t.Errorf("stderr says %q", c.errs)
				}
			})
		})
	}
}

func TestAuditChecksAHeadOfTheLog(t *testing.T) {
	t.Parallel()
	o := trailed(t, store.Options{Path: storetest.File(t)})
	var rows []auditRow
	all := auditing(t, o, "--json")
	all.exits(exitOK, patience)
	for line := range strings.Lines(all.out.String()) {
		var r auditRow
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	for _, tt := range []struct {
		head   string
		status int
		want   string
	}{
		{"5:" + rows[4].Hash, exitOK, "; row 5 is the one that was logged\n"},
		{"5:" + rows[3].Hash, exitFailed, "chain is broken: row 5 is not the one that was logged: its hash is " + rows[4].Hash[:12]},
		{"9:" + rows[3].Hash, exitFailed, "chain is broken: row 9 was logged and is missing: the chain ends with row 7."},
	} {
		c := auditing(t, o, "--since", "1h", "--head", tt.head)
		c.exits(tt.status, patience)
		if !strings.Contains(c.out.String(), tt.want) {
			t.Errorf("%s: it says %q, want %q", tt.head, c.out, tt.want)
		}
	}
}

func TestAuditSaysWhyItPrintsNothing(t *testing.T) {
	t.Parallel()
	o := trailed(t, store.Options{Path: storetest.File(t)})
	for args, want := range map[string]string{
		"--app penny-universty": "no row is about an app \"penny-universty\"; did you mean penny-university?\nchain of 7 rows",
		"--operation 1":         "no row is as asked for\nchain of 7 rows",
		"--since 1m":            "no row is as asked for\nchain of 7 rows",
	} {
		c := auditing(t, o, strings.Fields(args)...)
		c.exits(exitOK, patience)
		if !strings.HasPrefix(c.out.String(), want) {
			t.Errorf("%s: it says %q", args, c.out)
		}
	}
	empty := auditing(t, store.Options{Path: storetest.File(t)})
	empty.exits(exitOK, patience)
	if got := empty.out.String(); got != "chain of 0 rows is whole, head 0:"+strings.Repeat("0", 64)+"\n" {
		t.Errorf("of an empty trail it says %q", got)
	}
}

func TestAuditTellsWhatIsWrongWithItsFlagsAndSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args   string
		env    []string
		status int
		want   string // how stderr begins
	}{
		{"--json --csv", nil, exitSettings, "slipway audit: --json and --csv: choose one\n"},
		{"--since yesterday", nil, exitSettings, `slipway audit: --since: "yesterday" is neither a time that has passed`},
		{"--since 2999-01-01", nil, exitSettings, `slipway audit: --since: "2999-01-01" is yet to come`},
		{"--head 12", nil, exitSettings, "slipway audit: --head: a head is the number and the hash of a row"},
		{"--apps x", nil, exitSettings, "slipway audit: flag provided but not defined: -apps\n\nslipway audit prints"},
		{"x", nil, exitSettings, "slipway audit: it takes no \"x\"\n\nslipway audit prints"},
		{"", nil, exitSettings, "slipway audit: there is no slipway.db in this folder, and DATABASE_URL is not set"},
		{"", []string{"DATABASE_URL=mysql://u:s3cr3t@h/d"}, exitSettings, "slipway audit: cannot start with these settings:\nDATABASE_URL is no address"},
		{"", []string{"DYNO=run.1"}, exitSettings, "slipway audit: cannot start with these settings:\nDATABASE_URL is missing"},
		{"", []string{"DATABASE_URL=postgres://u:s3cr3t@127.0.0.1:1/d"}, exitFailed, "slipway audit: open the database: "},
	} {
		t.Run(tt.args+strings.Join(tt.env, " "), func(t *testing.T) {
			t.Parallel()
			c := start(t, how{Args: append([]string{"audit"}, strings.Fields(tt.args)...), Env: tt.env}) // which leaves no file
			c.exits(tt.status, patience)
			if !strings.HasPrefix(c.errs.String(), tt.want) || c.out.String() != "" {
				t.Errorf("stderr says %q, stdout %q", c.errs, c.out)
			}
		})
	}
	c := start(t, how{Args: []string{"audit"}, Env: []string{"DATABASE_URL=" + pgtest.Start(t)}})
	c.exits(exitSettings, patience)
	if !strings.Contains(c.errs.String(), "slipway run makes them") {
		t.Errorf("of a database without tables it says %q", c.errs)
	}
}

func TestExamplesOfTheHelpOfAuditWorkAsPrinted(t *testing.T) {
	t.Parallel()
	_, examples, _ := strings.Cut(auditUsage, "\nExamples\n")
	for line := range strings.Lines(examples) {
		line = strings.TrimSpace(line)
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			o := trailed(t, store.Options{URL: pgtest.Start(t)})
			c := startShell(t, line, []string{"DATABASE_URL=" + o.URL})
			c.exits(exitOK, patience)
			if said := c.out.String() + c.errs.String(); !strings.Contains(said, "chain of 7 rows is whole") {
				t.Errorf("it says %q", said)
			}
		})
	}
	if strings.Count(examples, "slipway audit") != 3 {
		t.Errorf("the examples are %q", examples)
	}
	var out, errs bytes.Buffer
	if status := slipway([]string{"audit", "--help"}, nil, &out, &errs); status != exitOK || out.String() != auditUsage {
		t.Errorf("--help: exit status %d, %q", status, out.String())
	}
}

func TestTextOfTheTrailDoesNothingToATerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plan → v121 ✅ 👩‍💻": "plan → v121 ✅ 👩‍💻", "a\x1b[2Jb": "a\uFFFD[2Jb", "a\tb\rc": "a b c", "abc\u202edef": "abc\uFFFDdef", "\x00\x9b": "\uFFFD\uFFFD",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}

func TestSinceIsATimeThatHasPassedOrADay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"24h": now.Add(-24 * time.Hour), "90m": now.Add(-90 * time.Minute), "1h30m": now.Add(-90 * time.Minute), "7d": now.AddDate(0, 0, -7),
		"0d": now, "2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), " 2026-11-03 ": time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
		"2026-11-04": {}, "2026-13-01": {}, "24": {}, "-24h": {}, "0h": {}, "-7d": {}, "7.5d": {}, "": {}, "9999999d": {}, "1e9h": {}, "99999999h": {},
	} {
		got, err := parseSince(now, text)
		if (err == nil) == want.IsZero() || !got.Equal(want) {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
}

func FuzzAuditFlags(f *testing.F) {
	f.Add("24h", "1:"+strings.Repeat("0", 64), "penny")
	f.Add("7d", "", "")
	f.Add("0001-01-01", "", "")
	f.Add("2026-11-01", "12", "Penny ")
	f.Add("٣d", "0x1:ff", "\x00")
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, since, head, app string) {
		typed := auditFlags{app: app, since: since, head: head}
		o, err := typed.read(now)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("the error is %q", err)
			}
			return
		}
		if o.since.After(now) || since == "" && !o.since.IsZero() {
			t.Errorf("%q is %s", since, o.since)
		}
		if len(o.known) == 1 && (o.known[0].Seq < 0 || len(o.known[0].Hash) != 64) {
			t.Errorf("%q is %s", head, o.known[0])
		}
	})
}
