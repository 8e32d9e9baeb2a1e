package settings

import (
	"regexp"
	"slices"
	"strings"
)

// Verb is something that people do to an app.
type Verb string

// The verbs, as the file calls them.
const (
	Deploy   Verb = "deploy"   // ship something again
	Rollback Verb = "rollback" // go back to an earlier release
	Restore  Verb = "restore"  // put a backup in the database's place
	Schedule Verb = "schedule" // change or run what the scheduler runs
	Hold     Verb = "hold"     // stop automatic deploys, and let them go on
	Operate  Verb = "operate"  // restart dynos, back the database up, and turn maintenance mode on or off
)

// Verbs are all of them, in the order of the document.
func Verbs() []Verb { return []Verb{Deploy, Rollback, Restore, Schedule, Hold, Operate} }

// Access narrows who may do what, of those who may at all: the app's Heroku collaborators and slipway's operators. It gives
// nobody a right. A verb that is not in it is not narrowed.
type Access map[Verb]Circle

// Circle are the people that a verb is narrowed to. Without users and groups it is nobody.
type Circle struct {
	Users  []string // Slack user ids
	Groups []string // handles of Slack's user groups, without “@”
}

func accessKeys() []key {
	return []key{
		accessTo(Deploy, "who may ship something again"),
		accessTo(Rollback, "who may go back to an earlier release"),
		accessTo(Restore, "who may put a backup in the database's place"),
		accessTo(Schedule, "who may change or run scheduled jobs"),
		accessTo(Hold, "who may stop automatic deploys and let them go on"),
		accessTo(Operate, "who may restart dynos, back the database up, and turn maintenance mode on or off"),
	}
}

func accessTo(verb Verb, what string) key {
	return key{
		name: "access." + string(verb), takes: "`none`, or a list of Slack user ids and `\"@usergroup\"` handles",
		preset: "all who may change the app", what: what,
		read: func(v value, to *App) {
			if circle, ok := v.circle(); ok {
				to.Access[verb] = circle
			}
		},
	}
}

func (v value) circle() (c Circle, ok bool) {
	items := v.items()
	if len(items) == 1 && v.nobody() {
		return Circle{}, true
	}
	before := len(v.faults)
	for _, item := range items {
		if v.full() {
			return c, false
		}
		if word, ok := item.word(); ok {
			item.admit(word, &c)
		}
	}
	return c, len(items) > 0 && len(v.faults) == before
}

// nobody tells whether the whole value, not one of a list, is a word for nobody. “no” and “off” are as narrow as “none”, so
// nothing is lost by taking them for it.
func (v value) nobody() bool {
	if len(v.node.Content) > 0 || null(v.node) {
		return false
	}
	word := strings.ToLower(strings.TrimSpace(v.node.Value))
	return denies(word) || word == "nobody"
}

// handle is looser than Slack's rule, which no source gives.
var handle = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}][\p{Ll}\p{Lo}\p{M}\p{N}._-]{0,79}$`)

// admit puts a person or a group into a circle.
func (v value) admit(word string, to *Circle) {
	group, at := strings.CutPrefix(word, "@")
	meant, isUser := meantUser(word)
	switch {
	case everybody(word):
		v.fault("cannot be %s: the file may narrow who may, never widen it. Leave it out to narrow nothing.", quoted(word))
	case userID.MatchString(word):
		to.Users = with(to.Users, word)
	case isUser:
		v.fault("cannot hold %s. Did you mean `%s`?", quoted(word), meant)
	case at && handle.MatchString(group):
		to.Groups = with(to.Groups, group)
	case at && handle.MatchString(strings.ToLower(group)):
		v.fault("cannot hold %s. Did you mean %s? Handles are lower case.", quoted(word), quoted("\"@"+strings.ToLower(group)+"\""))
	case denies(strings.ToLower(word)), strings.EqualFold(word, "nobody"):
		v.fault("holds %s in a list. It is `none` alone, or a list without it.", quoted(word))
	case handle.MatchString(word):
		v.fault("cannot hold %s. If that is a user group, write %s.", quoted(word), quoted("\"@"+word+"\""))
	default:
		v.fault("cannot hold %s. It takes %s.", quoted(word), v.key.takes)
	}
}

// everybody tells the words that would widen. Slack's own for a whole channel are among them; others with “@” may well be
// names of groups.
func everybody(word string) bool {
	low := strings.ToLower(word)
	switch strings.Trim(low, "<!@>") {
	case "*", "all", "any", "anyone", "anybody", "everyone", "everybody", "channel", "here", "group":
		return true
	}
	return affirms(low) || low == "members" || low == "collaborators" || low == "operators"
}

func with(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}
