package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"
)

// TryAppToken asks Slack for the address of a socket (apps.connections.open; connections:write), and opens none: that the
// token is taken is all there is to learn. A token that Slack refuses is a *RefusedError. BotToken is not used.
func TryAppToken(ctx context.Context, token string, o ClientOptions) error {
	const method = "apps.connections.open"
	if o.APIURL == "" {
		o.APIURL = defaultAPI
	}
	if o.HTTP == nil {
		o.HTTP = newHTTP()
	}
	ctx, a := watch(ctx)
	api := slackgo.New("", slackgo.OptionAppLevelToken(token), slackgo.OptionAPIURL(o.APIURL), slackgo.OptionHTTPClient(watcher{http: straight(o.HTTP)}))
	_, _, err := api.StartSocketModeContext(ctx)
	if err == nil {
		return nil
	}
	if refused := refusedApp(err); refused != nil {
		return refused
	}
	return failure(method, reads, err, a)
}

// Why is what is wrong with the token: "it was revoked (token_revoked)".
func (e *RefusedError) Why() string {
	if why := refusals[e.Code]; why != "" {
		return why + " (" + e.Code + ")"
	}
	return e.Code
}

// Fix is what a person does about it.
func (e *RefusedError) Fix() string { return e.cure() + "." }
