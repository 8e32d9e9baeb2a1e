package slacksim

import (
	"slices"
	"strings"
	"time"
)

func usersInfo(s *Server, c *call) (map[string]any, error) {
	u := s.users[c.str("user")]
	if u == nil {
		return nil, failure("user_not_found")
	}
	return map[string]any{"user": s.userJSON(u)}, nil
}

func usersList(s *Server, c *call) (map[string]any, error) {
	limit, err := c.num("limit", 200)
	if err != nil {
		return nil, err
	}
	if limit < 1 || limit > 1000 {
		return nil, failure("invalid_limit")
	}
	page, next, err := paged(sortedKeys(s.users), c.str("cursor"), limit)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, id := range page {
		list = append(list, s.userJSON(s.users[id]))
	}
	return map[string]any{
		"members": list, "cache_ts": time.Now().Unix(), "response_metadata": map[string]any{"next_cursor": next},
	}, nil
}

// usersLookupByEmail needs users:read.email as its own scope and users:read for the person.
func usersLookupByEmail(s *Server, c *call) (map[string]any, error) {
	if err := s.need("users:read"); err != nil {
		return nil, err
	}
	email := strings.ToLower(c.str("email"))
	for _, id := range sortedKeys(s.users) {
		u := s.users[id]
		if email != "" && strings.ToLower(u.Email) == email && !u.Stranger && !u.Deleted {
			return map[string]any{"user": s.userJSON(u)}, nil
		}
	}
	return nil, failure("users_not_found")
}

func usergroupsList(s *Server, c *call) (map[string]any, error) {
	list := []any{}
	for _, id := range sortedKeys(s.groups) {
		g := s.groups[id]
		out := map[string]any{
			"id": g.ID, "team_id": teamID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "handle": g.Handle,
			"description": "", "is_external": false, "date_delete": 0, "user_count": len(g.Members),
		}
		if c.yes("include_users") {
			out["users"] = slices.Clone(g.Members)
		}
		list = append(list, out)
	}
	return map[string]any{"usergroups": list}, nil
}

func usergroupsUsersList(s *Server, c *call) (map[string]any, error) {
	g := s.groups[c.str("usergroup")]
	if g == nil {
		return nil, failure("no_such_subteam")
	}
	return map[string]any{"users": append([]string{}, g.Members...)}, nil
}

// userJSON is a person as the Web API shows one. The e-mail takes a scope of its own, and people of other
// workspaces never show theirs.
func (s *Server) userJSON(u *User) map[string]any {
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := map[string]any{
		"title": "", "phone": "", "skype": "", "real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.Name, "display_name_normalized": u.Name, "status_text": "", "status_emoji": "",
		"status_expiration": 0, "avatar_hash": "g" + strings.ToLower(u.ID), "team": u.TeamID,
		"first_name": first, "last_name": last,
	}
	if s.granted("users:read.email") && !u.Stranger && !u.Bot && u.Email != "" {
		profile["email"] = u.Email
	}
	if u.ID == botUserID {
		profile["api_app_id"], profile["bot_id"], profile["always_active"] = appID, botID, true
	}
	out := map[string]any{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.Deleted, "real_name": u.RealName, "color": "9f69e7",
		"profile": profile, "is_bot": u.Bot, "is_app_user": false, "updated": 1700000000, "is_stranger": u.Stranger,
	}
	if u.Deleted {
		return out
	}
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	label, offset := time.Now().In(zone).Zone()
	out["tz"], out["tz_label"], out["tz_offset"] = u.TZ, label, offset
	out["is_admin"], out["is_owner"], out["is_primary_owner"] = false, false, false
	out["is_restricted"], out["is_ultra_restricted"] = u.Guest, false
	out["is_email_confirmed"], out["who_can_share_contact_card"] = !u.Bot, "EVERYONE"
	return out
}
