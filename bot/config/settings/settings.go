package settings

import (
	"maps"
	"regexp"
)

// Settings are what .slipway.yml says. The zero value is a repository without the file: the defaults.
type Settings struct {
	top  *App           // what holds for all apps; nil: the defaults
	apps map[string]App // the apps with settings of their own, merged with top
}

// For gives the settings of one app: its own where it has some, else the repository's, else the defaults. Its maps are shared;
// they are for reading.
func (s Settings) For(app string) App {
	if own, ok := s.apps[app]; ok {
		return own
	}
	if s.top != nil {
		return *s.top
	}
	return defaults()
}

// App is what holds for one Heroku app.
type App struct {
	Branch     string // the branch that deploys; "": the repository's default branch
	Production bool   // visitors use it
	Deploy     Way
	Health     string // the path that answers while the app is well, "/healthz"; "": not said
	Notify     Notify
	People     People
	Access     Access
}

// Way is the way from a merge to Heroku.
type Way struct {
	Workflow string         // ".github/workflows/deploy.yml"; "": not said
	Step     *regexp.Regexp // matches the names of steps that ship; nil: not said
}

// Notify is what slipway tells without being asked.
type Notify struct {
	Checks   Checks // of pull requests
	Changes  bool   // merges and what became of them
	Releases bool   // releases that no merge made
	Silence  bool   // that something did not come
}

func defaults() App {
	return App{
		Notify: Notify{Checks: FailedChecks, Changes: true, Releases: true, Silence: true},
		People: People{},
		Access: Access{},
	}
}

// clone gives a copy to be changed.
func (a App) clone() App {
	a.People, a.Access = maps.Clone(a.People), maps.Clone(a.Access)
	return a
}
