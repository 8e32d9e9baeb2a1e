package settings

import "regexp"

func healthKeys() []key {
	return []key{{
		name: "health", takes: "a path of the app's own address, such as `/healthz`", preset: "not asked for",
		what: "what answers while the app is well (status 200 to 399); asked for after a rollback",
		read: func(v value, to *App) {
			if path, ok := v.word(); ok && v.path(path) {
				to.Health = path
			}
		},
	}}
}

// ownPath matches a path that cannot lead to another host: the file names none, the app's address comes from Heroku.
var ownPath = regexp.MustCompile(`^/(?:[A-Za-z0-9._~!$&'()*+,;=:@?-][A-Za-z0-9._~!$&'()*+,;=:@?/%-]{0,199})?$`)

func (v value) path(path string) bool {
	if ownPath.MatchString(path) {
		return true
	}
	v.wrong()
	return false
}
