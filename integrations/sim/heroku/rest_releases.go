package herokusim

import "strconv"

type releaseView struct {
	AddonPlanNames  []string `json:"addon_plan_names"`
	App             identity `json:"app"`
	CreatedAt       string   `json:"created_at"`
	Current         bool     `json:"current"`
	Description     string   `json:"description"`
	ID              string   `json:"id"`
	OutputStreamURL *string  `json:"output_stream_url"`
	Slug            *idOnly  `json:"slug"`
	Status          string   `json:"status"`
	UpdatedAt       string   `json:"updated_at"`
	User            userView `json:"user"`
	Version         int      `json:"version"`
}

type releaseViewSDK struct {
	releaseView
	Artifacts           []artifact `json:"artifacts"`
	EligibleForRollback bool       `json:"eligible_for_rollback"`
	OCIImage            *idOnly    `json:"oci_image"`
}

type artifact struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (a *App) releaseView(r *release) releaseView {
	v := releaseView{
		AddonPlanNames: a.addonPlans(), App: a.identity(), CreatedAt: stamp(r.created), Current: r == a.current,
		Description: r.description, ID: r.id, Status: r.status, UpdatedAt: stamp(r.updated), User: r.by.view(),
		Version: r.version,
	}
	if r.slug != nil {
		v.Slug = &idOnly{r.slug.id}
	}
	if r.log != nil {
		v.OutputStreamURL = &r.log.url
	}
	return v
}

func (a *App) releaseViewSDK(r *release) releaseViewSDK {
	v := releaseViewSDK{releaseView: a.releaseView(r), Artifacts: []artifact{}, EligibleForRollback: r.eligible()}
	if r.slug != nil {
		v.Artifacts = append(v.Artifacts, artifact{Type: "slug", ID: r.slug.id})
	}
	return v
}

func (s *Server) listReleases(r *request) (any, error) {
	l := list{fields: []string{"version", "id"}}
	for _, rel := range r.app.releases {
		l.rows = append(l.rows, row{view: r.releaseView(rel), keys: []any{rel.version, rel.id}})
	}
	return l, nil
}

// releaseView shows a release in the version that was asked for.
func (r *request) releaseView(rel *release) any {
	if r.sdk {
		return r.app.releaseViewSDK(rel)
	}
	return r.app.releaseView(rel)
}

func (s *Server) showRelease(r *request) (any, error) {
	rel, err := r.release()
	if err != nil {
		return nil, err
	}
	return r.releaseView(rel), nil
}

func (s *Server) showReleaseConfig(r *request) (any, error) {
	rel, err := r.release()
	if err != nil {
		return nil, err
	}
	return rel.config, nil
}

// release finds the release that the path names: by UUID, or by version ("`10`, not `v10`").
func (r *request) release() (*release, error) {
	want := r.PathValue("release")
	for _, rel := range r.app.releases {
		if rel.id == want || strconv.Itoa(rel.version) == want {
			return rel, nil
		}
	}
	return nil, notFound("release")
}

type slugView struct {
	Blob struct {
		Method string `json:"method"`
		URL    string `json:"url"`
	} `json:"blob"`
	BuildpackProvidedDescription *string           `json:"buildpack_provided_description"`
	Checksum                     *string           `json:"checksum"`
	Commit                       *string           `json:"commit"`
	CommitDescription            *string           `json:"commit_description"`
	CreatedAt                    string            `json:"created_at"`
	ID                           string            `json:"id"`
	ProcessTypes                 map[string]string `json:"process_types"`
	Size                         *int              `json:"size"`
	Stack                        identity          `json:"stack"`
	UpdatedAt                    string            `json:"updated_at"`
}

type slugViewSDK struct {
	slugView
	DeletedAt *string `json:"deleted_at"`
}

func (s *Server) showSlug(r *request) (any, error) {
	for _, sl := range r.app.slugs {
		if sl.id != r.PathValue("slug") {
			continue
		}
		v := slugView{
			BuildpackProvidedDescription: new(buildpack), Checksum: new("SHA256:" + digest("slug", sl.commit)),
			Commit: &sl.commit, CommitDescription: &sl.commitDescription, CreatedAt: stamp(sl.created), ID: sl.id,
			ProcessTypes: sl.processTypes, Size: new(slugSize), Stack: stackIdentity(sl.stack),
			UpdatedAt: stamp(sl.created),
		}
		v.Blob.Method, v.Blob.URL = "get", s.opts.URL+"/blobs/"+digest("blob", sl.id)[:32]
		if r.sdk {
			return slugViewSDK{slugView: v}, nil
		}
		return v, nil
	}
	return nil, notFound("slug")
}
