package slacksim

import "net/http"

// method is one method of the Web API.
type method struct {
	run    func(*Server, *call) (map[string]any, error)
	scopes []string // any of them lets the call in; the method itself may ask for a certain one
	tier   int      // calls a minute
	app    bool     // takes the app-level token, in the header only
}

// Tiers of rate limits, in calls a minute (facts/slack.md, "Rate limits").
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
	tier5 = 600 // "special": several hundred
)

// methods are all that is simulated; everything else is answered 501.
var methods = map[string]method{
	"apps.connections.open": {run: connectionsOpen, scopes: []string{"connections:write"}, tier: tier3, app: true},
	"auth.test":             {run: authTest, tier: tier5},

	"chat.postMessage":   {run: postMessage, scopes: []string{"chat:write"}, tier: 0}, // limited per channel instead
	"chat.postEphemeral": {run: postEphemeral, scopes: []string{"chat:write"}, tier: tier4},
	"chat.update":        {run: updateMessage, scopes: []string{"chat:write"}, tier: tier3},
	"chat.delete":        {run: deleteMessage, scopes: []string{"chat:write"}, tier: tier3},
	"chat.getPermalink":  {run: getPermalink, tier: tier5},

	"conversations.info":    {run: conversationsInfo, scopes: readScopes, tier: tier3},
	"conversations.list":    {run: conversationsList, scopes: readScopes, tier: tier2},
	"conversations.members": {run: conversationsMembers, scopes: readScopes, tier: tier4},
	"conversations.history": {run: conversationsHistory, scopes: historyScopes, tier: tier3},
	"conversations.replies": {run: conversationsReplies, scopes: historyScopes, tier: tier3},
	"conversations.open":    {run: conversationsOpen, scopes: []string{"im:write"}, tier: tier3},
	"conversations.join":    {run: conversationsJoin, scopes: []string{"channels:join"}, tier: tier3},

	"users.info":            {run: usersInfo, scopes: []string{"users:read"}, tier: tier4},
	"users.list":            {run: usersList, scopes: []string{"users:read"}, tier: tier2},
	"users.lookupByEmail":   {run: usersLookupByEmail, scopes: []string{"users:read.email"}, tier: tier3},
	"usergroups.list":       {run: usergroupsList, scopes: []string{"usergroups:read"}, tier: tier2},
	"usergroups.users.list": {run: usergroupsUsersList, scopes: []string{"usergroups:read"}, tier: tier2},

	"views.open":    {run: viewsOpen, tier: tier4},
	"views.push":    {run: viewsPush, tier: tier4},
	"views.update":  {run: viewsUpdate, tier: tier4},
	"views.publish": {run: viewsPublish, tier: tier4},
}

var (
	readScopes    = []string{"channels:read", "groups:read", "im:read"}
	historyScopes = []string{"channels:history", "groups:history", "im:history"}
)

// allScopes are granted when Options.Scopes is nil.
var allScopes = []string{
	"app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public", "commands",
	"files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "reactions:write", "usergroups:read",
	"users:read", "users:read.email",
}

// call is one call of a method.
type call struct {
	args
	method   string
	warnings []string
}

// serveMethod answers a call of the Web API.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	a, bad := readArgs(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	m, known := methods[name]
	if !known {
		s.fault("%s %s: not simulated", r.Method, r.URL.Path)
		writeJSON(w, http.StatusNotImplemented, map[string]any{"ok": false, "error": "unknown_method", "req_method": name})
		return
	}
	if name == "apps.connections.open" {
		s.noteOpen()
	}
	c := &call{args: a, method: name}
	if a.warning != "" {
		c.warnings = append(c.warnings, a.warning)
	}
	if bad != "" {
		s.answer(w, m, c, nil, failure(bad))
		return
	}
	if err := s.admits(r, m, c); err != nil {
		s.answer(w, m, c, nil, err)
		return
	}
	if wait := s.limit(m, c); wait > 0 {
		refuse(w, wait)
		return
	}
	out, err := m.run(s, c)
	s.answer(w, m, c, out, err)
}

// serveUnknown answers whatever is not part of the simulated Slack.
func (s *Server) serveUnknown(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.fault("%s %s: not simulated", r.Method, r.URL.Path)
	s.mu.Unlock()
	writeJSON(w, http.StatusNotImplemented, map[string]any{"ok": false, "error": "not_simulated"})
}
