package notices

func (s *scene) changes() []notice { return nil }
