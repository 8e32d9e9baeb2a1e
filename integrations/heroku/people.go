package heroku

import (
	"context"
	"net/url"
	"slices"
	"strings"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Collaborator is somebody who has access to an app.
type Collaborator struct {
	Email       string
	Role        string   // "owner", "collaborator", "member", "admin"; "" when the API does not say
	Permissions []string // of a team's app: "view", "deploy", "operate", "manage"
}

// What a permission on an app of a team allows, as far as it matters here
// (devcenter.heroku.com/articles/app-privileges-in-heroku-organizations and …/app-permissions).
const (
	MayDeploy  = "deploy"  // push code, roll back releases, change config vars, run one-off dynos
	MayOperate = "operate" // restart, scale, turn maintenance mode on and off, change add-ons
)

// May tells whether a collaborator has a permission. Permissions are given one by one, so that none of them holds another:
// manage alone deploys nothing. An owner has all of them, and so has an admin of the team ("by default all four"). Who has
// none by name is on an app without permissions, such as a personal one: there, whoever has access may do everything but
// what is the owner's. On an app with permissions everybody has view at least.
func (c Collaborator) May(permission string) bool {
	return c.Role == "owner" || c.Role == "admin" || len(c.Permissions) == 0 || slices.Contains(c.Permissions, permission)
}

// Person tells whether it is somebody who can sign in. An app of a team has an owner who is none: the team itself, with an
// address at herokumanager.com (Heroku's CLI leaves it out of its list likewise).
func (c Collaborator) Person() bool { return !strings.HasSuffix(c.Email, "@herokumanager.com") }

// Account is whom the token belongs to.
type Account struct {
	ID    string
	Email string
}

// Collaborators reads who has access to an app.
func (c *Client) Collaborators(ctx context.Context, app string) ([]Collaborator, error) {
	list := reading{op: "collaborators of " + app, accept: v3}
	found, err := pages(ctx, c, list, func(ctx context.Context, r *herokugo.ListRange) ([]herokugo.Collaborator, error) {
		return c.service.CollaboratorList(ctx, url.PathEscape(app), r)
	})
	if err != nil {
		return nil, err
	}
	people := make([]Collaborator, len(found))
	for i, p := range found {
		people[i] = Collaborator{Email: p.User.Email, Role: value(p.Role)}
		for _, may := range p.Permissions {
			people[i].Permissions = append(people[i].Permissions, may.Name)
		}
	}
	return people, nil
}

// Account reads whom the token belongs to.
func (c *Client) Account(ctx context.Context) (Account, error) {
	const op = "account"
	var a *herokugo.Account
	err := c.do(ctx, op, &call{accept: v3}, func(ctx context.Context) (err error) {
		a, err = c.service.AccountInfo(ctx)
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return Account{ID: a.ID, Email: a.Email}, need(op, a.ID)
}
