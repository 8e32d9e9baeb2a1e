package heroku_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

// pager serves total elements newest first in pages of at most size. It puts its place into Next-Range in the
// given spelling, and understands no Range but its own.
func pager(total, size int, spelling string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		from := total
		if _, err := fmt.Sscanf(r.Header.Get("Range"), spelling, &from); err == nil {
			from--
		}
		to := max(from-size, 0)
		page := []map[string]any{}
		for n := from; n > to; n-- {
			page = append(page, map[string]any{
				"id": fmt.Sprint(n), "version": n, "type": fmt.Sprint(n), "name": fmt.Sprint(n), "user": map[string]any{"email": fmt.Sprint(n)},
			})
		}
		status := 200
		if to > 0 {
			w.Header().Set("Next-Range", fmt.Sprintf(spelling, to+1))
			status = 206
		}
		body, _ := json.Marshal(page)
		reply(status, string(body))(w, r)
	}
}

const (
	spaced   = "version ]%d..; max=200, order=desc" // as Heroku's CLI spells a Range
	unspaced = "version ]%d..; max=200,order=desc"  // as heroku-go does
)

// lists are the methods that read lists; each gives the length of its list.
var lists = map[string]func(context.Context, *heroku.Client, int) (int, error){
	"Releases": func(ctx context.Context, c *heroku.Client, most int) (int, error) {
		l, err := c.Releases(ctx, "shop", most)
		return len(l), err
	},
	"Builds": func(ctx context.Context, c *heroku.Client, most int) (int, error) {
		l, err := c.Builds(ctx, "shop", most)
		return len(l), err
	},
	"Formation": func(ctx context.Context, c *heroku.Client, _ int) (int, error) {
		l, err := c.Formation(ctx, "shop")
		return len(l), err
	},
	"Dynos": func(ctx context.Context, c *heroku.Client, _ int) (int, error) {
		l, err := c.Dynos(ctx, "shop")
		return len(l), err
	},
	"Collaborators": func(ctx context.Context, c *heroku.Client, _ int) (int, error) {
		l, err := c.Collaborators(ctx, "shop")
		return len(l), err
	},
}

func TestAListIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		for _, spelling := range []string{spaced, unspaced} {
			t.Run(name+"/"+spelling, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, j := dial(t, pager(450, 200, spelling))
					n, err := list(t.Context(), c, 0)
					if err != nil || n != 450 {
						t.Errorf("%d elements, %v; want 450", n, err)
					}
					var ranges []string
					for _, r := range j.all()[1:] {
						ranges = append(ranges, r.Header.Get("Range"))
					}
					if diff := cmp.Diff([]string{fmt.Sprintf(spelling, 251), fmt.Sprintf(spelling, 51)}, ranges); diff != "" {
						t.Error(diff)
					}
				})
			})
		}
	}
}

func TestAListStopsAtWhatIsWanted(t *testing.T) {
	t.Parallel()
	for _, most := range []struct{ max, requests, first int }{{1, 1, 1}, {10, 1, 10}, {200, 1, 200}, {201, 2, 200}, {400, 2, 200}, {1000, 3, 200}} {
		t.Run(fmt.Sprint(most.max), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, pager(450, 200, spaced))
				got, err := c.Releases(t.Context(), "shop", most.max)
				if err != nil || len(got) != min(most.max, 450) || got[0].Version != 450 {
					t.Fatalf("%d releases, %v", len(got), err)
				}
				if n := len(j.all()); n != most.requests {
					t.Errorf("%d requests, want %d", n, most.requests)
				}
				if got, want := j.all()[0].Header.Get("Range"), fmt.Sprintf("version ..; max=%d, order=desc", most.first); got != want {
					t.Errorf("Range %q, want %q", got, want)
				}
			})
		})
	}
}

func TestAListWithoutEndIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, reply(206, `[{"id":"1"}]`, "Next-Range", "id ]1..; max=200"))
		_, err := c.Dynos(t.Context(), "shop")
		if e := failure(t, err); e.Kind != heroku.Malformed || len(j.all()) != 50 {
			t.Errorf("%d requests: %v", len(j.all()), e)
		}
	})
}

func TestAListThatFailsHalfwayIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, oneAfterTheOther(pager(450, 200, spaced), reply(429, `{"id":"rate_limit","message":"Slow."}`, "Retry-After", "3")))
		got, err := c.Releases(t.Context(), "shop", 0)
		if e := failure(t, err); e.Kind != heroku.OutOfQuota || got != nil {
			t.Errorf("%d releases, %v", len(got), e)
		}
	})
}
