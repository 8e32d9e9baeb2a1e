package herokusim

import (
	"net/http"
	"slices"
	"strings"
)

type addonView struct {
	Actions       []string `json:"actions"`
	AddonService  identity `json:"addon_service"`
	App           identity `json:"app"`
	BilledPrice   *string  `json:"billed_price"`
	BillingEntity struct {
		identity
		Type string `json:"type"`
	} `json:"billing_entity"`
	ConfigVars []string `json:"config_vars"`
	CreatedAt  string   `json:"created_at"`
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Plan       identity `json:"plan"`
	ProviderID string   `json:"provider_id"`
	State      string   `json:"state"`
	UpdatedAt  string   `json:"updated_at"`
	WebURL     *string  `json:"web_url"`
}

func (x *addon) view() addonView {
	v := addonView{
		Actions: []string{}, AddonService: identity{ID: uuid("addon-service", x.service()), Name: x.service()},
		App: x.app.identity(), ConfigVars: append([]string{}, x.configVars...), CreatedAt: stamp(x.created), ID: x.id,
		Name: x.name, Plan: x.planIdentity(), ProviderID: digest("provider", x.id)[:8], State: "provisioned",
		UpdatedAt: stamp(x.created), WebURL: new("https://addons-sso.heroku.com/apps/" + x.app.id + "/addons/" + x.id),
	}
	v.BillingEntity.identity, v.BillingEntity.Type = x.app.identity(), "app"
	return v
}

func (x *addon) planIdentity() identity { return identity{ID: uuid("plan", x.plan), Name: x.plan} }

func (s *Server) listAddons(r *request) (any, error) {
	l := list{fields: []string{"id", "name"}, asIs: true}
	for _, x := range r.app.addons {
		l.rows = append(l.rows, row{view: x.view(), keys: []any{x.id, x.name}})
	}
	return l, nil
}

func (s *Server) showAddon(r *request) (any, error) {
	x := s.addon(r.PathValue("addon"))
	if x == nil || !x.app.shownTo(r.account) {
		return nil, notFound("add-on")
	}
	return x.view(), nil
}

type attachmentView struct {
	Addon       attachedAddon `json:"addon"`
	App         identity      `json:"app"`
	ConfigVars  *[]string     `json:"config_vars,omitempty"`
	CreatedAt   string        `json:"created_at"`
	ID          string        `json:"id"`
	LogInputURL *string       `json:"log_input_url"`
	Name        string        `json:"name"`
	Namespace   *string       `json:"namespace"`
	UpdatedAt   string        `json:"updated_at"`
	WebURL      *string       `json:"web_url"`
}

type attachedAddon struct {
	identity
	App  identity  `json:"app"`
	Plan *identity `json:"plan,omitempty"`
}

// attachmentView shows an attachment: "`addon.plan` and `config_vars` come only with that Accept-Inclusion".
func (r *request) attachmentView(t *attachment) attachmentView {
	x := t.addon
	v := attachmentView{
		Addon: attachedAddon{identity: identity{ID: x.id, Name: x.name}, App: x.app.identity()}, App: t.app.identity(),
		CreatedAt: stamp(t.created), ID: t.id, Name: t.name, Namespace: optional(t.namespace), UpdatedAt: stamp(t.created),
		WebURL: x.view().WebURL,
	}
	for _, what := range strings.FieldsFunc(r.Header.Get("Accept-Inclusion"), func(c rune) bool { return c == ',' || c == ' ' }) {
		switch what {
		case "addon:plan":
			v.Addon.Plan = new(x.planIdentity())
		case "config_vars":
			v.ConfigVars = new(t.vars())
		}
	}
	return v
}

func (s *Server) listAttachments(r *request) (any, error) {
	l := list{fields: []string{"id", "name"}, asIs: true}
	for _, t := range r.app.attachments {
		l.rows = append(l.rows, row{view: r.attachmentView(t), keys: []any{t.id, t.name}})
	}
	return l, nil
}

// resolveAttachment finds what a person may mean by a name: an attachment, one of its config vars, or an add-on.
// "`app::DATABASE` overrides the app"; "No match -> 404".
func (s *Server) resolveAttachment(r *request) (any, error) {
	var body struct {
		AddonAttachment string `json:"addon_attachment"`
		App             string `json:"app"`
		AddonService    string `json:"addon_service"`
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	if app, name, ok := strings.Cut(body.AddonAttachment, "::"); ok {
		body.App, body.AddonAttachment = app, name
	}
	all := []attachmentView{}
	for _, a := range s.apps {
		if !a.shownTo(r.account) || body.App != "" && body.App != a.name && body.App != a.id {
			continue
		}
		for _, t := range a.attachments {
			service := body.AddonService == "" || body.AddonService == t.addon.service()
			if service && t.called(body.AddonAttachment, body.App != "") {
				all = append(all, r.attachmentView(t))
			}
		}
	}
	if len(all) == 0 {
		return nil, &fault{status: http.StatusNotFound, ID: "not_found", Message: "Couldn't find that add on attachment."}
	}
	return all, nil
}

// called tells whether a name means this attachment. Names of attachments mean something only within an app.
func (t *attachment) called(name string, within bool) bool {
	switch name {
	case t.id, t.addon.id, t.addon.name:
		return true
	}
	return within && (strings.EqualFold(name, t.name) || slices.Contains(t.vars(), name))
}
