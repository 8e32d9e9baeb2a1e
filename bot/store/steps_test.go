package store

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestMigrationsAreNumberedFiles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		files string
		want  string // the order, or the error
	}{
		{"0001_a.sql 0002_b_c.sql 0010_d.sql", "1 2 10"},
		{"0002_b.sql 0001_a.sql", "1 2"},
		{"", "there are no migrations"},
		{"0001_a.sql 0001_b.sql", "0001_a.sql and 0001_b.sql have the same number"},
		{"1_a.sql", `"1_a.sql" is no name of a migration`},
		{"0001-a.sql", `"0001-a.sql" is no name`},
	} {
		files := fstest.MapFS{}
		for name := range strings.FieldsSeq(tc.files) {
			files[name] = &fstest.MapFile{Data: []byte("select 1")}
		}
		steps, err := readSteps(files)
		var got []string
		for _, s := range steps {
			got = append(got, strings.TrimLeft(s.name[:4], "0"))
		}
		if err == nil && strings.Join(got, " ") != tc.want || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: %q, %v", tc.files, got, err)
		}
	}
}
