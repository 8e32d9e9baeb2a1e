package ledger

import (
	"errors"
	"time"

	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// List is what is read in one piece, in the words that people see. It is stored: the words stay.
type List string

// What is read from GitHub.
const (
	Branches List = "the deploy branch"
	Heads    List = "commits" // the head of the deploy branch
	Runs     List = "runs"
	Jobs     List = "jobs"
	Pulls    List = "pull requests"
	Statuses List = "commit statuses"
	Checks   List = "check runs"
	Commits  List = "the commit"
	Spans    List = "what lies between the commits"
	Undos    List = "the undo"
	Saved    List = "the backups"
)

// What is read from Heroku.
const (
	Apps      List = "maintenance mode"
	Releases  List = "releases"
	Slugs     List = "the commit of" // a release
	Outputs   List = "the output of" // a release
	Builds    List = "builds"
	Dynos     List = "dynos"
	Formation List = "the formation"
)

// Listed is a list that was read whole: what it does not name is gone. It is told of Dynos, by DynoKey, and of Formation,
// by type.
type Listed struct {
	App   string
	What  List
	Names []string
	Read  time.Time
}

// Reading is when a list was last read, and what went wrong since. A reading that went well has At alone, one that did not
// has Trouble alone.
type Reading struct {
	Scope   string // RepoScope or AppScope
	What    List
	Of      string    // which, of what there are many of: Want.Of. "" of the lists
	At      time.Time // when the request was begun that last went well; zero: none did
	Trouble *Trouble  // the last one; it is over if At is not before it
}

// Trouble is why something could not be read. It holds nothing that a far end wrote.
type Trouble struct {
	At     time.Time // when the request was begun
	Kind   string    // a github.Kind or heroku.Kind; "" if the error is none of theirs
	Status int       // of the answer; 0 if none came
	Until  time.Time // not before then, as the far end said; zero: it did not say
}

// TroubleOf is the trouble that an error of the integrations tells of, nil for none. At is when the request was begun, now
// when it failed: Heroku tells how long to wait and not until when.
func TroubleOf(at, now time.Time, err error) *Trouble {
	if err == nil {
		return nil
	}
	t := &Trouble{At: at}
	if g, ok := errors.AsType[*github.Error](err); ok {
		t.Kind, t.Status, t.Until = string(g.Kind), g.Status, g.Until
	} else if h, ok := errors.AsType[*heroku.Error](err); ok {
		t.Kind, t.Status = string(h.Kind), h.Status
		if h.RetryAfter > 0 {
			t.Until = now.Add(h.RetryAfter)
		}
	}
	return t
}

// Sender is who sends webhooks, as people call it.
type Sender string

// The senders.
const (
	GitHub Sender = "GitHub"
	Heroku Sender = "Heroku"
)

// Heard is when the last delivery of a sender came that was folded.
type Heard struct {
	Scope  string // RepoScope or AppScope
	Sender Sender
	At     time.Time
}

// Subject is the list.
func (f Listed) Subject() Subject { return inApp(KindListed, f.App, string(f.What)) }

// Subject is the list, or the one of many.
func (f Reading) Subject() Subject {
	return Subject{Kind: KindReading, Scope: f.Scope, Key: string(f.What) + "|" + f.Of}
}

// Subject is the sender.
func (f Heard) Subject() Subject {
	return Subject{Kind: KindHeard, Scope: f.Scope, Key: string(f.Sender)}
}
