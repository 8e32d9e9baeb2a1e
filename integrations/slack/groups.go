package slack

import "context"

// Group is a user group of the workspace.
type Group struct {
	ID     string
	Handle string // without "@"
}

// Groups lists the user groups of the workspace (usergroups.list; usergroups:read), without those that are switched off and
// those that another workspace has in a channel that it shares: anybody may give theirs any name.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	const method = "usergroups.list"
	ctx, a := watch(ctx)
	all, err := c.api.GetUserGroupsContext(ctx)
	if err != nil {
		return nil, failure(method, reads, err, a)
	}
	var list []Group
	for _, g := range all {
		if !g.IsExternal && g.DateDelete == 0 {
			list = append(list, Group{ID: g.ID, Handle: g.Handle})
		}
	}
	return list, nil
}

// GroupMembers lists the ids of the people in a user group (usergroups.users.list; usergroups:read). One that is switched off
// has none.
func (c *Client) GroupMembers(ctx context.Context, group string) ([]string, error) {
	const method = "usergroups.users.list"
	ctx, a := watch(ctx)
	list, err := c.api.GetUserGroupMembersContext(ctx, group)
	if err != nil {
		return nil, failure(method, reads, err, a)
	}
	return list, nil
}
