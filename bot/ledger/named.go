package ledger

import "regexp"

// named gives a fact of an app its name in place of whatever it was called by. Other facts stay as they are.
func named(f Fact, app string) Fact {
	switch f := f.(type) {
	case App:
		f.App = app
		return f
	case Release:
		f.App = app
		return f
	case Slug:
		f.App = app
		return f
	case Build:
		f.App = app
		return f
	case Dyno:
		f.App = app
		return f
	case Process:
		f.App = app
		return f
	case Output:
		f.App = app
		return f
	}
	return f
}

// appOf gives the app that a fact belongs to, by its name or id, if it belongs to one.
func appOf(f Fact) (app string, ok bool) {
	switch f := f.(type) {
	case App:
		return f.App, true
	case Release:
		return f.App, true
	case Slug:
		return f.App, true
	case Build:
		return f.App, true
	case Dyno:
		return f.App, true
	case Process:
		return f.App, true
	}
	return "", false
}

// uuid is the form of Heroku's ids. No app is called so: names have at most 30 letters.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func isID(app string) bool { return uuid.MatchString(app) }
