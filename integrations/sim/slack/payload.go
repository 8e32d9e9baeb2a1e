package slacksim

import (
	"encoding/json"
	"fmt"
)

// commandPayload is the payload of slash_commands. Its team_id is the person's own, so that one of another workspace
// is known as such.
func (s *Server) commandPayload(u *User, c *channel, command, text string, h *hook) map[string]any {
	out := map[string]any{
		"token": verificationToken, "team_id": u.TeamID, "team_domain": domainOf(u), "channel_id": c.ID, "channel_name": channelName(c),
		"user_id": u.ID, "user_name": u.Name, "command": command, "text": s.withNames(text), "api_app_id": appID,
		"response_url": s.hookURL(h), "trigger_id": s.newTrigger(u.ID),
	}
	switch s.opts.InstallFlag {
	case InstallString:
		out["is_enterprise_install"] = "false"
	case InstallBool:
		out["is_enterprise_install"] = false
	}
	return out
}

// channelName is what payloads call a channel.
func channelName(c *channel) string {
	switch {
	case c.im != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

func domainOf(u *User) string {
	if u.TeamID != teamID {
		return "elsewhere"
	}
	return teamDomain
}

// interaction is what all payloads of persons' actions share.
func (s *Server) interaction(typ string, u *User) map[string]any {
	return map[string]any{
		"type": typ, "token": verificationToken, "api_app_id": appID,
		"user":       map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
		"team":       map[string]any{"id": teamID, "domain": teamDomain},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// actionPayload is a block_actions payload.
func (s *Server) actionPayload(sc *scene, e element, action map[string]any) map[string]any {
	out := s.interaction("block_actions", sc.user)
	out["trigger_id"] = s.newTrigger(sc.user.ID)
	out["actions"] = []any{action}
	s.setPlace(out, sc, e)
	if sc.view == nil {
		out["response_url"] = s.hookURL(s.newHook("actions", sc.user, sc.channel, sc.message))
	}
	return out
}

// suggestionPayload is a block_suggestion payload.
func (s *Server) suggestionPayload(sc *scene, e element, typed string) map[string]any {
	out := s.interaction("block_suggestion", sc.user)
	out["action_id"], out["block_id"], out["value"] = e.action, e.block, typed
	s.setPlace(out, sc, e)
	return out
}

// setPlace says where an element stands.
func (s *Server) setPlace(out map[string]any, sc *scene, e element) {
	if sc.view != nil {
		out["container"] = map[string]any{"type": "view", "view_id": sc.view.ID}
		out["view"] = sc.view.json()
		return
	}
	m := sc.message
	container := map[string]any{
		"type": "message", "message_ts": m.TS, "channel_id": sc.channel.ID, "is_ephemeral": m.To != "",
	}
	if e.attachment > 0 {
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", e.attachment, false
	}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	out["container"] = container
	out["channel"] = map[string]any{"id": sc.channel.ID, "name": channelName(sc.channel)}
	out["message"] = s.messageJSON(m, true)
	out["state"] = map[string]any{"values": s.stateOf(sc)}
}

func (s *Server) submissionPayload(sc *scene) map[string]any {
	out := s.interaction("view_submission", sc.user)
	out["trigger_id"] = s.newTrigger(sc.user.ID)
	out["view"] = sc.view.json()
	out["response_urls"] = []any{}
	return out
}

func (s *Server) closedPayload(sc *scene, cleared bool) map[string]any {
	out := s.interaction("view_closed", sc.user)
	out["view"] = sc.view.json()
	out["is_cleared"] = cleared
	return out
}

func (s *Server) globalShortcut(u *User, callbackID string) map[string]any {
	out := s.interaction("shortcut", u)
	out["callback_id"], out["trigger_id"], out["action_ts"] = callbackID, s.newTrigger(u.ID), s.ids.ts()
	return out
}

func (s *Server) messageShortcut(sc *scene, callbackID string) map[string]any {
	out := s.interaction("message_action", sc.user)
	delete(out, "api_app_id") // Slack's sample has neither this nor the username
	out["user"] = map[string]any{"id": sc.user.ID, "name": sc.user.Name, "team_id": sc.user.TeamID}
	out["callback_id"], out["trigger_id"], out["action_ts"] = callbackID, s.newTrigger(sc.user.ID), s.ids.ts()
	out["message_ts"], out["message"] = sc.message.TS, s.messageJSON(sc.message, true)
	out["channel"] = map[string]any{"id": sc.channel.ID, "name": channelName(sc.channel)}
	out["response_url"] = s.hookURL(s.newHook("actions", sc.user, sc.channel, sc.message))
	return out
}

// reach is what follows when a person's action reached the app, or did not.
type reach struct {
	acked  func(reply []byte)
	failed func(code string)
}

// deliver sends what a person did. It is never sent again.
func (s *Server) deliver(d *Delivery, h header, payload map[string]any, r reach) {
	s.send(d, h, payload, func(reply json.RawMessage) { r.acked(reply) }, func(code string) {
		d.end(code)
		r.failed(code)
	})
}

// failedFor tells a person that something did not come through.
func (s *Server) failedFor(u *User, channel, what string) func(string) {
	return func(code string) {
		s.tell(u.ID, channel, code, fmt.Sprintf("%s did not answer: %s", what, code))
	}
}
