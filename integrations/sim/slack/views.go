package slacksim

// viewArg reads the view of a views.* method.
func (s *Server) viewArg(c *call, typ string) (*view, error) {
	raw, given := c.raw("view")
	if !given {
		return nil, failure("invalid_arguments", "[ERROR] missing required field: view")
	}
	v, err := s.readView(raw, typ)
	if err != nil {
		return nil, s.unfit(c, err)
	}
	s.contents = append(s.contents, Content{View: true, JSON: encode(decode(raw))})
	return v, nil
}

func viewsOpen(s *Server, c *call) (map[string]any, error) {
	t, err := s.checkTrigger(c.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	v, err := s.freshView(c)
	if err != nil {
		return nil, err
	}
	t.used = true
	s.open(t.user, v)
	return map[string]any{"view": v.json()}, nil
}

func viewsPush(s *Server, c *call) (map[string]any, error) {
	t, err := s.checkTrigger(c.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	switch n := len(s.stacks[t.user]); {
	case n == 0:
		return nil, failure("not_found")
	case n >= maxStack:
		return nil, failure("push_limit_reached")
	}
	v, err := s.freshView(c)
	if err != nil {
		return nil, err
	}
	t.used = true
	s.push(t.user, v)
	return map[string]any{"view": v.json()}, nil
}

// freshView reads a modal whose external_id nobody else has.
func (s *Server) freshView(c *call) (*view, error) {
	v, err := s.viewArg(c, "modal")
	if err != nil {
		return nil, err
	}
	if v.ExternalID != "" && s.byExternalID(v.ExternalID) != nil {
		return nil, failure("duplicate_external_id")
	}
	return v, nil
}

func (s *Server) byExternalID(id string) *view {
	for _, known := range sortedKeys(s.views) {
		if v := s.views[known]; v.ExternalID == id {
			return v
		}
	}
	return nil
}

func viewsUpdate(s *Server, c *call) (map[string]any, error) {
	v := s.views[c.str("view_id")]
	if id := c.str("external_id"); v == nil && id != "" {
		v = s.byExternalID(id)
	}
	if v == nil || v.Type != "modal" {
		return nil, failure("not_found")
	}
	if hash := c.str("hash"); hash != "" && hash != v.Hash {
		return nil, failure("hash_conflict")
	}
	in, err := s.viewArg(c, "modal")
	if err != nil {
		return nil, err
	}
	s.replace(v, in)
	return map[string]any{"view": v.json()}, nil
}

func viewsPublish(s *Server, c *call) (map[string]any, error) {
	u := s.users[c.str("user_id")]
	if u == nil || u.Bot {
		return nil, failure("invalid_arguments", "[ERROR] user_id is not a person of this workspace [json-pointer:/user_id]")
	}
	old := s.homes[u.ID]
	if hash := c.str("hash"); hash != "" && (old == nil || hash != old.Hash) {
		return nil, failure("hash_conflict")
	}
	v, err := s.viewArg(c, "home")
	if err != nil {
		return nil, err
	}
	if old != nil {
		s.replace(old, v)
		return map[string]any{"view": old.json()}, nil
	}
	s.admit(u.ID, v)
	s.homes[u.ID] = v
	s.noteView(Home, v)
	return map[string]any{"view": v.json()}, nil
}
