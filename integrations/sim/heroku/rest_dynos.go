package herokusim

import (
	"slices"
	"time"
)

type dynoView struct {
	App       identity `json:"app"`
	AttachURL *string  `json:"attach_url"`
	Command   string   `json:"command"`
	CreatedAt string   `json:"created_at"`
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Release   struct {
		ID      string `json:"id"`
		Version int    `json:"version"`
	} `json:"release"`
	Size      string `json:"size"`
	State     string `json:"state"`
	Type      string `json:"type"`
	UpdatedAt string `json:"updated_at"`
}

func (a *App) dynoView(d *dyno) dynoView {
	v := dynoView{
		App: a.identity(), AttachURL: d.attachURL, Command: d.command, CreatedAt: stamp(d.created), ID: d.id, Name: d.name, Size: d.size,
		State: d.state, Type: d.kind, UpdatedAt: stamp(d.updated),
	}
	v.Release.ID, v.Release.Version = d.release.id, d.release.version
	return v
}

func (s *Server) listDynos(r *request) (any, error) {
	l := list{fields: []string{"name", "id"}, asIs: true}
	for _, d := range r.app.allDynos() {
		l.rows = append(l.rows, row{view: r.app.dynoView(d), keys: []any{d.name, d.id}})
	}
	return l, nil
}

// allDynos are those of the formation and the one-off ones that can be seen already; the lock is held.
func (a *App) allDynos() []*dyno {
	all := slices.Clone(a.dynos)
	for _, o := range a.oneOffs {
		if time.Since(o.created) >= a.server.opts.DynosAppearAfter {
			all = append(all, &o.dyno)
		}
	}
	return all
}

// showDyno finds a dyno by name or id: "a finished dyno is gone: 404".
func (s *Server) showDyno(r *request) (any, error) {
	want := r.PathValue("dyno")
	for _, d := range r.app.allDynos() {
		if d.name == want || d.id == want {
			return r.app.dynoView(d), nil
		}
	}
	return nil, notFound("dyno")
}

// dyno finds what the path names: a dyno of the formation, or a one-off one.
func (r *request) dyno() (*dyno, *oneOff) {
	want := r.PathValue("dyno")
	for _, d := range r.app.dynos {
		if d.name == want || d.id == want {
			return d, nil
		}
	}
	for _, o := range r.app.oneOffs {
		if o.name == want || o.id == want {
			return nil, o
		}
	}
	return nil, nil
}
