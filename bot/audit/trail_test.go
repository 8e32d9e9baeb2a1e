package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/bot/store/pgtest"
	"slipway/bot/store/storetest"
)

func TestWhatIsWrittenIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		if head := whole(t, s, 0); head.Hash != noHash {
			t.Errorf("the empty chain has the head %s", head)
		}
		const rows = pageRows + 5
		want := story(t, s, rows)
		var got []Entry
		var last Row
		head, err := trail(s).Verify(t.Context(), Walk{Row: func(r Row) error {
			got, last = append(got, r.Entry), r
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if head != (Head{rows, last.Hash}) {
			t.Errorf("the head is %s, the last row %d:%s", head, last.Seq, last.Hash)
		}
		stop := errors.New("that is enough")
		if _, err := trail(s).Verify(t.Context(), Walk{Row: func(Row) error { return stop }}); !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
	})
}

// A full page is followed by another, which may be empty.
func TestAChainThatFillsItsPagesIsWhole(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: storetest.File(t), Unsafe: true})
	story(t, s, pageRows)
	whole(t, s, pageRows)
	change(t, s, fmt.Sprintf("delete from audit where seq = %d", pageRows))
	if b := broken(t, s); b.Seq != pageRows {
		t.Errorf("row %d, %q", b.Seq, b.Text)
	}
}

// Rows that were written once must fit their hashes for ever: this text is that of the first version.
func TestRowsAreHashedAsEver(t *testing.T) {
	t.Parallel()
	s, err := Entry{
		At: begin, App: "penny", Operation: "7f3a", Who: "U0ALICE", What: Confirmed, Text: "Roll back\nv122 → v121",
		Detail: map[string]string{"release": "v123", "plan": "p1"},
	}.follow(1, noHash)
	const want = "8de4875ba1ef6235cbe3e5460993e9c7a4a80f2d9fe0702038eb14f5af1df65f"
	if err != nil || s.hash != want {
		t.Errorf("hash %s, want %s (%v)", s.hash, want, err)
	}
}

func TestSecretsAndOddCharactersAreNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		const key = "Zx8Qw3Er5Ty7Ui9Op1As2Df4"
		many := map[string]string{}
		for i := range 60 {
			many[fmt.Sprintf("key %02d", i)] = "value"
		}
		list := []Entry{
			{At: begin.Add(1500 * time.Microsecond), App: "penny", Who: "U0ALICE", What: Asked, Text: "/deploy config SECRET_KEY=" + key},
			{At: begin, What: Asked, Text: "a\x00b\xff \x1b[31mred", Detail: map[string]string{"password": key, "url": "postgres://u:" + key + "@h/d", "release": "v1"}},
			{At: begin, What: Asked, Text: strings.Repeat("x", textLimit-10) + " HRKU-" + key, App: strings.Repeat("ä", nameLimit+1)},
			{At: begin, What: Asked, Detail: many},
		}
		for _, e := range list {
			if err := trail(s).Write(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		whole(t, s, int64(len(list)))
		var got []Entry
		if _, err := trail(s).Verify(t.Context(), Walk{Row: func(r Row) error { got = append(got, r.Entry); return nil }}); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(got); strings.Contains(text, key[:4]) {
			t.Errorf("a secret is kept: %s", text)
		}
		if want := (Entry{At: begin.Add(time.Millisecond), App: "penny", Who: "U0ALICE", What: Asked, Text: "/deploy config SECRET_KEY=[secret]", Detail: map[string]string{}}); !cmp.Equal(got[0], want) {
			t.Error(cmp.Diff(want, got[0]))
		}
		want := Entry{At: begin, What: Asked, Text: "a\uFFFDb\uFFFD \uFFFD[31mred", Detail: map[string]string{"password": "[secret]", "url": "postgres://[secret]", "release": "v1"}}
		if diff := cmp.Diff(want, got[1]); diff != "" {
			t.Error(diff)
		}
		if n := len([]rune(got[2].Text)); n > textLimit || len([]rune(got[2].App)) != nameLimit {
			t.Errorf("%d characters of text are kept, and %q", n, got[2].App)
		}
		if len(got[3].Detail) != keysLimit+1 || got[3].Detail["…"] != "20 more" {
			t.Errorf("%d keys are kept, and %q", len(got[3].Detail), got[3].Detail["…"])
		}
	})
}

func TestAnEntryStandsWithItsTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		story(t, s, 2)
		failed := errors.New("it failed")
		err := s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(Write(ctx, tx, Entry{What: Asked}), Write(ctx, tx, Entry{What: Refused}), failed)
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		whole(t, s, 2)
		err = s.Do(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(Write(ctx, tx, Entry{What: Asked}), Write(ctx, tx, Entry{What: Refused}))
		})
		if err != nil {
			t.Fatal(err)
		}
		whole(t, s, 4)
	})
}

func TestWhatCannotBeWrittenDownIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		if err := trail(s).Write(t.Context(), Entry{Text: "nobody says what happened"}); err == nil {
			t.Error("an entry without a kind is taken")
		}
		change(t, s, "delete from audit_head")
		if err := trail(s).Write(t.Context(), Entry{What: Asked}); !errors.Is(err, errNoHead) {
			t.Errorf("without a head: %v", err)
		}
	})
}

func TestWritersOfSeveralProcessesMakeOneChain(t *testing.T) {
	t.Parallel()
	url := pgtest.Start(t)
	stores := []*store.Store{open(t, store.Options{URL: url}), open(t, store.Options{URL: url})}
	const writers, each = 8, 25
	var done sync.WaitGroup
	for i := range writers {
		done.Go(func() {
			for n := range each {
				e := Entry{What: Asked, Who: fmt.Sprint("U", i), Text: fmt.Sprint(n)}
				if err := trail(stores[i%2]).Write(t.Context(), e); err != nil {
					t.Error(err)
					return
				}
				if _, err := trail(stores[i%2]).Recent(t.Context(), "", 5); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 5 { // meanwhile the chain is whole at any time
		if _, err := trail(stores[0]).Verify(t.Context(), Walk{}); err != nil {
			t.Error(err)
		}
	}
	done.Wait()
	whole(t, stores[1], writers*each)
	next := map[string]int{} // what one writer wrote is in its order
	_, err := trail(stores[0]).Verify(t.Context(), Walk{Row: func(r Row) error {
		if want := fmt.Sprint(next[r.Who]); r.Text != want {
			t.Errorf("%s wrote %s, want %s", r.Who, r.Text, want)
		}
		next[r.Who]++
		return nil
	}})
	if err != nil {
		t.Error(err)
	}
}

func TestAnyWritesVerifyAndNoChangeDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(t *rapid.T) {
			fresh(t, s)
			entries := rapid.SliceOfN(rapid.Custom(anyEntry), 1, 8).Draw(t, "entries")
			for _, e := range entries {
				if err := trail(s).Write(context.Background(), e); err != nil {
					t.Fatal(err)
				}
			}
			n := int64(len(entries))
			head := whole(t, s, n)
			if r, err := trail(s).Recent(context.Background(), entries[0].App, 100); err != nil || r.Broken != nil || r.Linked != len(entries) {
				t.Fatalf("the end of the chain: %+v, %v", r, err)
			}
			if !mutate(t, s, n) {
				return
			}
			broken(t, s, head)
			broken(t, s)
			if r, err := trail(s).Recent(context.Background(), "", 1); err != nil || r.Broken == nil {
				t.Fatalf("the end of the chain seems whole: %v", err) // it is all of it
			}
		})
	})
}

func anyEntry(t *rapid.T) Entry {
	text := rapid.StringN(0, 30, -1)
	return Entry{
		At:  time.UnixMilli(rapid.Int64Range(-1e15, 1e15).Draw(t, "at")),
		App: text.Draw(t, "app"), Operation: text.Draw(t, "operation"), Who: text.Draw(t, "who"),
		What:   rapid.StringN(1, 10, -1).Draw(t, "what"),
		Text:   text.Draw(t, "text"),
		Detail: rapid.MapOfN(text, text, 0, 3).Draw(t, "detail"),
	}
}

// mutate does one thing to a chain of n rows. It tells whether that changed anything.
func mutate(t *rapid.T, s *store.Store, n int64) bool {
	row := rapid.Int64Range(1, n).Draw(t, "row")
	switch what := rapid.SampledFrom([]string{"change", "number", "delete", "copy", "swap", "rewrite", "head"}).Draw(t, "mutation"); what {
	case "change":
		column := rapid.SampledFrom([]string{"app", "operation", "who", "what", "text", "detail", "prev", "hash"}).Draw(t, "column")
		value := rapid.SampledFrom([]string{column + " || 'x'", column + " || ' '", "'x' || " + column}).Draw(t, "value")
		change(t, s, fmt.Sprintf("update audit set %s = %s where seq = $1", column, value), row)
	case "number":
		change(t, s, "update audit set "+rapid.SampledFrom([]string{"at = at + 1", "seq = seq + 1000", "seq = seq - 1000"}).Draw(t, "number")+" where seq = $1", row)
	case "delete":
		change(t, s, "delete from audit where seq = $1", row)
	case "copy":
		to := rapid.SampledFrom([]int64{0, n + 1, n + 2, -5}).Draw(t, "to")
		change(t, s, copied(fmt.Sprint(to), fmt.Sprint(row)))
	case "swap":
		other := rapid.Int64Range(1, n).Draw(t, "other")
		if row == other {
			return false
		}
		change(t, s, "update audit set seq = -1 where seq = $1", row)
		change(t, s, "update audit set seq = $1 where seq = $2", row, other)
		change(t, s, "update audit set seq = $1 where seq = -1", other)
	case "rewrite":
		r := kept(t, s)[row-1]
		r.text += "x"
		put(t, s, r)
	case "head":
		change(t, s, rapid.SampledFrom([]string{
			"update audit_head set seq = seq + 1", "update audit_head set seq = seq - 1", "update audit_head set hash = hash || 'x'", "delete from audit_head",
		}).Draw(t, "head"))
	}
	return true
}

// logged is a log that can be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text.String()
	l.text.Reset()
	return text
}

func TestTheHeadIsLoggedAtTheStartAndEachDay(t *testing.T) {
	t.Parallel()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, store.Options{Path: path, Unsafe: true})
		story(t, s, 3)
		var log logged
		tr := New(s, slog.New(say.NewHandler(slog.NewTextHandler(&log, nil)))) // the log hides no hash
		if !tr.Checked().At.IsZero() {
			t.Error("it was checked before it ran")
		}
		ctx, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { tr.Run(ctx) })
		says := func(want string) {
			t.Helper()
			if got := log.take(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) {
				t.Errorf("the log says %q, want %q", got, want)
			}
		}
		time.Sleep(time.Second)
		head := whole(t, s, 3)
		says(fmt.Sprintf(`msg="the audit trail is whole" seq=3 hash=%s`, head.Hash))
		if c := tr.Checked(); c.Head != head || c.Broken != nil {
			t.Errorf("checked: %+v", c)
		}
		story(t, s, pageRows) // a walk of several pages
		time.Sleep(24*time.Hour - 2*time.Second)
		if got := log.take(); got != "" {
			t.Errorf("within the day the log says %q", got)
		}
		time.Sleep(3 * time.Second)
		says(fmt.Sprintf(`msg="the audit trail is whole" seq=%d hash=`, pageRows+3))
		change(t, s, "update audit set who = 'U0BOB' where seq = 2")
		time.Sleep(24 * time.Hour)
		says(`level=ERROR msg="the audit trail is broken" row=2 error="row 2 was changed`)
		if c := tr.Checked(); c.Broken == nil || c.Broken.Seq != 2 {
			t.Errorf("checked: %+v", c)
		}
		stop()
		done.Wait()
	})
}

func TestTheCheckWaitsForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	path := storetest.File(t)
	synctest.Test(t, func(t *testing.T) {
		var line storetest.Cable
		s := open(t, store.Options{Path: path, Unsafe: true, Connect: line.Connect})
		line.Cut()
		var log logged
		tr := New(s, slog.New(slog.NewTextHandler(&log, nil)))
		ctx, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { tr.Run(ctx) })
		time.Sleep(10 * time.Second)
		if got := log.take(); !strings.Contains(got, "is tried again") {
			t.Errorf("the log says %q", got)
		}
		line.Mend()
		time.Sleep(2 * time.Minute)
		if tr.Checked().At.IsZero() {
			t.Errorf("it was not checked: %s", log.take())
		}
		stop()
		done.Wait()
	})
}
