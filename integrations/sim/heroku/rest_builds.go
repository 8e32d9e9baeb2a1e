package herokusim

import (
	"net/url"
	"time"
)

// buildpack is what all apps here are built with, in words.
const buildpack = "Python"

type buildpackView struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type sourceBlob struct {
	Checksum *string `json:"checksum"`
	URL      string  `json:"url"`
	Version  *string `json:"version"`
}

type sourceBlobSDK struct {
	sourceBlob
	VersionDescription *string `json:"version_description"`
}

type buildView struct {
	App             idOnly          `json:"app"`
	Buildpacks      []buildpackView `json:"buildpacks"`
	CreatedAt       string          `json:"created_at"`
	ID              string          `json:"id"`
	OutputStreamURL string          `json:"output_stream_url"`
	Release         *idOnly         `json:"release"`
	Slug            *idOnly         `json:"slug"`
	SourceBlob      any             `json:"source_blob"` // sourceBlob or sourceBlobSDK
	Stack           string          `json:"stack"`
	Status          string          `json:"status"`
	UpdatedAt       string          `json:"updated_at"`
	User            userView        `json:"user"`
}

func (a *App) buildView(b *build) buildView {
	v := buildView{
		App: idOnly{a.id}, Buildpacks: []buildpackView{{Name: "heroku/python", URL: "urn:buildpack:heroku/python"}},
		CreatedAt: stamp(b.created), ID: b.id, OutputStreamURL: b.log.url,
		SourceBlob: sourceBlob{Checksum: optional(b.checksum), URL: b.source, Version: optional(b.commit)},
		Stack:      a.stack, Status: b.status, UpdatedAt: stamp(b.updated), User: b.by.view(),
	}
	if b.slug != nil {
		v.Slug = &idOnly{b.slug.id}
	}
	if b.release != nil {
		v.Release = &idOnly{b.release.id}
	}
	return v
}

// buildView shows a build in the version that was asked for.
func (r *request) buildView(b *build) buildView {
	v := r.app.buildView(b)
	if r.sdk {
		v.SourceBlob = sourceBlobSDK{v.SourceBlob.(sourceBlob), &b.commitDescription}
	}
	return v
}

func (s *Server) listBuilds(r *request) (any, error) {
	l := list{fields: []string{"started_at", "id"}}
	for _, b := range r.app.builds {
		l.rows = append(l.rows, row{view: r.buildView(b), keys: []any{stamp(b.created), b.id}})
	}
	return l, nil
}

func (s *Server) showBuild(r *request) (any, error) {
	for _, b := range r.app.builds {
		if b.id == r.PathValue("build") {
			return r.buildView(b), nil
		}
	}
	return nil, notFound("build")
}

// optional is null for an empty string.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// createBuild builds from a URL: "answer 2xx (201 [unverified]) with `status: pending`, `output_stream_url`,
// `release: null`". What Heroku says to a second build at once is not known: it waits, or with RefuseSecondBuild it is
// refused.
func (s *Server) createBuild(r *request) (any, error) {
	var body struct {
		SourceBlob struct {
			URL                string `json:"url"`
			Version            string `json:"version"`
			VersionDescription string `json:"version_description"`
			Checksum           string `json:"checksum"`
		} `json:"source_blob"`
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	from, a := body.SourceBlob, r.app
	if u, err := url.Parse(from.URL); err != nil || u.Host == "" {
		return nil, invalid("source_blob.url is not a valid URL.")
	}
	if s.opts.RefuseSecondBuild && a.building.busy {
		return nil, invalid("A build of %s is in progress.", a.name)
	}
	b := a.newBuild(DeploySpec{
		Commit: from.Version, CommitDescription: from.VersionDescription, Source: from.URL, By: r.account.email,
	}, time.Now())
	b.fetched, b.checksum, b.turn = true, from.Checksum, a.building.join("")
	s.announce(a, "api:build", "create", b.by.email, a.buildView(b))
	s.begin(func() { _, _ = a.runBuild(b) }) // how it ended stands in the build
	return created(r.buildView(b)), nil
}

// cancelBuild: "Cancel: `DELETE /apps/{app}/builds/{id}`". A build that is over, or that makes its release already,
// cannot be cancelled.
func (s *Server) cancelBuild(r *request) (any, error) {
	for _, b := range r.app.builds {
		if b.id != r.PathValue("build") {
			continue
		}
		if b.status != statusPending || b.compiled {
			return nil, invalid("The build is over.")
		}
		r.app.settleBuild(b, statusFailed)
		b.cancel(&BuildError{App: r.app.name, BuildID: b.id})
		return r.buildView(b), nil
	}
	return nil, notFound("build")
}
