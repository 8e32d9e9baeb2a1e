package heroku

import "errors"

// CollaboratorEvent is somebody who got, changed or lost access to an app.
type CollaboratorEvent struct {
	AppID  string
	App    string
	Person Collaborator
}

type collaboratorData struct {
	App         struct{ ID, Name string }
	User        struct{ Email string }
	Role        string
	Permissions []struct{ Name string }
}

func (d collaboratorData) ours(envelope) (CollaboratorEvent, error) {
	if d.User.Email == "" {
		return CollaboratorEvent{}, errors.New("the event has no person")
	}
	out := CollaboratorEvent{AppID: d.App.ID, App: d.App.Name, Person: Collaborator{Email: d.User.Email, Role: d.Role}}
	for _, may := range d.Permissions {
		out.Person.Permissions = append(out.Person.Permissions, may.Name)
	}
	return out, nil
}

// AddonEvent is an add-on that was made, changed or destroyed.
type AddonEvent struct {
	Addon Addon
	State string // provisioning, provisioned or deprovisioned; "" when Heroku does not say
}

type addonData struct {
	ID, Name, State string
	App             struct{ ID, Name string }
	Plan            struct{ Name string }
}

func (d addonData) ours(envelope) (AddonEvent, error) {
	if d.ID == "" {
		return AddonEvent{}, errNoID
	}
	return AddonEvent{Addon: Addon{ID: d.ID, Name: d.Name, AppID: d.App.ID, App: d.App.Name, Plan: d.Plan.Name}, State: d.State}, nil
}

// AttachmentEvent is an add-on that was attached to an app or detached from it.
type AttachmentEvent struct{ Attachment Attachment }

type attachmentData struct{ attachment }

func (d attachmentData) ours(envelope) (AttachmentEvent, error) {
	if d.ID == "" {
		return AttachmentEvent{}, errNoID
	}
	return AttachmentEvent{d.attachment.ours()}, nil
}
