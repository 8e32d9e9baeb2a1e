package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Search says which message of ours is looked for, and where.
type Search struct {
	Channel      string
	ThreadTS     string // look among the replies to this message; empty: in the channel, outside of threads
	Bot          string // as Identity.BotID
	Key          string // of the message
	Since, Until time.Time
}

// Find looks for the messages that we posted with a key, oldest first: mostly none or one (conversations.history, or
// conversations.replies; channels:history, groups:history or im:history, and membership). It reads at most 2,000 messages.
func (c *Client) Find(ctx context.Context, q Search) ([]Posted, error) {
	method, args := "conversations.history", url.Values{
		"channel": {q.Channel}, "oldest": {stamp(q.Since)}, "latest": {stamp(q.Until)}, "inclusive": {"true"}, "limit": {strconv.Itoa(findPage)},
		"include_all_metadata": {"true"},
	}
	if q.ThreadTS != "" {
		method = "conversations.replies"
		args.Set("ts", q.ThreadTS)
	}
	var all []Posted
	for range findPages {
		page, err := c.history(ctx, method, args)
		if err != nil {
			return nil, err
		}
		for _, m := range page.Messages {
			if m.carries(q) && !slices.Contains(all, Posted{q.Channel, m.TS}) {
				all = append(all, Posted{Channel: q.Channel, TS: m.TS})
			}
		}
		if page.Metadata.Cursor == "" {
			break
		}
		args.Set("cursor", page.Metadata.Cursor)
	}
	slices.SortFunc(all, func(a, b Posted) int { return cmp.Compare(a.TS, b.TS) })
	return all, nil
}

const (
	findPage  = 200 // messages; Slack recommends no more
	findPages = 10
)

// stamp is a time as Slack writes those of messages.
func stamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// past is a page of a channel's history. Of its messages only what Find needs is read: slack-go would give up the whole page for one
// block that it does not know.
type past struct {
	slackgo.SlackResponse
	Messages []pastMessage
	Metadata struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

type pastMessage struct {
	TS       string
	BotID    string `json:"bot_id"`
	Metadata json.RawMessage
}

// carries tells whether it is the message that is looked for. Other apps can write metadata like ours, so the bot counts.
func (m pastMessage) carries(q Search) bool {
	var metadata struct {
		Type    string               `json:"event_type"`
		Payload struct{ Key string } `json:"event_payload"`
	}
	return m.BotID == q.Bot && json.Unmarshal(m.Metadata, &metadata) == nil &&
		metadata.Type == MetadataType && metadata.Payload.Key == q.Key
}

func (c *Client) history(ctx context.Context, method string, args url.Values) (past, error) {
	ctx, a := watch(ctx)
	var page past
	err := c.read(ctx, method, args, &page)
	if err == nil {
		err = page.Err()
	}
	return page, failure(method, reads, err, a)
}

// read calls a method and decodes its answer by ourselves.
func (c *Client) read(ctx context.Context, method string, args url.Values, answer any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+method, strings.NewReader(args.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or is not wanted
	if resp.StatusCode == http.StatusTooManyRequests {
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			return &slackgo.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
		}
	}
	if resp.StatusCode != http.StatusOK {
		return slackgo.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}

// Direct gives the channel of the direct message with a person, which is opened if need be (conversations.open; im:write).
func (c *Client) Direct(ctx context.Context, user string) (string, error) {
	const method = "conversations.open"
	ctx, a := watch(ctx)
	ch, _, _, err := c.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", failure(method, reads, err, a) // opening it twice is opening it once
	}
	return ch.ID, nil
}
