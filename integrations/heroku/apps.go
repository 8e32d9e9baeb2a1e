package heroku

import (
	"context"
	"encoding/json"
	"time"
)

// App is an app as a whole.
type App struct {
	ID          string
	Name        string
	Stack       string // "heroku-24"; "cnb" on Fir
	Generation  string // "cedar" or "fir"; "" when the API does not say
	Owner       string // email; of an app that belongs to a team, the team's address
	WebURL      string // "" when there is none
	Maintenance bool
	ReleasedAt  time.Time // zero before the first release
}

// App reads one app by its name or id. It asks for 3.sdk, because only that has the generation.
func (c *Client) App(ctx context.Context, app string) (App, error) {
	op := "app " + app
	var a appAnswer
	if err := c.get(ctx, op, call{accept: v3sdk}, path("apps", app), &a); err != nil {
		return App{}, err
	}
	return a.ours(), need(op, a.ID)
}

// appAnswer is the API's app, in 3.sdk.
type appAnswer struct {
	ID, Name    string
	Stack       struct{ Name string }
	Generation  generation
	Owner       struct{ Email string }
	WebURL      string `json:"web_url"`
	Maintenance bool
	ReleasedAt  time.Time `json:"released_at"`
}

func (a appAnswer) ours() App {
	return App{
		ID: a.ID, Name: a.Name, Stack: a.Stack.Name, Generation: string(a.Generation), Owner: a.Owner.Email,
		WebURL: a.WebURL, Maintenance: a.Maintenance, ReleasedAt: a.ReleasedAt,
	}
}

// generation is a string in Heroku's schema and an object with a name in some of its answers; its CLI takes both.
type generation string

func (g *generation) UnmarshalJSON(b []byte) error {
	var named struct{ Name string }
	if json.Unmarshal(b, &named) == nil {
		*g = generation(named.Name)
		return nil
	}
	return json.Unmarshal(b, (*string)(g))
}
