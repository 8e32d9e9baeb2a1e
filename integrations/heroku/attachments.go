package heroku

import (
	"context"
	"net/http"
	"strings"
)

// Attachment is an add-on as an app knows it, by a name of the app's own.
type Attachment struct {
	ID         string
	Name       string // DATABASE
	Namespace  string // a credential of the add-on; "" is the default one
	App        string
	ConfigVars []string // DATABASE_URL; their names only
	Addon      Addon
}

// Addon is what is attached. It may belong to, and be billed to, another app than the attachment's.
type Addon struct {
	ID    string
	Name  string // postgresql-flat-1
	AppID string
	App   string
	Plan  string // heroku-postgresql:standard-0
}

// ResolveAttachment finds what an attachment's name, a config var's name such as DATABASE_URL, or an add-on's name stands
// for in an app. There may be several: then the name alone does not tell. NotFound: there is none.
func (c *Client) ResolveAttachment(ctx context.Context, app, name string) ([]Attachment, error) {
	op := "attachment " + name + " of " + app
	var found []attachment
	// It is a POST that changes nothing. Plans and config vars come only when asked for.
	cl := call{accept: v3sdk, more: "addon:plan,config_vars", safe: true}
	err := c.do(ctx, op, &cl, func(ctx context.Context) error {
		body := map[string]string{"addon_attachment": name, "app": app}
		return c.service.Do(ctx, &found, http.MethodPost, "/actions/addon-attachments/resolve", body, nil, nil)
	})
	if err != nil {
		return nil, err
	}
	out := make([]Attachment, len(found))
	for i, a := range found {
		if err := need(op, a.ID); err != nil {
			return nil, err
		}
		out[i] = a.ours()
	}
	return out, nil
}

// attachment is the API's, with what Accept-Inclusion adds; heroku-go's lacks that.
type attachment struct {
	ID, Name   string
	Namespace  *string
	App        struct{ ID, Name string }
	ConfigVars []string `json:"config_vars"`
	Addon      struct {
		ID, Name string
		App      struct{ ID, Name string }
		Plan     struct{ Name string }
	}
}

func (a attachment) ours() Attachment {
	return Attachment{
		ID: a.ID, Name: a.Name, Namespace: value(a.Namespace), App: a.App.Name, ConfigVars: a.ConfigVars,
		Addon: Addon{ID: a.Addon.ID, Name: a.Addon.Name, AppID: a.Addon.App.ID, App: a.Addon.App.Name, Plan: a.Addon.Plan.Name},
	}
}

// Database is the add-on behind an app's DATABASE_URL. NotFound: there is none, or it is no Heroku Postgres. Invalid: several could be
// meant.
func (c *Client) Database(ctx context.Context, app string) (Addon, error) {
	list, err := c.ResolveAttachment(ctx, app, "DATABASE_URL")
	if err != nil {
		return Addon{}, err
	}
	var found []Addon
	for _, a := range list {
		if service, _, _ := strings.Cut(a.Addon.Plan, ":"); service == "heroku-postgresql" && a.Namespace == "" {
			found = append(found, a.Addon)
		}
	}
	op := "database of " + app
	switch len(found) {
	case 0:
		return Addon{}, &Error{Op: op, Kind: NotFound, Message: "DATABASE_URL is not from Heroku Postgres"}
	case 1:
		return found[0], nil
	}
	return Addon{}, &Error{Op: op, Kind: Invalid, Message: "DATABASE_URL stands for several databases"}
}
