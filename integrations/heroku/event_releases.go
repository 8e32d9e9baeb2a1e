package heroku

import (
	"encoding/json"
	"time"
)

// ReleaseEvent is a release that was made, or whose status or being current changed. It spares two calls: the commit is in
// it.
type ReleaseEvent struct {
	AppID             string
	App               string
	Release           Release // without ImageID and Eligible, which Heroku does not send
	Commit            string  // as in Slug; "" before the first deploy, and on Fir
	CommitDescription string
}

type releaseData struct {
	ID          string
	App         struct{ ID, Name string }
	Version     int
	Status      string
	Current     bool
	Description string
	Slug        struct {
		ID, Commit        string
		CommitDescription string `json:"commit_description"`
	}
	User      struct{ Email string }
	OutputURL StreamURL `json:"output_stream_url"`
	CreatedAt stamp     `json:"created_at"`
	UpdatedAt stamp     `json:"updated_at"`
}

func (d releaseData) ours(envelope) (ReleaseEvent, error) {
	if d.ID == "" {
		return ReleaseEvent{}, errNoID
	}
	return ReleaseEvent{
		AppID: d.App.ID, App: d.App.Name,
		Release: Release{
			ID: d.ID, Version: d.Version, Status: d.Status, Description: d.Description, SlugID: d.Slug.ID, By: d.User.Email,
			Current: d.Current, OutputURL: d.OutputURL, CreatedAt: time.Time(d.CreatedAt), UpdatedAt: time.Time(d.UpdatedAt),
		},
		Commit: d.Slug.Commit, CommitDescription: d.Slug.CommitDescription,
	}, nil
}

// BuildEvent is a build that was started or ended.
type BuildEvent struct {
	AppID string
	App   string // "" when Heroku sends the id alone
	Build Build
}

type buildData struct {
	ID        string
	App       struct{ ID, Name string }
	Status    string
	Source    struct{ Version string } `json:"source_blob"`
	User      struct{ Email string }
	Release   struct{ ID string }
	OutputURL StreamURL `json:"output_stream_url"`
	CreatedAt stamp     `json:"created_at"`
	UpdatedAt stamp     `json:"updated_at"`
}

func (d buildData) ours(envelope) (BuildEvent, error) {
	if d.ID == "" {
		return BuildEvent{}, errNoID
	}
	return BuildEvent{AppID: d.App.ID, App: d.App.Name, Build: Build{
		ID: d.ID, Status: d.Status, Commit: d.Source.Version, By: d.User.Email, ReleaseID: d.Release.ID, OutputURL: d.OutputURL,
		CreatedAt: time.Time(d.CreatedAt), UpdatedAt: time.Time(d.UpdatedAt),
	}}, nil
}

// AppEvent is an app that was made, changed or destroyed.
type AppEvent struct {
	App            App
	WasMaintenance *bool // before this event; nil if that did not change
}

type appData struct{ appAnswer }

func (d appData) ours(e envelope) (AppEvent, error) {
	if d.ID == "" {
		return AppEvent{}, errNoID
	}
	out := AppEvent{App: d.appAnswer.ours()}
	var before struct{ Maintenance *bool }
	if json.Unmarshal(e.Previous, &before) == nil {
		out.WasMaintenance = before.Maintenance
	}
	return out, nil
}
