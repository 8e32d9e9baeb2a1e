package heroku_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/heroku"
)

// TestEveryMethodReadsWhatHerokuSends has one full answer a method, in the shapes of Heroku's published schema.
func TestEveryMethodReadsWhatHerokuSends(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 1, 5, 14, minute, 0, 0, time.UTC) }
	for _, r := range []struct {
		name, answer string
		read         func(context.Context, *heroku.Client) (any, error)
		want         any
	}{
		{
			"App on Cedar",
			`{"acm":true,"archived_at":null,"id":"01234567-89ab-cdef-0123-456789abcdef","name":"shop","stack":{"id":"s","name":"heroku-24"},
			"generation":"cedar","owner":{"email":"ann@example.com","id":"o"},"maintenance":true,"web_url":"https://shop-1.herokuapp.com/",
			"released_at":"2026-01-05T14:01:00Z","space":null,"team":null}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.App(ctx, "shop") },
			heroku.App{ID: "01234567-89ab-cdef-0123-456789abcdef", Name: "shop", Stack: "heroku-24", Generation: "cedar", Owner: "ann@example.com", WebURL: "https://shop-1.herokuapp.com/", Maintenance: true, ReleasedAt: at(1)},
		},
		{
			"App on Fir, generation as an object",
			`{"id":"1","name":"shop","stack":{"name":"cnb"},"generation":{"id":"g","name":"fir"},"owner":{"email":"e"},"web_url":null,"released_at":null}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.App(ctx, "shop") },
			heroku.App{ID: "1", Name: "shop", Stack: "cnb", Generation: "fir", Owner: "e"},
		},
		{
			"App without a generation",
			`{"id":"1","name":"shop","generation":null}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.App(ctx, "shop") },
			heroku.App{ID: "1", Name: "shop"},
		},
		{
			"Releases",
			`[{"id":"r43","version":43,"app":{"id":"","name":""},"status":"pending","current":false,"eligible_for_rollback":false,"description":"Deploy 69eec518",
			"slug":{"id":"s2"},"oci_image":null,"artifacts":[{"type":"slug","id":"s2"}],"addon_plan_names":["heroku-postgresql:standard-0"],
			"output_stream_url":"https://release-output.heroku.com/streams/x","user":{"id":"u","email":"ann@example.com"},
			"created_at":"2026-01-05T14:02:00Z","updated_at":"2026-01-05T14:03:00Z"},
			{"id":"r42","version":42,"status":"expired","current":true,"eligible_for_rollback":true,"description":"Set A config vars",
			"slug":null,"oci_image":{"id":"i1"},"output_stream_url":null,"user":{"email":"bob@example.com"},"created_at":"2026-01-05T14:00:00.5Z","updated_at":"2026-01-05T15:00:00+01:00"},
			{"id":"r41","version":41,"status":"a newer word"}]`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Releases(ctx, "shop", 15) },
			[]heroku.Release{
				{ID: "r43", Version: 43, Status: "pending", Description: "Deploy 69eec518", SlugID: "s2", By: "ann@example.com", OutputURL: "https://release-output.heroku.com/streams/x", CreatedAt: at(2), UpdatedAt: at(3)},
				{ID: "r42", Version: 42, Status: "expired", Description: "Set A config vars", ImageID: "i1", By: "bob@example.com", Current: true, Eligible: true, CreatedAt: at(0).Add(500 * time.Millisecond), UpdatedAt: at(0)},
				{ID: "r41", Version: 41, Status: "a newer word"},
			},
		},
		{
			"Release",
			`{"id":"r7","version":7,"status":"failed","current":false,"eligible_for_rollback":false,"description":"","slug":{"id":"s"},"user":{"email":"e"}}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Release(ctx, "shop", 7) },
			heroku.Release{ID: "r7", Version: 7, Status: "failed", SlugID: "s", By: "e"},
		},
		{
			"Slug",
			`{"blob":{"method":"get","url":"https://s3.amazonaws.com/secret"},"buildpack_provided_description":"Python","checksum":null,
			"commit":"69eec518968cc409e116940aa5304ab6ab237a4d","commit_description":"Fix it","created_at":"2026-01-05T14:00:00Z","id":"s1",
			"process_types":{"web":"gunicorn","release":"python manage.py migrate"},"size":2048,"stack":{"id":"x","name":"heroku-24"},"updated_at":"2026-01-05T14:00:00Z","deleted_at":null}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Slug(ctx, "shop", "s1") },
			heroku.Slug{ID: "s1", Commit: "69eec518968cc409e116940aa5304ab6ab237a4d", CommitDescription: "Fix it", Stack: "heroku-24", ProcessTypes: map[string]string{"web": "gunicorn", "release": "python manage.py migrate"}},
		},
		{
			"Slug of no known commit",
			`{"id":"s1","commit":null,"commit_description":null,"process_types":{}}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Slug(ctx, "shop", "s1") },
			heroku.Slug{ID: "s1", ProcessTypes: map[string]string{}},
		},
		{
			"Image",
			`{"id":"i1","base_image_name":"heroku/heroku:24","commit":"69eec518968cc409e116940aa5304ab6ab237a4d","commit_description":"Fix it","digest":"sha256:x",
			"stack":{"id":"x","name":"cnb"},"process_types":{"web":{"name":"web","command":"gunicorn","display_cmd":"gunicorn","default":true}},"architecture":"arm64"}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Image(ctx, "shop", "i1") },
			heroku.Slug{ID: "i1", Commit: "69eec518968cc409e116940aa5304ab6ab237a4d", CommitDescription: "Fix it", Stack: "cnb", ProcessTypes: map[string]string{"web": "gunicorn"}},
		},
		{
			"Formation",
			`[{"app":{"id":"","name":""},"command":"gunicorn","created_at":"2026-01-05T14:00:00Z","dyno_size":{"name":"Basic"},"id":"f","quantity":2,"size":"Basic","type":"web","updated_at":"2026-01-05T14:00:00Z"}]`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Formation(ctx, "shop") },
			[]heroku.Process{{Type: "web", Command: "gunicorn", Size: "Basic", Quantity: 2}},
		},
		{
			"Dynos",
			`[{"attach_url":null,"command":"gunicorn","created_at":"2026-01-05T14:00:00Z","id":"d","name":"web.1","release":{"id":"r","version":42},
			"app":{"id":"","name":""},"size":"Basic","state":"crashed","type":"web","updated_at":"2026-01-05T14:05:00Z"},
			{"id":"e","name":"run.1234","state":"up","type":"run","release":null}]`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Dynos(ctx, "shop") },
			[]heroku.Dyno{
				{ID: "d", Name: "web.1", Type: "web", State: "crashed", Command: "gunicorn", Size: "Basic", Release: 42, CreatedAt: at(0), UpdatedAt: at(5)},
				{ID: "e", Name: "run.1234", Type: "run", State: "up"},
			},
		},
		{
			"Builds",
			`[{"app":{"id":"a"},"buildpacks":null,"created_at":"2026-01-05T14:00:00Z","id":"b2","output_stream_url":"https://build-output.heroku.com/streams/x",
			"source_blob":{"checksum":null,"url":"https://codeload.github.com/secret","version":"69eec518968cc409e116940aa5304ab6ab237a4d","version_description":null},
			"release":{"id":"r43"},"slug":{"id":"s2"},"stack":"heroku-24","status":"succeeded","updated_at":"2026-01-05T14:01:00Z","user":{"id":"u","email":"ann@example.com"}},
			{"id":"b1","status":"pending","source_blob":{"version":null},"release":null,"slug":null,"output_stream_url":null,"user":{"email":"bob@example.com"},"created_at":"2026-01-05T14:00:00Z","updated_at":"2026-01-05T14:00:00Z"}]`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Builds(ctx, "shop", 5) },
			[]heroku.Build{
				{ID: "b2", Status: "succeeded", Commit: "69eec518968cc409e116940aa5304ab6ab237a4d", By: "ann@example.com", ReleaseID: "r43", OutputURL: "https://build-output.heroku.com/streams/x", CreatedAt: at(0), UpdatedAt: at(1)},
				{ID: "b1", Status: "pending", By: "bob@example.com", CreatedAt: at(0), UpdatedAt: at(0)},
			},
		},
		{
			"Collaborators",
			`[{"app":{"id":"","name":""},"created_at":"2026-01-05T14:00:00Z","id":"c","role":"member","permissions":[{"name":"view","description":"d"},{"name":"deploy","description":"d"}],"user":{"email":"ann@example.com","federated":false,"id":"u"}},
			{"id":"d","role":null,"user":{"email":"bob@example.com"}}]`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Collaborators(ctx, "shop") },
			[]heroku.Collaborator{{Email: "ann@example.com", Role: "member", Permissions: []string{"view", "deploy"}}, {Email: "bob@example.com"}},
		},
		{
			"Account",
			`{"allow_tracking":true,"email":"ann@example.com","id":"u","identity_provider":null,"last_login":null,"name":null,"sms_number":null,"suspended_at":null,"created_at":"2026-01-05T14:00:00Z","updated_at":"2026-01-05T14:00:00Z"}`,
			func(ctx context.Context, c *heroku.Client) (any, error) { return c.Account(ctx) },
			heroku.Account{ID: "u", Email: "ann@example.com"},
		},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := dial(t, reply(200, r.answer))
				got, err := r.read(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(r.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}
