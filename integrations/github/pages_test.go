package github_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"slipway/integrations/github"
)

// shelf serves a list of total items in pages, item by item as render writes them, between before and after.
func shelf(total int, before, after string, render func(int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		per, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		page = max(page, 1)
		items := []string{}
		for i := (page - 1) * per; i < min(page*per, total); i++ {
			items = append(items, render(i))
		}
		var headers []string
		if page*per < total {
			headers = []string{"Link", fmt.Sprintf(`<%s%s?page=%d>; rel="next", <%s>; rel="last"`, farURL, r.URL.Path, page+1, farURL)}
		}
		says(200, before+strings.Join(items, ",")+after, headers...)(w, r)
	}
}

func TestAListEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ total, limit, want, asked int }{
		{0, 0, 0, 1},
		{7, 0, 7, 1},
		{100, 0, 100, 1},
		{250, 0, 100, 1},
		{250, 5, 5, 1},
		{250, 100, 100, 1},
		{250, 101, 101, 2},
		{250, 200, 200, 2},
		{250, 1000, 250, 3},
		{2000, 5000, 1000, 10},
		{2000, -1, 100, 1},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.limit, c.total), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, shelf(c.total, "[", "]", func(i int) string { return fmt.Sprintf(`{"number":%d}`, i+1) }))
				got, err := client.Pulls(t.Context(), penny, github.PullQuery{Limit: c.limit})
				if err != nil || len(got) != c.want || far.asked() != c.asked {
					t.Fatalf("got %d in %d requests, %v; want %d in %d", len(got), far.asked(), err, c.want, c.asked)
				}
				for i, p := range got {
					if p.Number != i+1 {
						t.Fatalf("item %d is #%d", i, p.Number)
					}
				}
			})
		})
	}
}

func TestAListThatNeverEndsIsLeft(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(page int) int{
		"the same page again": func(page int) int { return page },
		"back to the start":   func(int) int { return 1 },
		"empty pages on":      func(page int) int { return page + 1 },
		"far away":            func(int) int { return 1 << 40 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, far := stage(t, func(w http.ResponseWriter, r *http.Request) {
					page, _ := strconv.Atoi(r.URL.Query().Get("page"))
					says(200, `[]`, "Link", fmt.Sprintf(`<%s/x?page=%d>; rel="next"`, farURL, link(max(page, 1))))(w, r)
				})
				got, err := client.Pulls(t.Context(), penny, github.PullQuery{Limit: 1000})
				if err != nil || len(got) != 0 || far.asked() > 10 {
					t.Errorf("got %d in %d requests, %v", len(got), far.asked(), err)
				}
			})
		})
	}
}

func TestHalfAListIsAnError(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		whole := shelf(250, "[", "]", func(i int) string { return fmt.Sprintf(`{"number":%d}`, i+1) })
		client, _ := stage(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "3" {
				says(404, `{"message":"Not Found"}`)(w, r)
				return
			}
			whole(w, r)
		})
		got, err := client.Pulls(t.Context(), penny, github.PullQuery{Limit: 1000})
		if github.KindOf(err) != github.NotFound || got != nil {
			t.Errorf("got %d, %v", len(got), err)
		}
	})
}

func TestAComparisonReadsAllItsPages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ahead, want, asked int
		truncated          bool
	}{{0, 0, 1, false}, {3, 3, 1, false}, {100, 100, 1, false}, {251, 251, 3, false}, {1000, 1000, 10, false}, {1200, 1000, 10, true}} {
		t.Run(strconv.Itoa(c.ahead), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				before := fmt.Sprintf(`{"status":"diverged","ahead_by":%d,"behind_by":2,"total_commits":%d,"html_url":"https://github.com/x","commits":[`, c.ahead, c.ahead)
				client, far := stage(t, shelf(c.ahead, before, "]}", func(i int) string { return fmt.Sprintf(`{"sha":"%040d"}`, i) }))
				got, err := client.Compare(t.Context(), penny, "master", "feature/x")
				if err != nil || len(got.Commits) != c.want || far.asked() != c.asked || got.Truncated != c.truncated {
					t.Fatalf("got %d commits in %d requests, truncated %v, %v", len(got.Commits), far.asked(), got.Truncated, err)
				}
				if got.Status != "diverged" || got.Ahead != c.ahead || got.Behind != 2 || got.URL != "https://github.com/x" {
					t.Errorf("got %s, %d ahead, %d behind, %s", got.Status, got.Ahead, got.Behind, got.URL)
				}
				for i, commit := range got.Commits {
					if commit.SHA != fmt.Sprintf("%040d", i) {
						t.Fatalf("commit %d is %s", i, commit.SHA)
					}
				}
			})
		})
	}
}
