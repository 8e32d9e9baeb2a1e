package herokusim

import (
	"encoding/json"
	"strings"
	"time"
)

type formationView struct {
	App       identity `json:"app"`
	Command   string   `json:"command"`
	CreatedAt string   `json:"created_at"`
	ID        string   `json:"id"`
	Quantity  int      `json:"quantity"` // "must be a NUMBER in replies"
	Size      string   `json:"size"`
	Type      string   `json:"type"`
	UpdatedAt string   `json:"updated_at"`
}

type formationViewSDK struct {
	formationView
	DynoSize identity `json:"dyno_size"`
}

func (a *App) formationView(p Process, updated time.Time) formationView {
	return formationView{
		App: a.identity(), Command: p.Command, CreatedAt: stamp(a.created), ID: uuid("formation", a.id, p.Type),
		Quantity: p.Quantity, Size: p.Size, Type: p.Type, UpdatedAt: stamp(updated),
	}
}

// formationView shows a process type in the version that was asked for.
func (r *request) formationView(p Process) any {
	v := r.app.formationView(p, r.app.updated)
	if r.sdk {
		return formationViewSDK{v, identity{ID: uuid("dyno-size", p.Size), Name: p.Size}}
	}
	return v
}

// listFormation shows the process types; before the first release there are none.
func (s *Server) listFormation(r *request) (any, error) {
	l := list{fields: []string{"id", "type"}, asIs: true}
	for _, p := range r.app.formation {
		if r.app.current == nil {
			break
		}
		v := r.app.formationView(p, r.app.updated)
		l.rows = append(l.rows, row{view: r.formationView(p), keys: []any{v.ID, v.Type}})
	}
	return l, nil
}

func (s *Server) showFormation(r *request) (any, error) {
	for _, p := range r.app.formation {
		if p.Type == r.PathValue("type") && r.app.current != nil {
			return r.formationView(p), nil
		}
	}
	return nil, notFound("process type (" + r.PathValue("type") + ")")
}

// scaling is one change of the formation as it is sent.
type scaling struct {
	Type     string          `json:"type"`
	Quantity json.RawMessage `json:"quantity"` // a number, or a string: "2", "+1"
	Size     string          `json:"size"`
	DynoSize struct {
		Name string `json:"name"`
	} `json:"dyno_size"` // "3.sdk spells size as `dyno_size:{name}`"
}

func (r *request) scale(c scaling) (any, error) {
	size := c.Size
	if c.DynoSize.Name != "" {
		size = c.DynoSize.Name
	}
	quantity := string(c.Quantity)
	if quantity == "null" {
		quantity = ""
	}
	p, err := r.app.scale(c.Type, strings.Trim(quantity, `"`), size, r.account)
	if err != nil {
		return nil, err
	}
	return r.formationView(p), nil
}

// scaleBatch changes several process types. A fault in one leaves all as they are.
func (s *Server) scaleBatch(r *request) (any, error) {
	var body struct {
		Updates []scaling `json:"updates"`
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	for _, c := range body.Updates {
		if err := r.app.scalable(c); err != nil {
			return nil, err
		}
	}
	all := []any{}
	for _, c := range body.Updates {
		v, err := r.scale(c)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// scalable tells what is wrong with a change before any is made.
func (a *App) scalable(c scaling) error {
	for _, p := range a.formation {
		if p.Type == c.Type && a.current != nil {
			_, err := count(strings.Trim(strings.Replace(string(c.Quantity), "null", "", 1), `"`), p.Quantity)
			return err
		}
	}
	return notFound("process type (" + c.Type + ")")
}

func (s *Server) scaleOne(r *request) (any, error) {
	var c scaling
	if err := r.decode(&c); err != nil {
		return nil, err
	}
	c.Type = r.PathValue("type")
	return r.scale(c)
}
