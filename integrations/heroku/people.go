package heroku

import (
	"context"
	"net/url"

	herokugo "github.com/heroku/heroku-go/v5"
)

// Collaborator is somebody who has access to an app.
type Collaborator struct {
	Email       string
	Role        string   // "owner", "collaborator", "member", "admin"; "" when the API does not say
	Permissions []string // of a team's app: "view", "deploy", "operate", "manage"
}

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
