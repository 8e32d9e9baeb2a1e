package notices

import (
	"time"

	"slipway/bot/board"
	"slipway/bot/config"
	"slipway/bot/config/settings"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
)

// scene is all that the notices of one app are drawn from.
type scene struct {
	now      time.Time
	app      config.App
	writes   bool // slipway may change the app
	known    *ledger.Known
	settings settings.App
	since    time.Time                        // from when on news are told; what happened before is history
	mention  func(login, email string) string // Slack's mark that calls a person, or their name; nil while nobody is to be called
	plan     func(base, head string)          // has the undo made of what lies between two commits; does not block
	save     func()                           // has the backups read; does not block
	due      time.Time                        // when to look again without news; zero: never
	gaps     []gap                            // when slipway was away for long
	doubt    bool                             // that something did not come is not sure yet: it should be read now

	stand    map[board.Key]bool // the notices that there are
	standing map[board.Key]bool // those that said when last drawn that something goes on

	// shared is true where another app of the repository tells in this channel, too.
	shared bool

	// repoTeller is true for the one app of a channel and repository that tells of what belongs to the repository alone.
	repoTeller bool

	// caller is true for the one app of a repository that calls people for what belongs to the repository alone.
	caller bool
}

// name is the app's, as titles have it.
func (s *scene) name() string { return phrase.App(s.app.Name, s.settings.Production) }

// whose begins the title of what could be another app's: of the same repository, or not production.
func (s *scene) whose() string {
	if s.shared || s.settings.Production {
		return s.name() + ", "
	}
	return ""
}

// notice is one message that should stand, and what it says now.
type notice struct {
	key    board.Key
	parent board.Key // in whose thread it stands; "": in none
	page   page
	urgent bool // goes first when there is a queue: somebody must act
}

// kinds draw the notices of an app, each its own: those that stand, or should, oldest first. What happened before since is
// not told, nor what nobody is helped by any more (fresh).
func kinds() []func(*scene) []notice {
	return []func(*scene) []notice{
		(*scene).changes,
		(*scene).checks,
		(*scene).pulls,
		(*scene).releases,
		(*scene).starts,
	}
}

// oldNews is after how long without anything new a message is left as it stands, and not posted any more.
const oldNews = 24 * time.Hour

// fresh tells whether what happened last at t is still worth telling.
func (s *scene) fresh(t time.Time) bool { return s.now.Sub(t) < oldNews }

// wanted tells whether a notice whose last news came at t is drawn: it is fresh, or it stands and is not at its end.
func (s *scene) wanted(key board.Key, t time.Time) bool { return s.standing[key] || s.fresh(t) }

// told tells whether what began at t is news, and not history. GitHub and Heroku tell whole seconds.
func (s *scene) told(t time.Time) bool { return !t.Before(s.since.Truncate(time.Second)) }

// again asks for a look at t, when time alone changes what is said.
func (s *scene) again(t time.Time) {
	if t.After(s.now) && (s.due.IsZero() || t.Before(s.due)) {
		s.due = t
	}
}
