package herokusim

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
		App: a.identity(), Command: d.command, CreatedAt: stamp(d.created), ID: d.id, Name: d.name, Size: d.size,
		State: d.state, Type: d.kind, UpdatedAt: stamp(d.updated),
	}
	v.Release.ID, v.Release.Version = d.release.id, d.release.version
	return v
}

func (s *Server) listDynos(r *request) (any, error) {
	all := []dynoView{}
	for _, d := range r.app.dynos {
		all = append(all, r.app.dynoView(d))
	}
	return all, nil
}

// showDyno finds a dyno by name or id: "a finished dyno is gone: 404".
func (s *Server) showDyno(r *request) (any, error) {
	want := r.PathValue("dyno")
	for _, d := range r.app.dynos {
		if d.name == want || d.id == want {
			return r.app.dynoView(d), nil
		}
	}
	return nil, notFound("dyno")
}

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

// listFormation shows the process types; before the first release there are none.
func (s *Server) listFormation(r *request) (any, error) {
	all, sdk := []formationView{}, []formationViewSDK{}
	a := r.app
	for _, p := range a.formation {
		if a.current == nil {
			break
		}
		v := formationView{
			App: a.identity(), Command: p.Command, CreatedAt: stamp(a.created), ID: uuid("formation", a.id, p.Type),
			Quantity: p.Quantity, Size: p.Size, Type: p.Type, UpdatedAt: stamp(a.updated),
		}
		all = append(all, v)
		sdk = append(sdk, formationViewSDK{v, identity{ID: uuid("dyno-size", p.Size), Name: p.Size}})
	}
	if r.sdk {
		return sdk, nil
	}
	return all, nil
}
