package herokusim

import (
	"slices"
	"time"
)

// Owner is the e-mail of the one who owns the app.
func (a *App) Owner() string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.owner.email
}

// Collaborators are the e-mails of those who may change the app, besides its owner.
func (a *App) Collaborators() []string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	var emails []string
	for _, who := range a.collaborators {
		emails = append(emails, who.email)
	}
	return emails
}

// AddCollaborator lets a person change the app; one who may already stays so.
func (a *App) AddCollaborator(email string) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.addCollaborator(a.server.account(email), a.owner)
}

// RemoveCollaborator takes that back; the owner stays.
func (a *App) RemoveCollaborator(email string) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.removeCollaborator(a.server.account(email), a.owner)
}

func (a *App) addCollaborator(who, by *account) {
	if a.shownTo(who) {
		return
	}
	a.collaborators = append(a.collaborators, who)
	a.updated = time.Now()
	a.server.announce(a, "api:collaborator", "create", by.email, a.collaboratorView(who, "collaborator"))
}

func (a *App) removeCollaborator(who, by *account) {
	if !slices.Contains(a.collaborators, who) {
		return
	}
	a.collaborators = without(a.collaborators, who)
	a.updated = time.Now()
	a.server.announce(a, "api:collaborator", "destroy", by.email, a.collaboratorView(who, "collaborator"))
}

func (s *Server) createCollaborator(r *request) (any, error) {
	var body struct {
		User string `json:"user"` // email or id
	}
	if err := r.decode(&body); err != nil {
		return nil, err
	}
	for _, who := range s.accounts {
		if who.email == body.User || who.id == body.User {
			r.app.addCollaborator(who, r.account)
			return created(r.app.collaboratorView(who, "collaborator")), nil
		}
	}
	return nil, notFound("user")
}

// deleteCollaborator finds the person by email, by id, or by the id of the collaboration.
func (s *Server) deleteCollaborator(r *request) (any, error) {
	want := r.PathValue("collaborator")
	for _, who := range r.app.collaborators {
		v := r.app.collaboratorView(who, "collaborator")
		if want == who.email || want == who.id || want == v.ID {
			r.app.removeCollaborator(who, r.account)
			return v, nil
		}
	}
	return nil, notFound("collaborator")
}
