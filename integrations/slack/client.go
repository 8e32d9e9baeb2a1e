package slack

import (
	"context"
	"net/http"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// ClientOptions says where the Web API is and who calls it.
type ClientOptions struct {
	BotToken string       // xoxb-…
	APIURL   string       // with a trailing slash; empty: https://slack.com/api/
	HTTP     *http.Client // nil: one with a timeout of 10 s
}

// Client calls the Web API. It keeps no state and never repeats a call: whether a lost answer may be asked for again is
// for the caller to judge, who can tell by the *Error that every method returns.
type Client struct {
	api        *slackgo.Client
	url, token string
	http       watcher
	answers    []origin // where response URLs may lead
}

// NewClient makes a client. It makes no call.
func NewClient(opts ClientOptions) *Client {
	if opts.APIURL == "" {
		opts.APIURL = defaultAPI
	}
	if opts.HTTP == nil {
		opts.HTTP = newHTTP()
	}
	http := watcher{http: straight(opts.HTTP)}
	api := slackgo.New(opts.BotToken, slackgo.OptionAPIURL(opts.APIURL), slackgo.OptionHTTPClient(http))
	return &Client{api: api, url: opts.APIURL, token: opts.BotToken, http: http, answers: answerOrigins(opts.APIURL)}
}

// Identity is who a bot token belongs to.
type Identity struct {
	TeamID, Team string
	URL          string // of the workspace
	UserID       string // of the bot
	BotID        string
	Scopes       []string // granted to the token
}

// Auth asks who we are (auth.test; no scope). A token that Slack refuses is a *RefusedError, with the *Error in it.
func (c *Client) Auth(ctx context.Context) (Identity, error) {
	const method = "auth.test"
	ctx, a := watch(ctx)
	r, err := c.api.AuthTestContext(ctx)
	if err != nil {
		err = failure(method, reads, err, a)
		if code := err.(*Error).Code; refusals[code] != "" {
			return Identity{}, &RefusedError{Variable: botToken, Code: code, Err: err}
		}
		return Identity{}, err
	}
	id := Identity{TeamID: r.TeamID, Team: r.Team, URL: r.URL, UserID: r.UserID, BotID: r.BotID}
	for scope := range strings.SplitSeq(r.Header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			id.Scopes = append(id.Scopes, scope)
		}
	}
	return id, nil
}

// User is a person, or a bot, as Slack knows them.
type User struct {
	ID, TeamID string
	Name       string // the handle
	RealName   string
	Email      string // empty without the scope users:read.email
	TZ         string // such as Europe/Berlin
	Guest      bool   // of one channel or of several
	Bot        bool
	Deleted    bool
	Stranger   bool // of another workspace, met in a shared channel
}

// User looks someone up (users.info; users:read).
func (c *Client) User(ctx context.Context, id string) (User, error) {
	const method = "users.info"
	ctx, a := watch(ctx)
	u, err := c.api.GetUserInfoContext(ctx, id)
	if err != nil {
		return User{}, failure(method, reads, err, a)
	}
	return userOf(u), nil
}

func userOf(u *slackgo.User) User {
	return User{
		ID: u.ID, TeamID: u.TeamID, Name: u.Name, RealName: u.RealName, Email: u.Profile.Email, TZ: u.TZ,
		Guest: u.IsRestricted || u.IsUltraRestricted, Bot: u.IsBot, Deleted: u.Deleted, Stranger: u.IsStranger,
	}
}

// Channel is a place to write to.
type Channel struct {
	ID       string
	Name     string // empty for a direct message
	Private  bool
	Archived bool
	IM       bool // a direct message
	Member   bool // the bot is in it
}

// Channel looks a channel up by its id (conversations.info; channels:read, groups:read).
func (c *Client) Channel(ctx context.Context, id string) (Channel, error) {
	const method = "conversations.info"
	ctx, a := watch(ctx)
	ch, err := c.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		return Channel{}, failure(method, reads, err, a)
	}
	return channelOf(ch), nil
}

func channelOf(ch *slackgo.Channel) Channel {
	return Channel{
		ID: ch.ID, Name: ch.Name, Private: ch.IsPrivate, Archived: ch.IsArchived, IM: ch.IsIM,
		Member: ch.IsMember,
	}
}
