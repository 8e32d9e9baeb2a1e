package githubsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// hookChange is what a request says of a hook.
type hookChange struct {
	Name         string
	Active       *bool
	Events       []string
	AddEvents    []string    `json:"add_events"`
	RemoveEvents []string    `json:"remove_events"`
	Config       *hookConfig `json:"config"`
}

type hookConfig struct {
	URL         *string `json:"url"`
	ContentType *string `json:"content_type"`
	Secret      *string `json:"secret"`
	InsecureSSL any     `json:"insecure_ssl"` // "0", "1", or a number
}

func (c *call) hook() (*hook, error) {
	for _, h := range c.s.hooks {
		if h.repo == c.repo && formatID(h.id) == c.path("hook") {
			return h, nil
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/repos/webhooks#get-a-repository-webhook"}
}

func listHooks(c *call) (any, error) {
	var list []*hook
	for _, h := range c.s.hooks {
		if h.repo == c.repo {
			list = append(list, h)
		}
	}
	return mapped(paged(c, list), c.s.hookObject), nil
}

func getHook(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	return c.s.hookObject(h), nil
}

func createHook(c *call) (any, error) {
	var asked hookChange
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	if asked.Name != "" && asked.Name != "web" {
		return nil, invalidHook("name must be web")
	}
	var made hook
	made.configure(asked.Config)
	spec := HookSpec{URL: made.url, Secret: made.secret, ContentType: made.contentType, Events: asked.Events}
	h, err := c.s.addHook(c.repo, spec, c.who.login)
	if err != nil {
		return nil, err
	}
	if made.insecure != "" {
		h.insecure = made.insecure
	}
	if asked.Active != nil {
		h.active = *asked.Active
	}
	return c.created(c.s.hookObject(h)), nil
}

func (h *hook) configure(config *hookConfig) {
	if config == nil {
		return
	}
	for _, field := range []struct {
		from *string
		to   *string
	}{{config.URL, &h.url}, {config.ContentType, &h.contentType}, {config.Secret, &h.secret}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	switch insecure := config.InsecureSSL.(type) {
	case string:
		h.insecure = insecure
	case float64:
		h.insecure = strconv.Itoa(int(insecure))
	}
}

// editHook changes a hook. A config that is sent replaces the old one whole: without a secret, the hook has none
// any more.
func editHook(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	var asked hookChange
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	changed := *h
	if asked.Config != nil {
		changed.url, changed.contentType, changed.secret, changed.insecure = "", "", "", "0"
		changed.configure(asked.Config)
	}
	if asked.Events != nil {
		changed.events = asked.Events
	}
	changed.events = append(slices.Clone(changed.events), asked.AddEvents...)
	changed.events = slices.DeleteFunc(changed.events, func(e string) bool { return slices.Contains(asked.RemoveEvents, e) })
	if asked.Active != nil {
		changed.active = *asked.Active
	}
	if err := changed.check(); err != nil {
		return nil, err
	}
	changed.updated = seconds(c.s.now())
	*h = changed
	return c.s.hookObject(h), nil
}

// editHookConfig changes only those fields of the config that are sent.
func editHookConfig(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	var asked hookConfig
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	changed := *h
	changed.configure(&asked)
	if err := changed.check(); err != nil {
		return nil, err
	}
	changed.updated = seconds(c.s.now())
	*h = changed
	return c.s.hookObject(h)["config"], nil
}

func getHookConfig(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	return c.s.hookObject(h)["config"], nil
}

func deleteHook(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	c.s.hooks = slices.DeleteFunc(c.s.hooks, func(other *hook) bool { return other == h })
	return reply{status: http.StatusNoContent}, nil
}

func pingHook(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	c.s.ping(h, c.who.login)
	return reply{status: http.StatusNoContent}, nil
}

func listDeliveries(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	return c.deliveriesOf(h)
}

func getDelivery(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	d, err := c.delivery(h)
	if err != nil {
		return nil, err
	}
	return d.whole(), nil
}

func redeliver(c *call) (any, error) {
	h, err := c.hook()
	if err != nil {
		return nil, err
	}
	return c.redeliver(h)
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

// succeeded tells the deliveries that GitHub counts as such.
func (d *Delivery) succeeded() bool { return d.Status >= 200 && d.Status < 400 }

// wanted tells whether a list with this status filter holds the delivery.
func (d *Delivery) wanted(status string) bool {
	return status == "" || strings.EqualFold(status, "success") == d.succeeded()
}
