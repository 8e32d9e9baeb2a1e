package access

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"slipway/bot/abreast"
	"slipway/bot/config/settings"
	"slipway/bot/say"
	"slipway/bot/store"
)

// isInCircle refuses whoever is not among those to whom .slipway.yml narrows the verb. It only narrows: to be among them gives
// no right.
func (q *inquiry) isInCircle(ctx context.Context) *Refused {
	circle, err := q.circle()
	var no *Refused
	switch {
	case errors.As(err, &no):
		return no
	case err != nil:
		return q.forgetful(RuleSettingsUnknown, "whom `.slipway.yml` lets", err)
	case circle == nil, slices.Contains(circle.Users, q.who.User):
		return nil
	case empty(*circle):
		return refuse(RuleNobody, q.nobody())
	}
	var in bool
	var only privileged
	abreast.Do(
		func() { in, no = q.isInGroup(ctx, circle.Groups) },
		func() { only = q.only() }, // meanwhile, as a refusal should not take one more call
	)
	if in || no != nil {
		return no
	}
	return q.refuse(RuleCircle, func(v voice) string { return v.pick(only.words(), only.lets+", not "+v.name()+".") })
}

func empty(c settings.Circle) bool { return len(c.Users)+len(c.Groups) == 0 }

// nobody says that .slipway.yml lets nobody.
func (q *inquiry) nobody() string {
	return fmt.Sprintf("`.slipway.yml` lets nobody %s *%s* from Slack. It goes by hand, or once the file is changed on the default branch.", deed(q.verb), q.app.Name)
}

// privileged are the people whom .slipway.yml lets, in words.
type privileged struct {
	lets string // whom it lets do what, without a full stop
	ask  string // who is to be asked
}

func (p privileged) words() string { return p.lets + ". " + p.ask }

// findOnly says whom .slipway.yml lets, the groups first.
func (q *inquiry) findOnly(ctx context.Context, circle settings.Circle) privileged {
	var parts []string
	for _, handle := range circle.Groups {
		parts = append(parts, say.Code("@"+handle))
	}
	room := max(0, mostNamed-len(circle.Groups))
	people := known(ctx, first(circle.Users, room), q.byID)
	for i, id := range circle.Users {
		part := say.Code(id)
		if i < len(people) && people[i].ID != "" {
			part = shown(people[i])
		}
		parts = append(parts, part)
	}
	only := privileged{fmt.Sprintf("`.slipway.yml` lets only %s %s *%s*", series(parts, "and"), deed(q.verb), q.app.Name), "Ask one of them."}
	if len(parts) == 1 && len(circle.Users) == 1 {
		only.ask = "Ask them."
	}
	return only
}

// findCircle gives the people to whom the settings narrow the verb; nil: they do not.
//
// A file that is faulty changes nothing: the last good one stays in force. But before the file was read for the first time
// nobody knows whom it lets.
func (q *inquiry) findCircle(ctx context.Context) (*settings.Circle, error) {
	is, read, err := q.settings(ctx)
	if err == nil && !read && firstLook(ctx, q.Policy.Looked(q.app)) {
		is, read, err = q.settings(ctx)
	}
	switch circle, narrowed := is.Access[q.verb]; {
	case err != nil:
		return nil, err
	case !read:
		return nil, refuse(RuleSettingsUnknown, fmt.Sprintf("I have not read `.slipway.yml` of *%s* yet, so I cannot tell whom it lets, and %s. Try again in a minute.",
			q.app.Name, q.nothing()))
	case narrowed:
		return &circle, nil
	}
	return nil, nil
}

// settings gives those in force, and whether the file was ever read.
func (q *inquiry) settings(ctx context.Context) (is settings.App, read bool, err error) {
	err = q.Store.Do(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if read, err = q.Policy.Read(ctx, tx, q.app); err != nil {
			return err
		}
		is, _, err = q.Policy.In(ctx, tx, q.app)
		return err
	})
	return is, read, err
}
