package board

import (
	"errors"
	"slices"
	"strings"

	"slipway/integrations/slack"
)

// verdict is what a failed call means for its board.
type verdict int

const (
	refused    verdict = iota // for a reason not listed here
	limited                   // too many calls
	unanswered                // Slack did not answer, and may have done it all the same
	unreached                 // Slack was not reached, or could not serve
	unwelcome                 // Slack refuses all we ask: a token, or what it may do
	barred                    // the channel takes no messages of ours
	vanished                  // the message is gone
	unthreaded                // the message in whose thread it was to stand is gone
	unshowable                // Slack refuses what the message says
	closed                    // the message cannot be edited any more
)

// The codes are Slack's, from the methods' reference pages (https://docs.slack.dev/reference/methods/chat.postMessage,
// …/chat.update); those of a token are the ones after which other clients give up too.
var verdicts = map[verdict][]string{
	unwelcome: {
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "no_permission",
		"missing_scope", "team_disabled", "forbidden_team", "user_removed_from_team", "org_login_required", "access_denied",
	},
	unreached: {"service_unavailable", "team_added_to_org", "request_timeout"},
	barred: {
		"is_archived", "is_inactive", "channel_not_found", "not_in_channel", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_thread_only_channel", "team_access_not_granted", "ekm_access_denied", "team_not_found",
		"user_not_found", "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "external_channel_migrating",
	},
	vanished:   {"message_not_found"},
	unthreaded: {"thread_not_found"},
	unshowable: {
		"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "block_mismatch", "invalid_attachments",
		"too_many_attachments", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema", "markdown_text_conflict",
		"invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_post_type", "invalid_form_data", "invalid_charset",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "cannot_reply_to_message",
	},
	closed: {"edit_window_closed", "cant_update_message"},
}

// judge sorts the error of a call.
func judge(err error) (verdict, *slack.Error) {
	e, ok := errors.AsType[*slack.Error](err)
	if !ok {
		return unanswered, &slack.Error{Err: err}
	}
	switch {
	case e.RateLimited():
		return limited, e
	case e.Ambiguous:
		return unanswered, e
	case e.Code == "" && (e.Status == 0 || e.Status >= 500):
		return unreached, e
	}
	for v, codes := range verdicts {
		if slices.Contains(codes, e.Code) {
			return v, e
		}
	}
	if strings.HasPrefix(e.Code, "restricted_action") {
		return barred, e
	}
	return refused, e
}

// blind tells of a history that we may not read: of a channel we are not in, or without the scope.
func blind(e *slack.Error) bool {
	return slices.Contains([]string{
		"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported_for_channel_type", "no_permission", "access_denied",
	}, e.Code)
}
