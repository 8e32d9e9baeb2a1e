package slack

import (
	"errors"
	"fmt"
	"net/http"

	slackgo "github.com/slack-go/slack"
)

// RefusedError says that Slack refuses a token. Trying again does not help; a person has to act.
type RefusedError struct {
	Variable string // SLACK_APP_TOKEN or SLACK_BOT_TOKEN
	Code     string // Slack's, such as invalid_auth; or "HTTP 404"
	Err      error  // as it came
}

// Error says what is refused, why, and what to do.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("Slack refuses %s (%s): %s. %s", e.Variable, e.Code, refusals[e.Code], e.cure())
}

// Unwrap gives the error as it came.
func (e *RefusedError) Unwrap() error { return e.Err }

func (e *RefusedError) cure() string {
	switch {
	case e.Code == notFound:
		return "Check SLACK_API_URL: it must be empty, or end in /api/"
	case e.Variable == appToken:
		return "Make an app-level token (xapp-…) with the scope connections:write at https://api.slack.com/apps, under Basic Information, App-Level Tokens, and set " + appToken
	}
	return "Copy the Bot User OAuth Token (xoxb-…) from https://api.slack.com/apps, under OAuth & Permissions, reinstalling the app if it is gone, and set " + botToken
}

const (
	appToken = "SLACK_APP_TOKEN"
	botToken = "SLACK_BOT_TOKEN"
	notFound = "HTTP 404"
)

// refusals are the codes after which others give up too (facts: apps.connections.open), and what they mean.
var refusals = map[string]string{
	"invalid_auth":           "it is not a token that Slack knows",
	"not_authed":             "no token was sent",
	"account_inactive":       "the app or the account it belongs to was removed",
	"token_revoked":          "it was revoked",
	"token_expired":          "it has expired",
	"not_allowed_token_type": "it is a token of another kind",
	"no_permission":          "it lacks a permission",
	"missing_scope":          "it lacks a scope",
	"missing_args":           "Slack found no token in the request",
	"team_disabled":          "the workspace is disabled",
	"forbidden_team":         "the app may not be used in this workspace",
	"user_removed_from_team": "the account that installed the app has left the workspace",
	notFound:                 "there is no Slack API at this address",
}

// refusedApp is the refusal that err tells of; nil if it tells of something that may pass.
func refusedApp(err error) *RefusedError {
	answer, ok := errors.AsType[slackgo.SlackErrorResponse](err)
	if !ok || refusals[answer.Err] == "" {
		return nil
	}
	return &RefusedError{Variable: appToken, Code: answer.Err, Err: err}
}

// verdict judges the error with which slack-go gave up: one of four refusals, or a 404. A server that has greeted us
// before is the right one, so its 404 will pass.
func (s *Session) verdict(err error) error {
	if refused := refusedApp(err); refused != nil {
		return refused
	}
	status, ok := errors.AsType[slackgo.StatusCodeError](err)
	if !ok || status.Code != http.StatusNotFound {
		return err
	}
	select {
	case <-s.connected:
		s.pace.ended(0)
		return err
	default:
		return &RefusedError{Variable: appToken, Code: notFound, Err: err}
	}
}
