package heroku

import (
	"encoding/json"
	"errors"
	"time"
)

// DynoEvent is a dyno that began, changed its state or ended, scheduled ones among them (Dyno.Type is scheduler).
type DynoEvent struct {
	AppID      string
	App        string
	Dyno       Dyno
	Management string // how it is run: run:detached, …
	ExitStatus *int   // nil until it ended
}

// Exit gives the exit status, once there is one. A dyno that was not there to the end has none, ever.
func (e DynoEvent) Exit() (status int, ok bool) {
	if e.ExitStatus == nil {
		return 0, false
	}
	return *e.ExitStatus, true
}

type dynoData struct {
	ID, Name, Type, State, Command, Size string
	App                                  struct{ ID, Name string }
	Release                              struct{ Version int }
	Management                           string
	ExitStatus                           *int  `json:"exit_status"`
	CreatedAt                            stamp `json:"created_at"`
	UpdatedAt                            stamp `json:"updated_at"`
}

func (d dynoData) ours(envelope) (DynoEvent, error) {
	if d.ID == "" && d.Name == "" {
		return DynoEvent{}, errNoID
	}
	return DynoEvent{
		AppID: d.App.ID, App: d.App.Name,
		Dyno: Dyno{
			ID: d.ID, Name: d.Name, Type: d.Type, State: d.State, Command: d.Command, Size: d.Size, Release: d.Release.Version,
			CreatedAt: time.Time(d.CreatedAt), UpdatedAt: time.Time(d.UpdatedAt),
		},
		Management: d.Management, ExitStatus: d.ExitStatus,
	}, nil
}

// FormationEvent is a process type that was scaled, or is gone.
type FormationEvent struct {
	AppID   string
	App     string
	Process Process
	Was     *int // its quantity before; nil if that did not change
}

type formationData struct {
	ID                  string
	App                 struct{ ID, Name string }
	Type, Command, Size string
	Quantity            int
}

func (d formationData) ours(e envelope) (FormationEvent, error) {
	if d.Type == "" {
		return FormationEvent{}, errors.New("the event has no process type")
	}
	out := FormationEvent{
		AppID: d.App.ID, App: d.App.Name,
		Process: Process{Type: d.Type, Command: d.Command, Size: d.Size, Quantity: d.Quantity},
	}
	var before struct{ Quantity *int }
	if json.Unmarshal(e.Previous, &before) == nil {
		out.Was = before.Quantity
	}
	return out, nil
}
