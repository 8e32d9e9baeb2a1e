package herokusim

import "time"

// The views are the API's objects, field for field as version 3 of its schema has them; those ending in SDK add what
// version 3.sdk has beyond that.

type identity struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type idOnly struct {
	ID string `json:"id"`
}

type userView struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

// stamp writes a time as the Platform API does: RFC 3339, whole seconds, UTC.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (a *account) view() userView { return userView{ID: a.id, Email: a.email} }

func (a *App) identity() identity { return identity{ID: a.id, Name: a.name} }

func stackIdentity(name string) identity { return identity{ID: uuid("stack", name), Name: name} }
