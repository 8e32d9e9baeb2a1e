package slacksim

import (
	"slices"
	"strconv"
	"strings"
)

// readable gives a channel that the bot may know of with its scopes; kind is "read" or "history".
func (s *Server) readable(c *call, kind string) (*channel, error) {
	ch := s.channels[c.str("channel")]
	if ch == nil || ch.Private && !ch.BotIn {
		return nil, failure("channel_not_found")
	}
	if err := s.need(ch.scope(kind)); err != nil {
		return nil, err
	}
	return ch, nil
}

// scope is what reading the channel takes.
func (c *channel) scope(kind string) string {
	switch {
	case c.im != "":
		return "im:" + kind
	case c.Private:
		return "groups:" + kind
	}
	return "channels:" + kind
}

func conversationsInfo(s *Server, c *call) (map[string]any, error) {
	ch, err := s.readable(c, "read")
	if err != nil {
		return nil, err
	}
	out := s.channelJSON(ch)
	if c.yes("include_num_members") {
		out["num_members"] = ch.memberCount()
	}
	return map[string]any{"channel": out}, nil
}

func conversationsList(s *Server, c *call) (map[string]any, error) {
	types := c.str("types")
	if types == "" {
		types = "public_channel"
	}
	limit, err := c.num("limit", 100)
	if err != nil {
		return nil, err
	}
	if limit < 1 || limit > 1000 {
		return nil, failure("invalid_limit")
	}
	wanted := strings.Split(types, ",")
	if err := s.needTypes(wanted); err != nil {
		return nil, err
	}
	var all []*channel
	for _, id := range sortedKeys(s.channels) {
		ch := s.channels[id]
		hidden := ch.Private && !ch.BotIn || ch.Archived && c.yes("exclude_archived")
		if !hidden && slices.Contains(wanted, ch.kind()) {
			all = append(all, ch)
		}
	}
	page, next, err := paged(all, c.str("cursor"), limit)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, ch := range page {
		out := s.channelJSON(ch)
		out["num_members"] = ch.memberCount()
		list = append(list, out)
	}
	return map[string]any{"channels": list, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

// needTypes asks for the scope of each type of channel that is listed.
func (s *Server) needTypes(types []string) error {
	for _, t := range types {
		scope := map[string]string{
			"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read",
		}[t]
		if scope == "" {
			return failure("invalid_types")
		}
		if err := s.need(scope); err != nil {
			return err
		}
	}
	return nil
}

func (c *channel) kind() string {
	switch {
	case c.im != "":
		return "im"
	case c.Private:
		return "private_channel"
	}
	return "public_channel"
}

// paged cuts a page out of a list; cursors are the position written as text.
func paged[T any](all []T, cursor string, limit int) (page []T, next string, err error) {
	from := 0
	if cursor != "" {
		from, err = strconv.Atoi(strings.TrimPrefix(cursor, "page:"))
		if err != nil || from < 0 || from > len(all) {
			return nil, "", failure("invalid_cursor")
		}
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = "page:" + strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

func conversationsMembers(s *Server, c *call) (map[string]any, error) {
	ch, err := s.readable(c, "read")
	if err != nil {
		return nil, err
	}
	limit, err := c.num("limit", 100)
	if err != nil {
		return nil, err
	}
	if limit < 1 || limit > 1000 {
		return nil, failure("invalid_limit")
	}
	members := append([]string{}, ch.Members...)
	if ch.BotIn && !slices.Contains(members, botUserID) {
		members = append(members, botUserID)
	}
	page, next, err := paged(members, c.str("cursor"), limit)
	if err != nil {
		return nil, err
	}
	return map[string]any{"members": page, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func conversationsOpen(s *Server, c *call) (map[string]any, error) {
	if id := c.str("channel"); id != "" {
		ch := s.channels[id]
		if ch == nil || ch.im == "" {
			return nil, failure("channel_not_found")
		}
		return map[string]any{"channel": map[string]any{"id": ch.ID}, "no_op": true, "already_open": true}, nil
	}
	users := strings.Split(c.str("users"), ",")
	if len(users) != 1 {
		return nil, failure("not_enough_users") // group messages are no part of this workspace
	}
	u := s.users[users[0]]
	switch {
	case u == nil:
		return nil, failure("user_not_found")
	case u.Deleted:
		return nil, failure("user_disabled")
	case u.ID == botUserID:
		return nil, failure("cannot_dm_bot")
	}
	_, there := s.channels["D"+strings.TrimLeft(u.ID, "UW")]
	ch := s.im(u)
	out := map[string]any{"channel": map[string]any{"id": ch.ID}}
	if there {
		out["no_op"], out["already_open"] = true, true
	}
	if c.yes("return_im") {
		out["channel"] = s.channelJSON(ch)
	}
	return out, nil
}

func conversationsJoin(s *Server, c *call) (map[string]any, error) {
	ch := s.channels[c.str("channel")]
	switch {
	case ch == nil, ch.Private && !ch.BotIn:
		return nil, failure("channel_not_found")
	case ch.im != "", ch.Private:
		return nil, failure("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, failure("is_archived")
	}
	if ch.BotIn {
		c.warnings = append(c.warnings, "already_in_channel")
	}
	ch.BotIn = true
	return map[string]any{"channel": s.channelJSON(ch)}, nil
}

func (c *channel) memberCount() int {
	n := len(c.Members)
	if c.BotIn && !slices.Contains(c.Members, botUserID) {
		n++
	}
	return n
}

// channelJSON is a channel as the Web API shows it.
func (s *Server) channelJSON(c *channel) map[string]any {
	if c.im != "" {
		return map[string]any{
			"id": c.ID, "created": c.created, "is_im": true, "is_org_shared": false, "user": c.im, "is_archived": false,
			"is_user_deleted": false, "is_open": true, "priority": 0, "context_team_id": teamID, "updated": c.created * 1000,
		}
	}
	note := map[string]any{"value": "", "creator": "", "last_set": 0}
	return map[string]any{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": c.created, "creator": botUserID,
		"updated": c.created * 1000, "is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": false,
		"is_private": c.Private, "is_archived": c.Archived, "is_general": c.Name == "general", "is_member": c.BotIn,
		"is_shared": c.ExtShared, "is_ext_shared": c.ExtShared, "is_org_shared": false, "is_pending_ext_shared": false,
		"unlinked": 0, "pending_shared": []any{}, "pending_connected_team_ids": []any{}, "shared_team_ids": []any{teamID},
		"previous_names": []any{}, "context_team_id": teamID, "topic": note, "purpose": note,
	}
}
