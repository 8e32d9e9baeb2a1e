package githubsim

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// asApp lets only Apps in, with their JWT.
func asApp(h handler) handler {
	return func(c *call) (any, error) {
		if c.who.jwt == nil {
			return nil, &fault{status: http.StatusUnauthorized, message: "A JSON web token could not be decoded", doc: "rest"}
		}
		return h(c)
	}
}

func getApp(c *call) (any, error) {
	o := c.s.ownAppObject(c.who.jwt)
	o["installations_count"] = len(c.who.jwt.installs)
	return o, nil
}

func listInstallations(c *call) (any, error) {
	return mapped(paged(c, c.who.jwt.installs), c.s.installationObject), nil
}

// installation finds the installation that the address names.
func (c *call) installation() (*install, error) {
	for _, in := range c.who.jwt.installs {
		if formatID(in.id) == c.path("installation") {
			return in, nil
		}
	}
	return nil, &fault{status: http.StatusNotFound, message: "Not Found", doc: "rest/apps/apps#get-an-installation-for-the-authenticated-app"}
}

func getInstallation(c *call) (any, error) {
	in, err := c.installation()
	if err != nil {
		return nil, err
	}
	return c.s.installationObject(in), nil
}

// repoInstallation finds the App's installation on a repository.
func repoInstallation(c *call) (any, error) {
	r := c.s.repo(c.path("owner") + "/" + c.path("repo"))
	if r == nil || !c.who.jwt.installedOn(r) {
		return nil, notFound()
	}
	return c.s.installationObject(c.who.jwt.installs[0]), nil
}

// createToken gives a token for an installation, of all of its repositories and rights or of fewer.
func createToken(c *call) (any, error) {
	in, err := c.installation()
	if err != nil {
		return nil, err
	}
	var asked struct {
		Repositories  []string
		RepositoryIDs []int64 `json:"repository_ids"`
		Permissions   Permissions
	}
	if err := c.decode(&asked); err != nil {
		return nil, err
	}
	for name, level := range asked.Permissions {
		if !in.app.permissions().allow(name + "=" + level) {
			return nil, &fault{status: http.StatusUnprocessableEntity, message: "The permissions requested are not granted to this installation.", doc: tokenDoc}
		}
	}
	var repos []string
	for _, full := range in.repos {
		_, name, _ := strings.Cut(full, "/")
		named := slices.ContainsFunc(asked.Repositories, func(n string) bool { return strings.EqualFold(n, name) })
		if named || slices.Contains(asked.RepositoryIDs, c.s.repo(full).id) {
			repos = append(repos, full)
		}
	}
	if n := len(asked.Repositories) + len(asked.RepositoryIDs); len(repos) < n {
		return nil, &fault{
			status: http.StatusUnprocessableEntity, doc: tokenDoc,
			message: "There is at least one repository that does not exist or is not accessible to the parent installation.",
		}
	}
	token, expires := c.s.installationToken(in, asked.Permissions, repos)
	permissions := in.app.permissions()
	if asked.Permissions != nil {
		permissions = maps.Clone(asked.Permissions)
		permissions["metadata"] = "read"
	}
	return reply{status: http.StatusCreated, body: object{
		"token": token, "expires_at": stamp(expires), "permissions": permissions, "repository_selection": "selected",
	}}, nil
}

const tokenDoc = "rest/apps/apps#create-an-installation-access-token-for-an-app"

// appHook finds the App's one hook.
func (c *call) appHook() (*hook, error) {
	for _, h := range c.s.hooks {
		if h.app != nil && h.app == c.who.jwt {
			return h, nil
		}
	}
	return nil, notFound()
}

func appDeliveries(c *call) (any, error) {
	h, err := c.appHook()
	if err != nil {
		return nil, err
	}
	return c.deliveriesOf(h)
}

func appDelivery(c *call) (any, error) {
	h, err := c.appHook()
	if err != nil {
		return nil, err
	}
	d, err := c.delivery(h)
	if err != nil {
		return nil, err
	}
	return d.whole(), nil
}

func redeliverToApp(c *call) (any, error) {
	h, err := c.appHook()
	if err != nil {
		return nil, err
	}
	return c.redeliver(h)
}
