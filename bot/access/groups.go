package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// handlesRemembered is how long it is believed which group a handle is. Slack lets its groups be listed 20 times a minute
// (facts/slack.md, “Rate limits”).
const handlesRemembered = 10 * time.Minute

// isInGroup tells whether who asks is in one of the groups. When that is so of none, but of one it cannot be told, it refuses.
func (q *inquiry) isInGroup(ctx context.Context, handles []string) (in bool, no *Refused) {
	if len(handles) == 0 {
		return false, nil
	}
	list, err := q.groupList(ctx, handles)
	if err != nil {
		return false, q.unreadable(handles[0], again(err)).because(err)
	}
	are, unread := make([]bool, len(handles)), make([]*Refused, len(handles))
	abreast.Each(len(handles), func(i int) { are[i], unread[i] = q.isOf(ctx, list, handles[i]) })
	if slices.Contains(are, true) {
		return true, nil
	}
	for _, no := range unread {
		if no != nil {
			return false, no
		}
	}
	return false, nil
}

// isOf tells whether who asks is in a group.
func (q *inquiry) isOf(ctx context.Context, list []slack.Group, handle string) (in bool, no *Refused) {
	i := slices.IndexFunc(list, is(handle))
	if i < 0 {
		return false, q.unreadable(handle, "There is no such group: ask whoever may merge to set `.slipway.yml` right.")
	}
	members, err := q.groups.ask(list[i].ID, q.since, func() (set, error) {
		ids, err := q.Slack.GroupMembers(ctx, list[i].ID)
		return setOf(ids), err
	})
	if err != nil {
		q.handles.drop(everyHandle) // the group may be gone
		return false, q.unreadable(handle, again(err)).because(err)
	}
	return members.has(q.who.User), nil
}

func (q *inquiry) unreadable(handle, how string) *Refused {
	return refuse(RuleGroupUnknown, fmt.Sprintf("`.slipway.yml` lets only certain people %s *%s*, and I cannot tell who is in %s. %s",
		deed(q.verb), q.app.Name, say.Code("@"+handle), how))
}

// everyHandle is the key of the one list of groups.
const everyHandle = ""

// groupList gives the groups of the workspace. A list of some minutes ago will do if all handles are in it.
func (q *inquiry) groupList(ctx context.Context, handles []string) ([]slack.Group, error) {
	if list, ok := q.handles.recall(everyHandle, time.Now().Add(-handlesRemembered)); ok && hasAll(list, handles) {
		return list, nil
	}
	return q.handles.ask(everyHandle, q.since, func() ([]slack.Group, error) { return q.Slack.Groups(ctx) })
}

func hasAll(list []slack.Group, handles []string) bool {
	return !slices.ContainsFunc(handles, func(handle string) bool { return !slices.ContainsFunc(list, is(handle)) })
}

// is matches the group of a handle. The settings spell it in lower case.
func is(handle string) func(slack.Group) bool {
	return func(g slack.Group) bool { return strings.ToLower(g.Handle) == handle }
}
