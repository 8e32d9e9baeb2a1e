package inbox_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Their own payloads are published by the senders; a folder of them may be there or not.
func TestEveryPublishedPayloadIsTakenOnceAndHarmsNothing(t *testing.T) {
	t.Parallel()
	var messages []message
	for _, f := range published(t, "github/*/*.json") {
		event := filepath.Base(filepath.Dir(f.name))
		id := event + "-" + strings.TrimSuffix(filepath.Base(f.name), ".json")
		messages = append(messages, fromGitHub(id, event, f.body))
	}
	for _, f := range published(t, "heroku/*.json") {
		messages = append(messages, fromHeroku(f.body))
	}
	if len(messages) < 100 {
		t.Fatalf("there are only %d payloads", len(messages))
	}
	s := newStation(t)
	s.run()
	postAll := func() {
		for _, m := range messages {
			s.want(202, m)
		}
		s.settle()
	}
	postAll()
	if n := s.stored(); n != len(messages) {
		t.Errorf("%d of %d are stored", n, len(messages))
	}
	if failed := s.rows(4, `select sender, id, scope, trouble from deliveries where times <> 1 or worked is null or trouble is not null`); len(failed) > 0 {
		t.Errorf("not worked, or more than once:\n%s", strings.Join(failed, "\n"))
	}
	before := s.everything()
	postAll()
	if diff := cmp.Diff(before, s.everything()); diff != "" {
		t.Errorf("the second time changed something; first -, second +:\n%s", diff)
	}
	if stats := s.inbox.Stats(); stats.Folded != int64(len(messages)) || stats.Repeated != int64(len(messages)) {
		t.Errorf("%+v", stats)
	}
}

// everything is what the tables hold, but those in which jobs and deliveries are counted.
func (s *station) everything() map[string][]string {
	s.t.Helper()
	tables := map[string][]string{}
	for _, table := range s.rows(1, `select name from sqlite_master where type = 'table' and name not like 'river%' and name not in ('inbox', 'duties')`) {
		columns := s.rows(1, `select name from pragma_table_info($1)`, table)
		tables[table] = s.rows(len(columns), `select * from `+table)
		slices.Sort(tables[table])
	}
	return tables
}

type payload struct {
	name string
	body []byte
}

func published(t *testing.T, pattern string) []payload {
	t.Helper()
	folder := fixtures()
	names, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the senders' own payloads are not there, set SLIPWAY_FIXTURES: no %s in %s", pattern, folder)
		}
		t.Skipf("the senders' own payloads are not there, set SLIPWAY_FIXTURES: no %s in %s", pattern, folder)
	}
	var all []payload
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, payload{name, body})
	}
	return all
}

// fixtures is the folder of the payloads that the senders publish.
func fixtures() string {
	if folder := os.Getenv("SLIPWAY_FIXTURES"); folder != "" {
		return folder
	}
	return filepath.Join("..", "..", "..", "shared", "fixtures")
}
