package slack_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"slipway/integrations/slack"
)

// A session hands over what people do. The handler acknowledges at once and lets others do the work.
func ExampleSession() {
	work := make(chan slack.Envelope, 100)
	session := slack.NewSession(slack.SessionOptions{
		AppToken: os.Getenv("SLACK_APP_TOKEN"),
		Handle: func(e slack.Envelope) {
			if err := e.Ack(nil); err != nil {
				return // the person sees Slack's own error; an event comes again
			}
			select {
			case work <- e:
			default: // never wait here: tell the person that slipway is busy
			}
		},
	})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := session.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err) // says which token is refused, and where to get a new one
		os.Exit(2)
	}
}

// A form's fields can only be told to be wrong in its acknowledgement, which may come later, on any goroutine.
func ExampleEnvelope_Ack() {
	check := func(e slack.Envelope) {
		err := e.Ack(map[string]any{
			"response_action": "errors",
			"errors":          map[string]string{"reason": "Say why."},
		})
		if errors.Is(err, slack.ErrAckLate) {
			return // more than 2.5 s have passed; the form shows Slack's own error
		}
	}
	slack.NewSession(slack.SessionOptions{Handle: func(e slack.Envelope) {
		if e.Interaction != nil {
			go check(e)
		}
	}})
}

// An *Error tells whether a post may be repeated.
func ExampleClient_Post() {
	client := slack.NewClient(slack.ClientOptions{BotToken: os.Getenv("SLACK_BOT_TOKEN")})
	post := func(ctx context.Context, channel, key string) error {
		posted, err := client.Post(ctx, channel, slack.Message{Text: "v122 is live", Key: key})
		failed, ok := errors.AsType[*slack.Error](err)
		switch {
		case !ok:
			fmt.Println("posted as", posted.TS)
			return nil
		case failed.RateLimited():
			return fmt.Errorf("post again in %v: %w", max(failed.RetryAfter, time.Second), err)
		case failed.Ambiguous:
			return fmt.Errorf("look for %s in the channel before posting again: %w", key, err)
		case failed.Code == "missing_scope":
			return fmt.Errorf("add the scope %s to the app and install it again: %w", failed.Needed, err)
		}
		return err
	}
	_ = post
}

// Who pressed the button decides what it does.
func ExampleClient_User() {
	client := slack.NewClient(slack.ClientOptions{BotToken: os.Getenv("SLACK_BOT_TOKEN")})
	mayDeploy := func(ctx context.Context, id string) (bool, error) {
		u, err := client.User(ctx, id)
		if err != nil {
			return false, err
		}
		return !u.Guest && !u.Stranger && !u.Bot && !u.Deleted, nil
	}
	_ = mayDeploy
}
