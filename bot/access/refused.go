package access

import (
	"errors"

	"slipway/bot/say"
)

// The rules, as Refused and the audit trail name them. They are stored: add to them, never rename them. Those that end in
// “unknown” refuse because somebody could not say.
const (
	RulePersonUnknown   = "person unknown" // Slack does not say who asks
	RuleWorkspace       = "workspace"      // of another workspace
	RuleBot             = "bot"
	RuleDeactivated     = "deactivated"
	RuleGuest           = "guest"
	RuleChannelUnknown  = "channel unknown"  // the app's channel is not known, or not who is in it
	RuleChannel         = "channel"          // not in the app's channel
	RuleEmail           = "e-mail"           // Slack knows no address, so nobody on Heroku is known by it
	RuleRightsUnknown   = "rights unknown"   // Heroku does not say who may
	RuleCollaborator    = "collaborator"     // no collaborator of the app, and no operator
	RulePermission      = "permission"       // a collaborator who may not do this
	RuleSettingsUnknown = "settings unknown" // it is not known to whom .slipway.yml narrows it
	RuleGroupUnknown    = "group unknown"    // it is not known who is in a group to which .slipway.yml narrows it
	RuleCircle          = "access"           // not among those to whom .slipway.yml narrows it
	RuleNobody          = "access none"      // .slipway.yml lets nobody
	RulePresence        = "presence"         // somebody else runs with our app token
	RulePresenceUnknown = "presence unknown" // it is not known whether somebody does
)

// Refused is a no: the rule that says it, and the words for the person. The words end with how it goes on.
type Refused struct {
	Rule string
	*say.Refusal
	Others string // the words for others who are told of it: they name the person

	cause error // why somebody could not say; for the log, as it may hold anything
}

// Unwrap lets errors.As find the *say.Refusal, and who could not say.
func (r *Refused) Unwrap() []error {
	if r.cause == nil {
		return []error{r.Refusal}
	}
	return []error{r.Refusal, r.cause}
}

// RuleOf gives the rule that refused, "" for any other error and for none.
func RuleOf(err error) string {
	if r, ok := errors.AsType[*Refused](err); ok {
		return r.Rule
	}
	return ""
}

// Refuse is a no by a rule that somebody else than a Door keeps, in words that fit whoever reads them.
func Refuse(rule, text string) *Refused { return refuse(rule, text) }

// refuse is a no by a rule, in words that fit whoever reads them. Foreign text is made inert before.
func refuse(rule, text string) *Refused {
	return &Refused{Rule: rule, Refusal: &say.Refusal{Text: text}, Others: text}
}

// refuse is a no by a rule, in words that are about who asks.
func (q *inquiry) refuse(rule string, text func(v voice) string) *Refused {
	return &Refused{Rule: rule, Refusal: &say.Refusal{Text: text(voice{})}, Others: text(voice{q.who.User})}
}

// because keeps what went wrong.
func (r *Refused) because(err error) *Refused {
	r.cause = err
	return r
}
