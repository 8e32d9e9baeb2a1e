package herokusim

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// AddonSpec is an add-on that an app pays for.
type AddonSpec struct {
	Plan       string   // "heroku-postgresql:standard-0"
	Name       string   // unique; "" for one like Heroku's: "postgresql-flat-1"
	As         string   // the name of its first attachment: "DATABASE"; "" for the service's usual one
	ConfigVars []string // of that attachment; nil: As + "_URL" for a database, none for others
	Keeps      int      // how many backups of it are kept, of those that somebody asked for; 0 means 5
}

// Addon is an add-on as it stands.
type Addon struct{ ID, Name, Plan string }

// addon is a service with its plan. The server's lock guards it.
type addon struct {
	id, name, plan string
	app            *App // that pays
	configVars     []string
	keeps          int // backups
	created        time.Time
}

// attachment is an add-on under a name in an app, which need not be the one that pays.
type attachment struct {
	id, name  string
	namespace string // "" for the default credential
	addon     *addon
	app       *App
	created   time.Time
}

// AddAddon gives the app an add-on and its attachment, as if it had always been there: no release is made.
func (a *App) AddAddon(spec AddonSpec) Addon {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.addAddon(spec).shown()
}

// Attach attaches an add-on, of this app or another, under a further name; namespace is "" for the default credential.
// The error says that there is no such add-on, or that the name is taken.
func (a *App) Attach(name, as, namespace string) error {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	for _, at := range a.attachments {
		if at.name == as {
			return fmt.Errorf("%s has an attachment %s already", a.name, as)
		}
	}
	one := a.server.addon(name)
	if one == nil {
		return fmt.Errorf("there is no add-on %s", name)
	}
	a.attach(one, as, namespace)
	return nil
}

func (x *addon) shown() Addon { return Addon{ID: x.id, Name: x.name, Plan: x.plan} }

// service is the part of a plan before the colon.
func (x *addon) service() string {
	service, _, _ := strings.Cut(x.plan, ":")
	return service
}

func (a *App) addAddon(spec AddonSpec) *addon {
	x := &addon{plan: spec.Plan, app: a, keeps: cmp.Or(spec.Keeps, keptBackups), created: a.created}
	short := strings.TrimPrefix(x.service(), "heroku-")
	x.name = cmp.Or(spec.Name, fmt.Sprintf("%s-flat-%d", short, 10_000+draw(90_000, a.name, x.plan, len(a.addons))))
	x.id = uuid("addon", x.name)
	as := cmp.Or(spec.As, strings.ToUpper(strings.ReplaceAll(short, "-", "_")))
	if x.service() == postgres {
		as = cmp.Or(spec.As, "DATABASE")
		x.configVars = []string{as + "_URL"}
	}
	if spec.ConfigVars != nil {
		x.configVars = spec.ConfigVars
	}
	a.addons = append(a.addons, x)
	a.attach(x, as, "")
	return x
}

const postgres = "heroku-postgresql"

// draw picks a number below n; the same parts, the same number.
func draw(n int, parts ...any) int {
	var x int
	for _, c := range digest(parts...)[:8] {
		x = (x*31 + int(c)) % n
	}
	return x
}

func (a *App) attach(x *addon, as, namespace string) {
	a.attachments = append(a.attachments, &attachment{
		id: uuid("attachment", a.id, as), name: as, namespace: namespace, addon: x, app: a, created: x.created,
	})
}

// addon finds an add-on by name or id; nil when there is none.
func (s *Server) addon(identity string) *addon {
	for _, a := range s.apps {
		for _, x := range a.addons {
			if x.name == identity || x.id == identity {
				return x
			}
		}
	}
	return nil
}

// addonPlans are the plans as a release tells them.
func (a *App) addonPlans() []string {
	plans := []string{}
	for _, x := range a.addons {
		plans = append(plans, x.plan)
	}
	return plans
}

// vars are the config vars that an attachment sets in its app.
func (t *attachment) vars() []string {
	if len(t.addon.configVars) == 0 {
		return []string{}
	}
	if t.app == t.addon.app && t.first() {
		return t.addon.configVars
	}
	return []string{t.name + "_URL"}
}

// first tells whether this is the attachment that came with the add-on.
func (t *attachment) first() bool {
	for _, other := range t.app.attachments {
		if other.addon == t.addon {
			return other == t
		}
	}
	return false
}
