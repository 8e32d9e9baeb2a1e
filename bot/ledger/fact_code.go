package ledger

import (
	"time"

	"slipway/integrations/github"
)

// Branch is the deploy branch of a repository.
type Branch struct {
	Repo github.Repo
	Name string
	Read time.Time
}

// Head is where a branch points to. A push tells it with what it pointed to before, a reading without.
type Head struct {
	Repo   github.Repo
	Branch string
	SHA    string    // "": the branch was deleted. In what is known it follows from Moves
	Before string    // what it pointed to before this push; "" in a reading, and in what is known
	URL    string    // of the commit, for people; "" in a push
	At     time.Time // when it was pushed, in whole seconds, or when the reading began
	Read   time.Time
	Moves  []Move // what is known: what was told last, and shortly before. It is made by joining
}

// Move is one telling of where a branch points to.
type Move struct {
	Before, SHA, URL string
	At               time.Time
	Read             bool
}

// Push is a branch or tag that moved. Nobody can read pushes: they are told or not known.
type Push struct {
	Repo github.Repo
	Push github.PushEvent
	By   string // GitHub login
	At   time.Time
}

// Pull is a pull request.
type Pull struct {
	Repo     github.Repo
	Pull     github.Pull
	HeadRepo string // where its branch lies, owner/name; "" if that is not known
	Read     time.Time
}

// Commit is a commit. It never changes, but a push tells neither its parents nor its time.
type Commit struct {
	Repo   github.Repo
	Commit github.Commit
}

// Absent is a commit that GitHub said it does not know.
type Absent struct {
	Repo github.Repo
	SHA  string
	At   time.Time // when it was last asked
}

// Span is what lies between two commits, both whole SHAs. It never changes.
type Span struct {
	Repo       github.Repo
	Base, Head string
	Comparison github.Comparison
	At         time.Time // when it was last asked
}

// Subject is the repository.
func (f Branch) Subject() Subject { return inRepo(KindBranch, f.Repo) }

// Subject is the branch.
func (f Head) Subject() Subject { return inRepo(KindHead, f.Repo, f.Branch) }

// Subject is the one move of the branch: it may go the same way twice.
func (f Push) Subject() Subject {
	return inRepo(KindPush, f.Repo, f.Push.Ref, f.Push.Before, f.Push.After, number(millis(f.At)))
}

// Subject is the pull request.
func (f Pull) Subject() Subject { return inRepo(KindPull, f.Repo, number(int64(f.Pull.Number))) }

// Subject is the commit.
func (f Commit) Subject() Subject { return inRepo(KindCommit, f.Repo, f.Commit.SHA) }

// Subject is the commit that is not there.
func (f Absent) Subject() Subject { return inRepo(KindAbsent, f.Repo, f.SHA) }

// Subject is the two commits.
func (f Span) Subject() Subject { return inRepo(KindSpan, f.Repo, f.Base, f.Head) }
