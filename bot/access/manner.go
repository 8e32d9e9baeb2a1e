package access

import (
	"context"

	"slipway/bot/config"
)

// Manner is how somebody is refused a change of an app.
type Manner struct {
	Recorded bool // in the audit trail, and else only in the log
	ByHand   bool // they are given the lines to do it by hand
}

// Manner says how somebody is refused, whether they typed a command or pressed a button.
//
// Who may read about the app is given the lines to do it by hand, also while it cannot be told who may change it: slipway is never the
// only way. Who is known not to read about it never is: a guest, a person of another workspace, who left the channel. While it cannot
// be told whether they may read, they get none, unless the same lines were shown to this person before: those tell them nothing new.
//
// The refusals of all people of our own workspace are in the audit trail, also of guests and of who is not in the channel. Those of
// others, of bots and of nobody knows whom are not: they could make it grow as they like.
func (d *Door) Manner(ctx context.Context, who Who, app config.App, no error, shown bool) Manner {
	rule := RuleOf(no)
	if rule == "" { // which says nothing of the person
		rule = RuleOf(d.Reads(ctx, who, app))
	}
	switch rule {
	case RuleWorkspace, RuleBot:
		return Manner{}
	case RulePersonUnknown:
		return Manner{ByHand: shown}
	case RuleChannelUnknown:
		return Manner{Recorded: true, ByHand: shown}
	case RuleDeactivated, RuleGuest, RuleChannel:
		return Manner{Recorded: true}
	}
	return Manner{Recorded: true, ByHand: true} // they read, as all other rules come after
}
