package heroku_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"slipway/integrations/heroku"
)

// What runs now, and from which commit.
func Example() {
	ctx := context.Background()
	client, err := heroku.New(heroku.Options{Token: os.Getenv("HEROKU_API_KEY"), Agent: "slipway/1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	releases, err := client.Releases(ctx, "penny-university", 15)
	if err != nil {
		fmt.Println(err)
		return
	}
	live, ok := heroku.Current(releases)
	if !ok {
		fmt.Println("nothing runs yet")
		return
	}
	slug, err := client.Slug(ctx, "penny-university", live.SlugID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s runs %s, released by %s\n", live, slug.Commit, live.By)
}

// Kinds say what can be done about an error.
func ExampleKindOf() {
	var err error = &heroku.Error{
		Op: "app penny-university", Kind: heroku.OutOfQuota, Status: 429, ID: "rate_limit",
		Message: "Your account reached the API rate limit", RetryAfter: 30 * time.Second,
	}
	err = fmt.Errorf("status: %w", err)
	fmt.Println(heroku.KindOf(err) == heroku.OutOfQuota)
	if e, ok := errors.AsType[*heroku.Error](err); ok {
		fmt.Println(e.RetryAfter)
	}
	fmt.Println(err)
	// Output:
	// true
	// 30s
	// status: heroku: app penny-university: rate limit reached: Your account reached the API rate limit (429 rate_limit)
}

// The output of a release phase that failed.
func ExampleClient_Output() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	client, err := heroku.New(heroku.Options{Token: os.Getenv("HEROKU_API_KEY")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	release, err := client.Release(ctx, "penny-university", 123)
	if err != nil || release.OutputURL == "" {
		return
	}
	text, err := client.Output(ctx, release.OutputURL)
	if heroku.KindOf(err) == heroku.NotStarted {
		fmt.Println("the release command has not begun")
		return
	}
	fmt.Println(text) // with an error too: what came so far
}

func ExampleRelease_Cause() {
	for _, text := range []string{"Deploy 69eec518", "Rollback to v120", "Set FEATURE_X, DEBUG config vars", "Something new"} {
		cause := heroku.Release{Description: text}.Cause()
		fmt.Printf("%q %s %d %q\n", cause.Kind, cause.Commit, cause.Version, cause.Names)
	}
	// Output:
	// "deploy" 69eec518 0 []
	// "rollback"  120 []
	// "config set"  0 ["FEATURE_X" "DEBUG"]
	// ""  0 []
}

func ExampleCodeReleases() {
	fmt.Println(heroku.CodeReleases([]heroku.Release{
		{Version: 122, SlugID: "c", Description: "Deploy 69eec518"},
		{Version: 121, SlugID: "b", Description: "Set FEATURE_X config vars"},
		{Version: 120, SlugID: "b", Description: "Deploy 0b5ddc31"},
	}))
	// Output: [v122 v120]
}
