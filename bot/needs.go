package bot

import "slipway/bot/doctor"

// Needs are the permissions of Scopes, with what each is for.
func Needs() []doctor.Scope {
	list := make([]doctor.Scope, len(scopes))
	for i, s := range scopes {
		list[i] = doctor.Scope{Name: s.name, Why: s.why}
	}
	return list
}
