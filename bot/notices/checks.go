package notices

func (s *scene) checks() []notice { return nil }
