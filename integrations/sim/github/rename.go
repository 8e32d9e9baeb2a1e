package githubsim

import (
	"fmt"
	"net/http"
	"strings"
)

// Rename gives the repository another name. Its old address answers 301 to GET from now on, and 307 to everything
// else (facts 6.2).
func (r *Repo) Rename(name string) {
	s := r.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := strings.ToLower(r.full())
	delete(s.repos, old)
	r.name = name
	s.repos[strings.ToLower(r.full())] = r
	s.renamed[old] = r
	delete(s.renamed, strings.ToLower(r.full()))
	rename := func(list []string) {
		for i, full := range list {
			if full == old {
				list[i] = strings.ToLower(r.full())
			}
		}
	}
	for _, p := range s.tokens {
		rename(p.repos)
	}
	for _, a := range s.apps {
		for _, in := range a.installs {
			rename(in.repos)
		}
	}
}

// movedTo points to the address that a repository keeps for ever, by its number.
func (c *call) movedTo(r *Repo) reply {
	_, rest, _ := strings.Cut(strings.TrimPrefix(c.r.URL.EscapedPath(), "/repos/"), "/")
	_, rest, below := strings.Cut(rest, "/")
	to := fmt.Sprintf("%s/repositories/%d", c.s.options.URL, r.id)
	if below {
		to += "/" + rest
	}
	if c.r.URL.RawQuery != "" {
		to += "?" + c.r.URL.RawQuery
	}
	a := reply{status: http.StatusMovedPermanently, location: to}
	a.body = object{"message": "Moved Permanently", "url": to, "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"}
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		a.status = http.StatusTemporaryRedirect
	}
	return a
}

// byNumber serves /repositories/{id}/… as what it stands for.
func (s *Server) byNumber(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, "/repositories/")
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		id, below, _ := strings.Cut(rest, "/")
		to := "/repos/none/none/" + below
		s.locked(func() {
			for _, repo := range s.repos {
				if formatID(repo.id) == id {
					to = "/repos/" + repo.full() + "/" + below
				}
			}
		})
		again := r.Clone(r.Context())
		again.URL.Path, again.URL.RawPath = strings.TrimSuffix(to, "/"), ""
		next.ServeHTTP(w, again)
	})
}
