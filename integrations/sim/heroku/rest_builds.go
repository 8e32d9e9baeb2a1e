package herokusim

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
		SourceBlob: sourceBlob{URL: b.source, Version: &b.commit},
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
