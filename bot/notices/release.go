package notices

func (s *scene) releases() []notice { return nil }
