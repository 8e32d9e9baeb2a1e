package github_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"slipway/integrations/github"
)

func TestAnItemOfALaterListWithoutItsKeyIsNotUnderstood(t *testing.T) {
	t.Parallel()
	for body, call := range map[string]func(context.Context, *github.Client) (any, error){
		`[{"active":true}]`:               func(ctx context.Context, c *github.Client) (any, error) { return c.Hooks(ctx, penny) },
		`[{"environment":null}]`:          func(ctx context.Context, c *github.Client) (any, error) { return c.Waiting(ctx, penny, 7) },
		`[{"filename":"x"}]`:              func(ctx context.Context, c *github.Client) (any, error) { return c.PullFiles(ctx, penny, 45) },
		`{"sha":"abc","tree":[null]}`:     func(ctx context.Context, c *github.Client) (any, error) { return c.Tree(ctx, penny, "master") },
		`{"sha":"abc","truncated":false}`: func(ctx context.Context, c *github.Client) (any, error) { return c.Tree(ctx, penny, "master") },
		`[{"id":9}]`: func(ctx context.Context, c *github.Client) (any, error) {
			page, _, err := c.Deliveries(ctx, penny, 3, github.DeliveryQuery{})
			return page, err
		},
	} {
		bubble(t, func(t *testing.T) {
			client, _ := stage(t, says(200, body))
			if _, err := call(t.Context(), client); github.KindOf(err) != github.Malformed {
				t.Errorf("%s: %v", body, err)
			}
		})
	}
}

func TestALogShowsNeitherKeyNorSignedAddress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "app", github.App{ID: 77, PrivateKey: "s3cret"}, "url", github.SignedURL("https://x/?sig=s3cret"), "none", github.SignedURL(""))
	if strings.Contains(out.String(), "s3cret") || !strings.Contains(out.String(), `"app":"App 77","url":"[signed address]","none":""`) {
		t.Error(out.String())
	}
}
