package herokusim

import "cmp"

// createRelease is "two operations told apart by the key: `{"release": id}` rolls back; `{"slug": id}` … creates". The
// release is there when it answers; its release phase goes on.
func (s *Server) createRelease(r *request) (any, error) {
	var body struct {
		Release     string `json:"release"`
		Slug        string `json:"slug"`
		Description string `json:"description"`
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	var d draft
	var err error
	switch {
	case body.Release != "" && body.Slug != "":
		err = invalid("A release is made of a release or of a slug, not of both.")
	case body.Release != "":
		d, err = r.rollback(body.Release)
	case body.Slug != "":
		d, err = r.ofSlug(body.Slug, body.Description)
	default:
		err = invalid("A release is made of a release or of a slug; neither was given.")
	}
	if err != nil {
		return nil, err
	}
	return created(r.releaseView(r.app.startRelease(d))), nil
}

// rollback is the release that goes back to an older one: "`release` is documented as the release UUID". One that is
// not eligible is refused; with which words is not known.
func (r *request) rollback(id string) (draft, error) {
	for _, to := range r.app.releases {
		switch {
		case to.id != id:
		case !to.eligible():
			return draft{}, invalid("Cannot roll back to v%d: it is %s.", to.version, to.status)
		default:
			return r.app.back(to, r.account.email), nil
		}
	}
	return draft{}, notFound("release")
}

// ofSlug is a release of code that was built before, with the config vars of now.
func (r *request) ofSlug(id, description string) (draft, error) {
	for _, sl := range r.app.slugs {
		if sl.id == id {
			return draft{
				description: cmp.Or(description, deployDescription(sl.commit)), slug: sl, config: r.app.config, by: r.account,
			}, nil
		}
	}
	return draft{}, notFound("slug")
}
