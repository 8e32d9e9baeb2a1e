package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	slackgo "github.com/slack-go/slack"
)

// Visibility says who sees what is written to a response URL.
type Visibility string

// The visibilities.
const (
	OnlyYou   Visibility = "ephemeral"
	InChannel Visibility = "in_channel"
	Replace   Visibility = "replace" // takes the place of the message that was acted on, seen by who saw that
)

// ErrElsewhere is in the error of Respond when the response URL leads to no place of Slack's. Nothing was called.
var ErrElsewhere = errors.New("the response URL does not lead to Slack")

// Respond answers a command or a click at its response URL, which takes five answers in 30 min and needs neither token
// nor membership. Whoever has such a URL may write as the app, so no error shows it.
func (c *Client) Respond(ctx context.Context, responseURL string, m Message, v Visibility) error {
	const method = "response_url"
	address, err := c.answerAt(responseURL)
	if err != nil {
		return &Error{Method: method, Err: err}
	}
	ctx, a := watch(ctx)
	to := slackgo.MsgOptionResponseURL(address, string(v))
	if v == Replace {
		to = slackgo.MsgOptionReplaceOriginal(address)
	}
	_, _, _, err = c.api.SendMessageContext(ctx, "", append(m.options(), to)...)
	return failure(method, writes, withoutURL(err), a)
}

// withoutURL takes an error out of the wrapping that repeats the address.
func withoutURL(err error) error {
	if named, ok := errors.AsType[*url.Error](err); ok {
		return named.Err
	}
	return err
}

// origin is the scheme and the host, with a port if it names one, that an address begins with.
type origin struct{ scheme, host string }

// answerOrigins are where response URLs lead: to hooks.slack.com, beside another API to the host called hooks before it
// (hooks.slack-gov.com), and to the API's own host where that is not Slack's.
func answerOrigins(apiURL string) []origin {
	list := []origin{{"https", "hooks.slack.com"}}
	u, err := url.Parse(apiURL)
	if err != nil || apiURL == defaultAPI {
		return list
	}
	list = append(list, origin{u.Scheme, u.Host})
	if u.Scheme == "https" {
		list = append(list, origin{"https", "hooks." + u.Host})
	}
	return list
}

// answerAt gives a response URL as it is to be called, or ErrElsewhere.
func (c *Client) answerAt(responseURL string) (string, error) {
	u, err := url.Parse(responseURL)
	if err != nil || u.User != nil || !slices.Contains(c.answers, origin{u.Scheme, u.Host}) {
		return "", ErrElsewhere
	}
	return u.String(), nil
}

// straight gives a client that follows no redirect: Slack gives none, and what we send carries a token or is meant for
// one person. The answer that redirects is an error like any other that is not 200.
func straight(c *http.Client) *http.Client {
	out := *c
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}
