package ledger

import (
	"cmp"
	"slices"
	"time"
)

// apart is how far our clock and GitHub's may be apart when a reading and a push disagree.
const apart = 5 * time.Second

// join keeps every telling that may still matter and draws the head from them. Pushes of one second have no order but that
// of what they moved from, and that must not depend on which two were compared first.
func (f Head) join(other Fact) Fact {
	o := other.(Head)
	moves := append(f.moves(), o.moves()...)
	last := slices.MaxFunc(moves, func(a, b Move) int { return a.At.Compare(b.At) }).At
	moves = slices.DeleteFunc(moves, func(m Move) bool { return last.Sub(m.At) > apart })
	slices.SortFunc(moves, Move.compare)
	moves = slices.Compact(moves)
	head := headOf(moves)
	return Head{
		Repo: eitherRepo(f.Repo, o.Repo), Branch: f.Branch, SHA: head.SHA, URL: head.URL, At: head.At,
		Read: latest(f.Read, o.Read), Moves: moves,
	}
}

// moves are a copy of what is known, or what a fact that was told just now tells.
func (f Head) moves() []Move {
	if len(f.Moves) > 0 {
		return slices.Clone(f.Moves)
	}
	// A zone or a reading of the running clock would make two times differ that are the same.
	return []Move{{Before: f.Before, SHA: f.SHA, URL: f.URL, At: f.At.Round(0).UTC(), Read: !f.Read.IsZero()}}
}

func (m Move) compare(o Move) int {
	return cmp.Or(m.At.Compare(o.At), cmp.Compare(yes(m.Read), yes(o.Read)),
		cmp.Compare(m.SHA, o.SHA), cmp.Compare(m.Before, o.Before), cmp.Compare(m.URL, o.URL))
}

// headOf gives where the branch points to: what was read last, unless a push came later. A push of the same second, or
// one shortly before that moved away from what was read, came later.
func headOf(moves []Move) Move {
	var read, pushed *Move
	var second []Move // the pushes of the last second that has any
	for _, m := range moves {
		switch {
		case m.Read:
			read = &m
		case pushed == nil || pushed.At.Before(m.At):
			pushed, second = &m, []Move{m}
		default:
			second = append(second, m)
		}
	}
	switch {
	case pushed == nil:
		return *read
	case read == nil, read.At.Truncate(time.Second).Before(pushed.At):
		return end(second)
	}
	left := func(m Move) bool { return !m.Read && m.Before == read.SHA }
	if last := end(second); last.SHA != read.SHA && slices.ContainsFunc(moves, left) {
		return last
	}
	return *read
}

// end is the push that no other one of the same second moved on from.
func end(second []Move) Move {
	for _, m := range slices.Backward(second) {
		if !slices.ContainsFunc(second, func(o Move) bool { return o.Before == m.SHA && o != m }) {
			return m
		}
	}
	return second[len(second)-1] // they go in a circle; the next reading tells
}
