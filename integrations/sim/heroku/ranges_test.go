package herokusim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// versions reads "v1 v2 …" from a list of releases.
func versions(t *testing.T, a answer) string {
	t.Helper()
	var out []string
	for _, r := range a.list(t) {
		out = append(out, fmt.Sprint(r["version"]))
	}
	return strings.Join(out, " ")
}

// "`Range: version ..; max=15, order=desc` (also `id ..`, `id ]<last>..`); 206 + `Next-Range` when there is more,
// `Content-Range`, `Accept-Ranges`", and "Accept both spacings of Range"
func TestListsAreReadInRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		header, want string
		next         string // "" for 200
	}{
		{"", "120 121 122 123 124", ""},
		{"version ..", "120 121 122 123 124", ""},
		{"version ..; order=desc", "124 123 122 121 120", ""},
		{"version ..; max=2, order=desc", "124 123", "version ]123..; max=2, order=desc"},
		{"version ..; max=2,order=desc", "124 123", "version ]123..; max=2, order=desc"}, // heroku-go's spacing
		{"version ..;max=2;order=desc", "124 123", "version ]123..; max=2, order=desc"},
		{"version ]123..; max=2, order=desc", "122 121", "version ]121..; max=2, order=desc"},
		{"version ]121..; max=2, order=desc", "120", ""},
		{"version ]120..; max=2, order=desc", "", ""},
		{"version 122..; order=desc", "122 121 120", ""},
		{"version 121..123", "121 122 123", ""},
		{"version ]121..124; max=2", "122 123", "version ]123..124; max=2"},
		{"version ..; max=5", "120 121 122 123 124", ""}, // exactly all: there is no more
		{"version ..; max=9999", "120 121 122 123 124", ""},
		{"..; max=1", "120", "version ]120..; max=1"},
	} {
		t.Run(c.header, func(t *testing.T) {
			t.Parallel()
			play(t, Options{}, func(t *testing.T, s *site) {
				for range 2 {
					s.app.PastRelease(PastRelease{Kind: "code", Commit: sha})
				}
				a := s.get(t, "/apps/penny-university/releases", "Range: "+c.header)
				if got := versions(t, a); got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
				status := http.StatusOK
				if c.next != "" {
					status = http.StatusPartialContent
				}
				if a.StatusCode != status || a.Header.Get("Next-Range") != c.next {
					t.Errorf("status %d, Next-Range %q; want %d, %q", a.StatusCode, a.Header.Get("Next-Range"), status, c.next)
				}
				for _, h := range []string{"Content-Range", "Accept-Ranges"} {
					if (a.Header.Get(h) != "") != (c.next != "") {
						t.Errorf("%s is %q with status %d", h, a.Header.Get(h), status)
					}
				}
			})
		})
	}
}

func TestARangeSaysWhatItHolds(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		a := s.get(t, "/apps/penny-university/releases", "Range: version ..; max=2, order=desc")
		if got := a.Header.Get("Content-Range"); got != "version 122..121" {
			t.Errorf("Content-Range: %s", got)
		}
		if got := a.Header.Get("Accept-Ranges"); got != "version, id" {
			t.Errorf("Accept-Ranges: %s", got)
		}
	})
}

// "(also `id ..`, `id ]<last>..`) … To page, send the `Next-Range` value back as `Range`"
func TestFollowingNextRangeReadsEverythingOnce(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"id ..; max=2", "id ..; max=2, order=desc", "version ..; max=3"} {
		play(t, Options{}, func(t *testing.T, s *site) {
			for range 4 {
				s.app.PastRelease(PastRelease{Kind: "code", Commit: sha})
			}
			var ids []string
			for next := start; next != ""; {
				a := s.get(t, "/apps/penny-university/releases", "Range: "+next)
				for _, r := range a.list(t) {
					ids = append(ids, r["id"].(string))
				}
				next = a.Header.Get("Next-Range")
			}
			if slices.Sort(ids); len(slices.Compact(ids)) != 7 {
				t.Errorf("%s: read %d releases, want 7", start, len(ids))
			}
		})
	}
}

// "Default 200, max 1000"
func TestAPageHolds200RowsAndAtMost1000(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for range 1100 {
			s.app.PastRelease(PastRelease{Kind: "config", Description: "Attach DATABASE"})
		}
		for header, rows := range map[string]int{
			"": 200, "version ..": 200, "version ..; max=500": 500, "version ..; max=5000": 1000,
		} {
			a := s.get(t, "/apps/penny-university/releases", "Range: "+header)
			if got := len(a.list(t)); got != rows || a.StatusCode != http.StatusPartialContent {
				t.Errorf("%q: %d rows with status %d, want %d", header, got, a.StatusCode, rows)
			}
		}
	})
}

func TestARangeThatCannotBeReadIs416(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		for _, header := range []string{
			"version", "created_at ..", "version ..; max=0", "version ..; max=x", "version ..; order=up", "version ..; foo=1",
			"version x..", "bytes=0-10",
		} {
			a := s.get(t, "/apps/penny-university/releases", "Range: "+header)
			if a.StatusCode != http.StatusRequestedRangeNotSatisfiable {
				t.Errorf("%q: %d %s", header, a.StatusCode, a.body)
			}
		}
	})
}

// The schema's ranges: builds go by id and started_at, apps by id, name and updated_at.
func TestOtherListsAreReadInRangesToo(t *testing.T) {
	t.Parallel()
	play(t, Options{}, func(t *testing.T, s *site) {
		s.app.PastBuild(PastBuild{Commit: sha, At: time.Now().Add(time.Hour)})
		s.app.PastBuild(PastBuild{Commit: sha})
		a := s.get(t, "/apps/penny-university/builds", "Range: started_at ..; max=1, order=desc")
		if got := a.list(t); len(got) != 1 || got[0]["status"] != "failed" || a.StatusCode != http.StatusPartialContent {
			t.Errorf("builds: %d %v", a.StatusCode, got)
		}
		s.AddApp(AppSpec{Name: "another", Owner: alice})
		a = s.get(t, "/apps", "Range: name ..; max=1")
		if got := a.list(t); len(got) != 1 || got[0]["name"] != "another" || a.Header.Get("Next-Range") != "name ]another..; max=1" {
			t.Errorf("apps: %v, next %s", got, a.Header.Get("Next-Range"))
		}
	})
}

func FuzzRange(f *testing.F) {
	for _, header := range []string{"version ..; max=15, order=desc", "id ]x..y;max=1", "..", ";", "]..[", "version 1..2..3"} {
		f.Add(header)
	}
	l := list{fields: []string{"version", "id"}, rows: []row{{keys: []any{1, "a"}}, {keys: []any{2, "b"}}}}
	f.Fuzz(func(t *testing.T, header string) {
		status, views, err := l.page(header, http.Header{})
		if err == nil && (status/100 != 2 || len(views) > 2) {
			t.Errorf("%q: %d with %d rows", header, status, len(views))
		}
	})
}
