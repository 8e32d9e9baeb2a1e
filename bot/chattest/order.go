package chattest

import (
	"cmp"
	"slices"
	"strings"

	slacksim "slipway/integrations/sim/slack"
)

// inOrder sorts what happened so that the order of what happened at one instant does not depend on who came first: the bot
// writes several messages at once. New messages come before edits, those of the channel before replies, and of the same kind
// those of a place stand together, by their numbers or, as long as they have none, by their words. Edits come last, whenever they
// were made.
func (t *transcript) inOrder(entries []slacksim.Entry) {
	slices.SortStableFunc(entries, func(a, b slacksim.Entry) int {
		if by := cmp.Or(edit(a)-edit(b), (1-edit(a))*a.At.Compare(b.At), calls(a)-calls(b), rank(a)-rank(b)); by != 0 || rank(a) == rankOther {
			return by
		}
		return cmp.Or(
			cmp.Compare(a.Channel, b.Channel),
			t.numbered(a.Channel, a.TS)-t.numbered(b.Channel, b.TS),
			cmp.Compare(t.words(a), t.words(b)),
		)
	})
}

// edit is 1 for the edit of a message, else 0.
func edit(e slacksim.Entry) int {
	if e.Kind == slacksim.Updated {
		return 1
	}
	return 0
}

// rankOther is that of what is not reordered: what only one person sees, one thing after the other.
const rankOther = 0

func rank(e slacksim.Entry) int {
	switch {
	case e.Kind == slacksim.Posted && !inThread(e):
		return 1
	case e.Kind == slacksim.Posted:
		return 2
	case e.Kind == slacksim.Updated:
		return 3
	case e.Kind == slacksim.Deleted:
		return 4
	}
	return rankOther
}

func (t *transcript) words(e slacksim.Entry) string { return strings.Join(t.body(e.Message), "\n") }

// byNumber sorts messages of a place as Slack has them, but those that were posted at one instant by their numbers.
func (t *transcript) byNumber(list []slacksim.Message) {
	slices.SortStableFunc(list, func(a, b slacksim.Message) int {
		m, n := t.numbered(a.Channel, a.TS), t.numbered(b.Channel, b.TS)
		if m > 0 && n > 0 && t.posts[m-1].at.Equal(t.posts[n-1].at) {
			return m - n
		}
		return cmp.Compare(a.TS, b.TS)
	})
}
