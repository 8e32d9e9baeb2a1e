package herokusim

import (
	"encoding/json"
	"strings"
	"time"
)

// envelope is what a webhook is sent.
type envelope struct {
	ID           string          `json:"id"`
	Resource     string          `json:"resource"`
	Action       string          `json:"action"`
	Version      string          `json:"version"`
	Sequence     *string         `json:"sequence"` // "`sequence` is null in practice"
	Actor        userView        `json:"actor"`
	PreviousData json.RawMessage `json:"previous_data"`
	CreatedAt    string          `json:"created_at"`
	UpdatedAt    string          `json:"updated_at"`
	PublishedAt  string          `json:"published_at"`
	Data         json.RawMessage `json:"data"`
	Metadata     metadata        `json:"webhook_metadata"`
}

type metadata struct {
	Attempt  idOnly `json:"attempt"`
	Delivery idOnly `json:"delivery"`
	Event    struct {
		ID      string `json:"id"`
		Include string `json:"include"`
	} `json:"event"`
	Webhook idOnly `json:"webhook"`
}

// herokuItself is the actor of what nobody did.
var herokuItself = userView{ID: "00000000-0000-0000-0000-000000000000", Email: "noreply+webhooks@heroku.com"}

// envelope is the event without what belongs to a delivery of it.
func (e *Event) envelope() envelope {
	v := envelope{
		ID: e.ID, Resource: strings.TrimPrefix(e.Include, "api:"), Action: e.Action,
		Version: "application/vnd.heroku+json; version=3", Actor: herokuItself, PreviousData: e.Previous,
		CreatedAt: microStamp(e.At), UpdatedAt: microStamp(e.At), Data: e.Data,
	}
	if e.Actor != "" {
		v.Actor = userView{ID: uuid("account", e.Actor), Email: e.Actor}
	}
	if v.PreviousData == nil {
		v.PreviousData = json.RawMessage("{}")
	}
	return v
}

// microStamp writes the times of an event, which have microseconds.
func microStamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// releaseEventView is a release as webhooks tell it: with the commit, and with what its processes run.
type releaseEventView struct {
	releaseView
	App     appTierView             `json:"app"`
	Slug    *slugCommitView         `json:"slug"`
	Stack   string                  `json:"stack"`
	Pstable map[string]pstableEntry `json:"pstable"`
}

type appTierView struct {
	identity
	ProcessTier string `json:"process_tier"`
}

type slugCommitView struct {
	ID                string `json:"id"`
	Commit            string `json:"commit"`
	CommitDescription string `json:"commit_description"`
}

type pstableEntry struct {
	Slug    idOnly `json:"slug"`
	Command string `json:"command"`
}

func (a *App) releaseEvent(r *release) releaseEventView {
	v := releaseEventView{
		releaseView: a.releaseView(r), App: appTierView{a.identity(), processTier}, Stack: a.stack,
		Pstable: map[string]pstableEntry{},
	}
	if r.slug != nil {
		v.Slug = &slugCommitView{ID: r.slug.id, Commit: r.slug.commit, CommitDescription: r.slug.commitDescription}
		for kind, command := range r.slug.processTypes {
			v.Pstable[kind] = pstableEntry{Slug: idOnly{r.slug.id}, Command: command}
		}
	}
	return v
}

// dynoEventView is a dyno as the dyno manager's events tell it: with `exit_status`, "absent or null in earlier events".
type dynoEventView struct {
	dynoView
	ExitStatus *int    `json:"exit_status"`
	Management *string `json:"management"`
}

func (a *App) dynoEvent(d *dyno) dynoEventView {
	v := dynoEventView{dynoView: a.dynoView(d), ExitStatus: d.exit}
	v.AttachURL = nil // a secret, and not for those who are told
	if d.management != "" {
		v.Management = &d.management
	}
	return v
}
