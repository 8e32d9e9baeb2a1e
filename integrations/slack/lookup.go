package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

// UserByEmail finds the person of the workspace who has an e-mail address (users.lookupByEmail; users:read and
// users:read.email). That nobody has it is an *Error with the code users_not_found, see Nobody.
func (c *Client) UserByEmail(ctx context.Context, email string) (User, error) {
	const method = "users.lookupByEmail"
	ctx, a := watch(ctx)
	u, err := c.api.GetUserByEmailContext(ctx, email)
	if err != nil {
		return User{}, failure(method, reads, err, a)
	}
	return userOf(u), nil
}

// Nobody tells whether Slack was asked for somebody who is not there.
func (e *Error) Nobody() bool { return e.Code == "users_not_found" || e.Code == "user_not_found" }

const (
	channelsPage  = 900 // channels in an answer; Slack allows fewer than 1,000
	channelsPages = 20  // which Slack allows in a minute
)

// Channels lists the public channels, and the private ones that the bot is in, archived ones among them
// (conversations.list; channels:read and groups:read). It fails where there are more than 18,000.
func (c *Client) Channels(ctx context.Context) ([]Channel, error) {
	const method = "conversations.list"
	ctx, a := watch(ctx)
	ask := slackgo.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}, Limit: channelsPage}
	var list []Channel
	for range channelsPages {
		page, next, err := c.api.GetConversationsContext(ctx, &ask)
		if err != nil {
			return nil, failure(method, reads, err, a)
		}
		for _, ch := range page {
			list = append(list, channelOf(&ch))
		}
		if next == "" {
			return list, nil
		}
		ask.Cursor = next
	}
	return nil, &Error{Method: method, Err: fmt.Errorf("there are more than %d channels", len(list))}
}
