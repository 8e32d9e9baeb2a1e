package ledger

import "slices"

func (f Listed) join(other Fact) Fact {
	o := other.(Listed)
	app := max(f.App, o.App)
	f.App, o.App = app, app
	f.Names, o.Names = set(f.Names), set(o.Names)
	return greater(f, o, func(f Listed) claim { return claim{read: f.Read} }, asText)
}

func set(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

func (f Reading) join(other Fact) Fact {
	o := other.(Reading)
	return Reading{Scope: f.Scope, What: f.What, Of: f.Of, At: latest(f.At, o.At), Trouble: last(f.Trouble, o.Trouble)}
}

// last is the later one of two troubles.
func last(a, b *Trouble) *Trouble {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	out := greater(*a, *b, func(t Trouble) claim { return claim{at: t.At} }, whole)
	return &out
}

func (f Heard) join(other Fact) Fact {
	f.At = latest(f.At, other.(Heard).At)
	return f
}
