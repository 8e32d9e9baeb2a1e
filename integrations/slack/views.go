package slack

import (
	"context"
	"errors"

	slackgo "github.com/slack-go/slack"
)

// View is a modal that somebody has open. Its hash changes with all that is written into it.
type View struct{ ID, Hash string }

// OpenView opens a modal for whoever did what gave the trigger, which lives 3 s and opens one (views.open; no scope). That it came too
// late is the code expired_trigger_id, that it was used before exchanged_trigger_id.
func (c *Client) OpenView(ctx context.Context, trigger string, v slackgo.ModalViewRequest) (View, error) {
	const method = "views.open"
	ctx, a := watch(ctx)
	r, err := c.api.OpenViewContext(ctx, trigger, Modal(v))
	return opened(method, r, err, a)
}

// UpdateView writes something else into a modal (views.update; no scope). With a hash it does so only while the modal is as it was then,
// which the code hash_conflict denies. A modal that was closed is the code not_found. Fields that keep their block and action ids keep
// what was filled in.
func (c *Client) UpdateView(ctx context.Context, at View, v slackgo.ModalViewRequest) (View, error) {
	const method = "views.update"
	ctx, a := watch(ctx)
	r, err := c.api.UpdateViewContext(ctx, Modal(v), "", at.Hash, at.ID)
	return opened(method, r, err, a)
}

// Modal is a view as it is sent, also in an acknowledgement: nothing in it is a link or a mention but what is marked as one.
func Modal(v slackgo.ModalViewRequest) slackgo.ModalViewRequest {
	v.Type = slackgo.VTModal
	v.Blocks.BlockSet = verbatim(v.Blocks.BlockSet)
	return v
}

func opened(method string, r *slackgo.ViewResponse, err error, a *answer) (View, error) {
	if err == nil && r.ID == "" {
		err = errNoView
	}
	if err != nil {
		return View{}, failure(method, writes, err, a)
	}
	return View{ID: r.ID, Hash: r.Hash}, nil
}

// errNoView is an answer that says neither ok nor why not.
var errNoView = errors.New("the answer names no view")
