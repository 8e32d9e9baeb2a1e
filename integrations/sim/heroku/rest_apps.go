package herokusim

import (
	"encoding/json"
	"net/http"
)

type appView struct {
	ACM                          bool      `json:"acm"`
	ArchivedAt                   *string   `json:"archived_at"`
	BuildStack                   identity  `json:"build_stack"`
	BuildpackProvidedDescription *string   `json:"buildpack_provided_description"`
	CreatedAt                    string    `json:"created_at"`
	GitURL                       string    `json:"git_url"`
	ID                           string    `json:"id"`
	InternalRouting              *bool     `json:"internal_routing"`
	Maintenance                  bool      `json:"maintenance"`
	Name                         string    `json:"name"`
	Organization                 *identity `json:"organization"`
	Owner                        userView  `json:"owner"`
	Region                       identity  `json:"region"`
	ReleasedAt                   *string   `json:"released_at"`
	RepoSize                     *int      `json:"repo_size"`
	SlugSize                     *int      `json:"slug_size"`
	Space                        *identity `json:"space"`
	Stack                        identity  `json:"stack"`
	Team                         *identity `json:"team"`
	UpdatedAt                    string    `json:"updated_at"`
	WebURL                       string    `json:"web_url"`
}

type appViewSDK struct {
	appView
	BaseImageName            *string  `json:"base_image_name"`
	Buildpacks               []string `json:"buildpacks"` // null: only apps built with Cloud Native Buildpacks list them
	CurrentBuildArchitecture []string `json:"current_build_architecture"`
	Generation               string   `json:"generation"`
	ProcessTier              string   `json:"process_tier"`
}

// processTier is that of all apps here; an "eco" one would be asked for its quota.
const processTier = "production"

// slugSize is in bytes.
const slugSize = 63_543_296

func (a *App) view() appView {
	v := appView{
		BuildStack: stackIdentity(a.stack), CreatedAt: stamp(a.created),
		GitURL: "https://git.heroku.com/" + a.name + ".git", ID: a.id, Maintenance: a.maintenance, Name: a.name,
		Owner: a.owner.view(), Region: identity{ID: uuid("region", "us"), Name: "us"},
		Stack: stackIdentity(a.stack), UpdatedAt: stamp(a.updated), WebURL: a.siteAddress(),
	}
	if r := a.current; r != nil {
		v.ReleasedAt = new(stamp(r.created))
		if r.slug != nil {
			v.BuildpackProvidedDescription, v.SlugSize = new(buildpack), new(slugSize)
		}
	}
	return v
}

func (a *App) viewSDK() appViewSDK {
	return appViewSDK{
		appView: a.view(), CurrentBuildArchitecture: []string{}, Generation: "cedar", ProcessTier: processTier,
	}
}

func (s *Server) listApps(r *request) (any, error) {
	l := list{fields: []string{"id", "name", "updated_at"}}
	for _, a := range s.apps {
		if !a.shownTo(r.account) {
			continue
		}
		var view any = a.view()
		if r.sdk {
			view = a.viewSDK()
		}
		l.rows = append(l.rows, row{view: view, keys: []any{a.id, a.name, stamp(a.updated)}})
	}
	return l, nil
}

func (s *Server) showApp(r *request) (any, error) {
	if r.sdk {
		return r.app.viewSDK(), nil
	}
	return r.app.view(), nil
}

func (s *Server) showConfig(r *request) (any, error) { return r.app.config, nil }

type collaboratorView struct {
	App         identity `json:"app"`
	CreatedAt   string   `json:"created_at"`
	ID          string   `json:"id"`
	Permissions []string `json:"permissions"` // empty: those are for apps of teams
	Role        string   `json:"role"`
	UpdatedAt   string   `json:"updated_at"`
	User        struct {
		Email     string `json:"email"`
		Federated bool   `json:"federated"`
		ID        string `json:"id"`
	} `json:"user"`
}

func (a *App) collaboratorView(who *account, role string) collaboratorView {
	v := collaboratorView{
		App: a.identity(), CreatedAt: stamp(a.created), ID: uuid("collaborator", a.id, who.id),
		Permissions: []string{}, Role: role, UpdatedAt: stamp(a.created),
	}
	v.User.Email, v.User.ID = who.email, who.id
	return v
}

func (s *Server) listCollaborators(r *request) (any, error) {
	l := list{fields: []string{"id", "email"}, asIs: true}
	add := func(who *account, role string) {
		v := r.app.collaboratorView(who, role)
		l.rows = append(l.rows, row{view: v, keys: []any{v.ID, who.email}})
	}
	add(r.app.owner, "owner")
	for _, who := range r.app.collaborators {
		add(who, "collaborator")
	}
	return l, nil
}

// changeApp turns maintenance on or off: `PATCH /apps/{app}` `{"maintenance":true}`. Nothing else can be changed here.
func (s *Server) changeApp(r *request) (any, error) {
	var body map[string]json.RawMessage
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	for field, value := range body {
		var on bool
		if field != "maintenance" {
			return nil, &fault{
				status: http.StatusNotImplemented, ID: "not_simulated", Message: "not simulated: PATCH of an app's " + field,
			}
		}
		if json.Unmarshal(value, &on) != nil {
			return nil, invalid("maintenance must be true or false.")
		}
		r.app.setMaintenance(on, r.account)
	}
	return s.showApp(r)
}

// showCoupling: no app here is in a pipeline.
func (s *Server) showCoupling(*request) (any, error) { return nil, notFound("pipeline coupling") }
