package heroku_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
	herokusim "slipway/integrations/sim/heroku"
)

func backupWords(list ...heroku.Backup) (words []string) {
	for _, b := range list {
		words = append(words, fmt.Sprintf("%s %s", b.Name, b.State))
	}
	return words
}

func TestSimABackupIsCapturedAndWatched(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		database := a.app.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:essential-0", Keeps: 2})
		a.app.AddBackup(herokusim.PastBackup{At: time.Now().Add(-26 * time.Hour), Scheduled: true})
		a.app.AddBackup(herokusim.PastBackup{At: time.Now().Add(-25 * time.Hour)})
		a.app.AddBackup(herokusim.PastBackup{At: time.Now().Add(-3 * time.Hour), Warnings: 2})
		list, err := c.Backups(ctx, "shop")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"b003 completed", "b002 completed", "a001 completed"}, backupWords(list...)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if b := list[0]; b.Warnings != 2 || b.Keeps != 2 || b.Database != database.ID || b.Bytes == 0 || b.EndedAt.Sub(b.StartedAt) != 40*time.Second || !list[2].Scheduled {
			t.Errorf("it is %+v", b)
		}
		drops := heroku.Drops(list, database.ID)
		if diff := cmp.Diff([]string{"b002 completed"}, backupWords(drops...)); diff != "" {
			t.Errorf("one more drops (-want +got):\n%s", diff)
		}
		made, err := c.CaptureBackup(ctx, database.ID)
		if err != nil || made.Name != "b004" || made.State != heroku.BackupPending || made.Ended() {
			t.Fatalf("%+v, %v", made, err)
		}
		time.Sleep(20 * time.Second)
		if b, err := c.Backup(ctx, "shop", "b004"); err != nil || b.State != heroku.BackupRunning || b.ID != made.ID {
			t.Errorf("%+v, %v", b, err)
		}
		time.Sleep(time.Minute)
		b, lines, err := c.BackupByID(ctx, "shop", made.ID)
		if err != nil || b.State != heroku.BackupCompleted || !b.Ended() || len(lines) == 0 {
			t.Errorf("%+v, %q, %v", b, lines, err)
		}
		if _, err := c.Backup(ctx, "shop", drops[0].Name); heroku.KindOf(err) != heroku.NotFound {
			t.Errorf("%s was to be dropped: %v", drops[0].Name, err)
		}
	})
}

func TestSimABackupFailsOrIsCanceled(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		database := a.app.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:essential-0"})
		a.app.FailNextBackup("pg_dump: error: out of time")
		failing, err := c.CaptureBackup(ctx, database.ID)
		must(t, err)
		time.Sleep(time.Minute)
		b, lines, err := c.BackupByID(ctx, "shop", failing.ID)
		if err != nil || b.State != heroku.BackupFailed || lines[len(lines)-1] != "pg_dump: error: out of time" {
			t.Errorf("%+v, %q, %v", b, lines, err)
		}
		second, err := c.CaptureBackup(ctx, database.ID)
		must(t, err)
		must(t, c.CancelBackup(ctx, "shop", second.ID))
		if b, err := c.Backup(ctx, "shop", "b002"); err != nil || b.State != heroku.BackupCanceled {
			t.Errorf("%+v, %v", b, err)
		}
		list, err := c.Backups(ctx, "shop")
		if err != nil || len(heroku.Drops(list, database.ID)) != 0 {
			t.Errorf("%v, %v", backupWords(list...), err)
		}
		if _, err := c.CaptureBackup(ctx, "00000000-0000-4000-8000-000000000000"); heroku.KindOf(err) != heroku.NotFound || failure(t, err).Ambiguous {
			t.Error(err)
		}
	})
}

// "`num` and `hour`: numbers in samples, strings in @heroku/types"; "Timestamps are …, NOT RFC 3339 … Parse both formats"; "Kinds and ids";
// "Status machine". The first is the sample of 2017.
func TestATransferIsReadInAllItsForms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const head = `"from_type":"pg_dump","to_type":"gof3r","from_uuid":"d"`
		c, asked := dial(t, reply(200, `[
			{"uuid":"8f3c","num":838,`+head+`,"schedule":{"uuid":"s"},"source_bytes":41722568876,"processed_bytes":6954926696,"succeeded":true,"warnings":0,
				"created_at":"2017-08-31 10:28:08 +0000","started_at":"2017-08-31 10:29:21 +0000","finished_at":"2017-08-31 10:46:59 +0000","canceled_at":null,"num_keep":5},
			{"uuid":"1","num":"1002",`+head+`,"schedule":null,"processed_bytes":"12","succeeded":false,"created_at":"2017-08-31T11:28:08Z","finished_at":"2017-08-31 11:30:00 UTC"},
			{"uuid":"2","num":7,`+head+`,"created_at":"2017-08-31 12:28:08 +0000","finished_at":"2017-08-31 12:30:00 +0000","canceled_at":"2017-08-31 12:30:00 +0000"},
			{"uuid":"3","num":8,"from_type":"gof3r","to_type":"pg_restore","created_at":"2017-08-31 13:28:08 +0000"},
			{"uuid":"4","num":9,"from_type":"pg_dump","to_type":"pg_restore","created_at":"2017-08-31 13:28:08 +0000"}
		]`))
		list, err := c.Backups(t.Context(), "shop")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"b007 canceled", "b1002 failed", "a838 completed"}, backupWords(list...)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		want := heroku.Backup{
			ID: "8f3c", Name: "a838", Num: 838, Database: "d", Scheduled: true, State: heroku.BackupCompleted, Bytes: 6954926696, Keeps: 5,
			CreatedAt: time.Date(2017, 8, 31, 10, 28, 8, 0, time.UTC), StartedAt: time.Date(2017, 8, 31, 10, 29, 21, 0, time.UTC), EndedAt: time.Date(2017, 8, 31, 10, 46, 59, 0, time.UTC),
		}
		if diff := cmp.Diff(want, list[2]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if r := asked.all()[0]; r.URL.Path != "/client/v11/apps/shop/transfers" || r.Header.Get("Accept") != "application/vnd.heroku+json; version=3" || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("it asked %s with %v", r.URL, r.Header)
		}
	})
}

// "**info, url, delete and cancel do not check the prefix**. The bot must fetch, recompute the name and compare."
func TestABackupIsFoundByItsWholeName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		restore := `{"uuid":"3","num":10,"from_type":"gof3r","to_type":"pg_restore"}`
		scheduled := `{"uuid":"3","num":10,"from_type":"pg_dump","to_type":"gof3r","schedule":{"uuid":"s"}}`
		for name, tc := range map[string]struct {
			answer string
			want   heroku.Kind
		}{
			"b010": {restore, heroku.NotFound}, "a010": {scheduled, ""}, "b10": {scheduled, heroku.NotFound}, "r010": {restore, heroku.Invalid},
			"b": {restore, heroku.Invalid}, "b01x": {restore, heroku.Invalid}, "b0000000000001234567890": {restore, heroku.Invalid}, "../b1": {restore, heroku.Invalid},
		} {
			c, _ := dial(t, reply(200, tc.answer))
			if _, err := c.Backup(t.Context(), "shop", name); heroku.KindOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", name, err, tc.want)
			}
		}
	})
}

func TestATransferThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]http.HandlerFunc{
			"no id":         reply(200, `{"num":1,"from_type":"pg_dump","to_type":"gof3r"}`),
			"another time":  reply(200, `{"uuid":"1","num":1,"created_at":"yesterday"}`),
			"no number":     reply(200, `{"uuid":"1","num":"one"}`),
			"a list":        reply(200, `[]`),
			"a broken list": reply(200, `{`),
		} {
			c, _ := dial(t, answer)
			if _, _, err := c.BackupByID(t.Context(), "shop", "1"); heroku.KindOf(err) != heroku.Malformed {
				t.Errorf("%s: %v", name, err)
			}
		}
		c, _ := dial(t, http.HandlerFunc(drop))
		if _, err := c.CaptureBackup(t.Context(), "d"); !failure(t, err).Ambiguous {
			t.Errorf("after a lost answer: %v", err)
		}
	})
}

// The addresses in a transfer hold the database's password and the store's key: nothing that is given back does.
func TestABackupHoldsNoSecret(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		a.app.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:essential-0"})
		a.app.AddBackup(herokusim.PastBackup{At: time.Now().Add(-time.Hour)})
		list, err := a.client.Backups(t.Context(), "shop")
		must(t, err)
		if text := fmt.Sprintf("%#v", list); strings.Contains(text, "://") || len(list) != 1 {
			t.Error(text)
		}
	})
}

// Where the address of the Platform API is Heroku's own, the Data API has its own as well.
func TestTheDataAPIHasAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ url, data, want string }{
		{"", "", "https://api.data.heroku.com"},
		{"https://api.heroku.com", "", "https://api.data.heroku.com"},
		{"https://api.heroku.com/", "", "https://api.data.heroku.com"},
		{"http://127.0.0.1:4003", "", "http://127.0.0.1:4003"},
		{"http://127.0.0.1:4003", "http://127.0.0.1:4005/", "http://127.0.0.1:4005"},
	} {
		var asked string
		c, err := heroku.New(heroku.Options{URL: tc.url, Data: tc.data, Token: token, HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r.URL.Scheme + "://" + r.URL.Host
			return nil, http.ErrHandlerTimeout
		})})
		must(t, err)
		if _, err := c.CaptureBackup(t.Context(), "d"); err == nil || asked != tc.want {
			t.Errorf("%v: it asked %s, want %s (%v)", tc, asked, tc.want, err)
		}
	}
	if _, err := heroku.New(heroku.Options{Data: "data.heroku.com", Token: token}); err == nil {
		t.Error("an address without a scheme was taken")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// "keep those with `namespace == null` (default credential)", of Heroku's own databases; what is left must be one.
func TestSimTheDatabaseIsTheOneBehindDatabaseURL(t *testing.T) {
	act(t, herokusim.Options{}, func(t *testing.T, a *acting) {
		ctx, c := t.Context(), a.client
		if _, err := c.Database(ctx, "shop"); heroku.KindOf(err) != heroku.NotFound {
			t.Errorf("without one: %v", err)
		}
		want := a.app.AddAddon(herokusim.AddonSpec{Plan: "heroku-postgresql:essential-0"})
		must(t, a.app.Attach(want.Name, "READER", "reader"))
		got, err := c.Database(ctx, "shop")
		if err != nil || got.ID != want.ID || got.App != "shop" {
			t.Errorf("it is %+v, %v", got, err)
		}
		cellar := a.AddApp(herokusim.AppSpec{Name: "cellar", Owner: "ann@example.com", CreatedAt: time.Now()})
		must(t, cellar.Attach(want.Name, "DATABASE", ""))
		if got, err := c.Database(ctx, "cellar"); err != nil || got.ID != want.ID || got.App != "shop" {
			t.Errorf("of the app that borrows it it is %+v, %v", got, err)
		}
		other := a.AddApp(herokusim.AppSpec{Name: "other", Owner: "ann@example.com", CreatedAt: time.Now()})
		other.AddAddon(herokusim.AddonSpec{Plan: "somebody-postgres:small", As: "DATABASE", ConfigVars: []string{"DATABASE_URL"}})
		if _, err := c.Database(ctx, "other"); heroku.KindOf(err) != heroku.NotFound {
			t.Errorf("of somebody else's: %v", err)
		}
	})
}

func TestSeveralDatabasesAreNotChosenFrom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		one := `{"id":"1","name":"DATABASE","addon":{"id":"%s","plan":{"name":"heroku-postgresql:mini"}}}`
		c, _ := dial(t, reply(200, fmt.Sprintf("["+one+","+one+"]", "a", "b")))
		if _, err := c.Database(t.Context(), "shop"); heroku.KindOf(err) != heroku.Invalid {
			t.Error(err)
		}
	})
}
