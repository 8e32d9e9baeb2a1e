package herokusim

import (
	"cmp"
	"net/http"
	"slices"
)

// siteAddress is where visitors find the app: below the address of the API, where there is one, because nothing else listens.
func (a *App) siteAddress() string {
	if a.server.opts.URL == "" {
		return "https://" + a.name + ".herokuapp.com/"
	}
	return a.server.opts.URL + "/sites/" + a.name + "/"
}

// serveSite answers visitors: well, unless the app is in maintenance, was told to be unwell, or has no web dyno that is up.
func (s *Server) serveSite(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var status int
	if i := slices.IndexFunc(s.apps, func(a *App) bool { return a.name == r.PathValue("app") }); i < 0 {
		status = http.StatusNotFound
	} else {
		status = s.apps[i].siteStatus()
	}
	s.mu.Unlock()
	http.Error(w, cmp.Or(http.StatusText(status), "?"), status)
}

// siteStatus is what visitors get; the lock is held.
func (a *App) siteStatus() int {
	up := slices.ContainsFunc(a.dynos, func(d *dyno) bool { return d.kind == "web" && d.state == dynoUp })
	switch {
	case a.maintenance, !up:
		return http.StatusServiceUnavailable // of the router: "H80", "H10"
	case a.unhealthy:
		return http.StatusInternalServerError
	}
	return http.StatusOK
}
