package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/slack"
)

// mostNamed is how many people a refusal names.
const mostNamed = 3

// whoCould says who may do what somebody was refused.
func (q *inquiry) whoCould(ctx context.Context) string {
	circle, err := q.circle()
	able := q.able()
	byHand := say.Code("heroku access -a "+q.app.Name) + " lists all."
	switch {
	case err != nil: // so that of nobody it is known that they can
		return "Ask one who may: " + byHand
	case circle != nil && empty(*circle):
		return q.nobody()
	case circle != nil:
		return "Of those who may, " + q.only().words()
	}
	names := q.named(ctx, able)
	switch {
	case len(names) > 0:
		return series(names, "or") + " can."
	case len(able) > 0:
		return fmt.Sprintf("Ask one who may: it has %s, and %s", say.Count(len(able), "such collaborator", "such collaborators"), byHand)
	}
	return "Ask one who may: " + byHand
}

// able are the addresses of the collaborators who may do this on Heroku, in their order; none if Heroku did not say.
func (q *inquiry) able() []string {
	list, _ := q.collaborating()
	var emails []string
	for _, c := range list {
		if c.May(permission(q.verb)) {
			emails = append(emails, address(c.Email))
		}
	}
	slices.Sort(emails)
	return slices.Compact(emails)
}

// named gives the names of people who can: of those who have the first of these addresses, and of operators.
func (q *inquiry) named(ctx context.Context, emails []string) []string {
	var names, operators []string
	abreast.Do(
		func() { names = q.present(ctx, emails, q.byEmail) },
		func() { operators = q.operators(ctx) },
	)
	for _, name := range operators {
		if len(names) < mostNamed && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// operators gives the names of the first operators.
func (q *inquiry) operators(ctx context.Context) []string {
	var ids []string
	for _, id := range q.Operators {
		ids = append(ids, string(id))
	}
	return q.present(ctx, ids, q.byID)
}

// present gives the names of the full members among the first of some people who are in the app's channel: nobody else
// can do anything here.
func (q *inquiry) present(ctx context.Context, keys []string, find lookup) (names []string) {
	in, err := q.members()
	if err != nil {
		return nil
	}
	for _, u := range known(ctx, first(keys, mostNamed), find) {
		if u.ID != "" && q.outside(u) == "" && in.has(u.ID) {
			names = append(names, shown(u))
		}
	}
	return names
}

func first(keys []string, most int) []string { return keys[:min(len(keys), most)] }

// lookup asks Slack for somebody.
type lookup func(ctx context.Context, key string) (slack.User, error)

// byID and byEmail find somebody to be named, which gives no right: what was found 2 minutes ago will do.
func (q *inquiry) byID(ctx context.Context, id string) (slack.User, error) {
	return q.person(ctx, id, time.Now().Add(-remembered))
}

func (q *inquiry) byEmail(ctx context.Context, email string) (slack.User, error) {
	return q.addresses.ask(email, time.Now().Add(-remembered), func() (slack.User, error) { return q.Slack.UserByEmail(ctx, email) })
}

// known looks people up side by side. Who is not found is the zero User.
func known(ctx context.Context, keys []string, find lookup) []slack.User {
	found := make([]slack.User, len(keys))
	abreast.Each(len(keys), func(i int) {
		if u, err := find(ctx, keys[i]); err == nil {
			found[i] = u
		}
	})
	return found
}

// shown is a person's name, which calls nobody.
func shown(u slack.User) string { return say.Foreign(cmp.Or(u.RealName, u.Name), phrase.NameLimit) }

// series joins the first parts: "a", "a or b", "a, b or c", "a, b, c and 2 more".
func series(parts []string, word string) string {
	if more := len(parts) - mostNamed; more > 0 {
		return strings.Join(parts[:mostNamed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	last := len(parts) - 1
	if last < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:last], ", ") + " " + word + " " + parts[last]
}
