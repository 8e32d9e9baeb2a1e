package heroku_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

func TestNewRefusesWhatCannotWorkAndKeepsTheTokenToItself(t *testing.T) {
	t.Parallel()
	for _, o := range []heroku.Options{
		{},
		{URL: "https://api.heroku.com"},
		{Token: "HRKU-secret\n"},
		{Token: "HRKU secret"},
		{Token: "HRKU-secret", URL: "api.heroku.com"},
		{Token: "HRKU-secret", URL: "ftp://api.heroku.com"},
		{Token: "HRKU-secret", URL: "https://me:HRKU-secret@api.heroku.com"},
		{Token: "HRKU-secret", URL: "https://api.heroku.com/?token=secret"},
		{Token: "HRKU-secret", URL: "://secret"},
	} {
		c, err := heroku.New(o)
		if err == nil || c != nil {
			t.Errorf("New(%q, %q) gave no error", o.URL, o.Token)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("New(%q) tells what it was given: %v", o.URL, err)
		}
	}
}

func TestNewTakesATokenAlone(t *testing.T) {
	t.Parallel()
	c, err := heroku.New(heroku.Options{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	if c.Tokens() != -1 {
		t.Errorf("Tokens() = %d before the first answer, want -1", c.Tokens())
	}
	c.Close()
}

func TestOptionsAreShownWithoutTheirToken(t *testing.T) {
	t.Parallel()
	o := heroku.Options{URL: "https://heroku.example.com", Token: token}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "options", o)
	text := fmt.Sprintf("%v %+v %#v %s", o, o, &o, &log)
	if strings.Contains(text, token) || !strings.Contains(text, "Heroku at https://heroku.example.com as slipway") {
		t.Errorf("shown: %s", text)
	}
}

func TestEveryRequestCarriesItsHeaders(t *testing.T) {
	t.Parallel()
	const v3, sdk = "application/vnd.heroku+json; version=3", "application/vnd.heroku+json; version=3.sdk"
	want := map[string][3]string{ // path, Accept, Range
		"App":           {"/apps/shop", sdk, ""},
		"Releases":      {"/apps/shop/releases", sdk, "version ..; max=10, order=desc"},
		"Release":       {"/apps/shop/releases/7", sdk, ""},
		"Slug":          {"/apps/shop/slugs/s", v3, ""},
		"Image":         {"/apps/shop/oci-images/i", sdk, ""},
		"Formation":     {"/apps/shop/formation", v3, ""},
		"Dynos":         {"/apps/shop/dynos", v3, ""},
		"Builds":        {"/apps/shop/builds", v3, "started_at ..; max=10,order=desc"},
		"Collaborators": {"/apps/shop/collaborators", v3, ""},
		"Account":       {"/account", v3, ""},
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for _, r := range reads {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, j := dial(t, reply(200, r.answer))
				if err := r.call(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				got := j.all()[0]
				h := got.Header
				if diff := cmp.Diff(want[r.name], [3]string{got.URL.Path, h.Get("Accept"), h.Get("Range")}); diff != "" {
					t.Error(diff)
				}
				if got.Method != http.MethodGet || h.Get("Authorization") != "Bearer "+token || h.Get("User-Agent") != "slipway/test" {
					t.Errorf("%s with %v", got.Method, h)
				}
				if !uuid.MatchString(h.Get("Request-Id")) {
					t.Errorf("Request-Id %q is no UUID", h.Get("Request-Id"))
				}
			})
		})
	}
}

func TestNamesCannotLeaveTheirPlaceInTheAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, reply(404, `{"id":"not_found","message":"Couldn't find that app."}`))
		_, _ = c.App(t.Context(), "a/../../account?x#y")
		_, _ = c.Slug(t.Context(), "shop", "a/b")
		var got []string
		for _, r := range j.all() {
			got = append(got, r.RequestURI)
		}
		want := []string{"/apps/a%2F..%2F..%2Faccount%3Fx%23y", "/apps/shop/slugs/a%2Fb"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAMissingNameIsRefusedWithoutARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, j := dial(t, reply(200, `{}`))
		for name, call := range map[string]func(context.Context) error{
			"App":       func(ctx context.Context) error { _, err := c.App(ctx, ""); return err },
			"Slug":      func(ctx context.Context) error { _, err := c.Slug(ctx, "shop", ""); return err },
			"Formation": func(ctx context.Context) error { _, err := c.Formation(ctx, ""); return err },
		} {
			if e := failure(t, call(t.Context())); e.Kind != heroku.Invalid {
				t.Errorf("%s: %v", name, e)
			}
		}
		if n := len(j.all()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestTokensAreAsLastTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, oneAfterTheOther(
			reply(200, `[]`, "RateLimit-Remaining", "4499"),
			reply(200, `[]`),
			reply(200, `[]`, "RateLimit-Remaining", "many"),
			reply(404, `{"id":"not_found","message":"no"}`, "RateLimit-Remaining", "12"),
		))
		for i, want := range []int{4499, 4499, 4499, 12} {
			_, _ = c.Dynos(t.Context(), "shop")
			if c.Tokens() != want {
				t.Errorf("after answer %d: Tokens() = %d, want %d", i+1, c.Tokens(), want)
			}
		}
	})
}

func TestEachWarningIsToldOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []string
		c, err := heroku.New(heroku.Options{
			URL: "http://" + address, Token: token,
			Warn: func(text string) { told = append(told, text) },
			HTTP: carry(t, oneAfterTheOther(
				reply(200, `[]`, "X-Heroku-Warning", " stack\told "),
				reply(200, `[]`, "X-Heroku-Warning", "stack old", "Warning-Message", "maintenance tonight"),
				reply(422, `{"id":"invalid_params","message":"no"}`, "Warning-Message", strings.Repeat("é", 600)),
			)),
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			_, _ = c.Dynos(t.Context(), "shop")
		}
		want := []string{"stack old", "maintenance tonight", strings.Repeat("é", 499) + "…"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOneClientServesManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, known := range reads {
				if strings.HasSuffix(r.URL.Path, strings.ToLower(known.name)) {
					reply(200, known.answer, "RateLimit-Remaining", "4000", "X-Heroku-Warning", "w")(w, r)
					return
				}
			}
			reply(200, `{"id":"1"}`)(w, r)
		}))
		var all sync.WaitGroup
		for range 10 {
			for _, r := range reads {
				all.Go(func() {
					if err := r.call(t.Context(), c); err != nil {
						t.Errorf("%s: %v", r.name, err)
					}
				})
			}
		}
		all.Wait()
		if c.Tokens() != 4000 {
			t.Errorf("Tokens() = %d", c.Tokens())
		}
	})
}
