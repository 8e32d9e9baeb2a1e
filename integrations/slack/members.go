package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

const (
	membersPage  = 900 // people in an answer; Slack allows fewer than 1,000
	membersPages = 50  // half of what Slack allows in a minute, as a channel is not all that is asked for
)

// Members lists the ids of all who are in a channel, bots and people of other workspaces among them (conversations.members;
// channels:read, and groups:read for a private channel, which the bot must be in: else it is an *Error with the code
// channel_not_found, see Unseen). It fails where there are more than 45,000.
func (c *Client) Members(ctx context.Context, channel string) ([]string, error) {
	const method = "conversations.members"
	ctx, a := watch(ctx)
	ask := slackgo.GetUsersInConversationParameters{ChannelID: channel, Limit: membersPage}
	var list []string
	for range membersPages {
		page, next, err := c.api.GetUsersInConversationContext(ctx, &ask)
		if err != nil {
			return nil, failure(method, reads, err, a)
		}
		list = append(list, page...)
		if next == "" {
			return list, nil
		}
		ask.Cursor = next
	}
	return nil, &Error{Method: method, Err: fmt.Errorf("there are more than %d people in the channel", len(list))}
}

// Unseen tells whether the channel is not there, or is a private one that the bot is not in: Slack tells them not apart.
func (e *Error) Unseen() bool { return e.Code == "channel_not_found" }
