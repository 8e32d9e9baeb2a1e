package ledger

import (
	"strconv"
	"strings"
	"time"

	"slipway/integrations/github"
)

// Fact is what was told or read about one thing. All facts are stored as JSON: add fields, never rename them.
//
// The field Read, where a kind has it, is when the request was begun that told the fact; the zero time is a webhook.
type Fact interface {
	// Subject is the thing.
	Subject() Subject
	// join gives what is known after both, which are of the same subject. It is commutative, associative and idempotent,
	// but that a fact takes its normal form when it is joined with itself.
	join(Fact) Fact
	// row are the values of the table's columns, but for the fact itself.
	row() []any
}

// Subject names one thing that is known of.
type Subject struct {
	Kind  Kind
	Scope string // the repository or app that it belongs to, in small letters
	Key   string // tells it from the others of its kind and scope
}

// String is for logs: "run penny-university/penny_university 123/1".
func (s Subject) String() string {
	return strings.TrimSpace(string(s.Kind) + " " + s.Scope + " " + s.Key)
}

// Kind is a kind of fact. Its name is stored for ever.
type Kind string

// The kinds of facts.
const (
	KindBranch  Kind = "branch"
	KindHead    Kind = "head"
	KindPush    Kind = "push"
	KindPull    Kind = "pull"
	KindRun     Kind = "run"
	KindJob     Kind = "job"
	KindStatus  Kind = "status"
	KindCheck   Kind = "check"
	KindCommit  Kind = "commit"
	KindAbsent  Kind = "absent"
	KindSpan    Kind = "span"
	KindUndo    Kind = "undo"
	KindBackups Kind = "backups"
	KindApp     Kind = "app"
	KindRelease Kind = "release"
	KindSlug    Kind = "slug"
	KindBuild   Kind = "build"
	KindDyno    Kind = "dyno"
	KindProcess Kind = "process"
	KindOutput  Kind = "output"
	KindListed  Kind = "listed"
	KindReading Kind = "reading"
	KindHeard   Kind = "heard"
)

// RepoScope and AppScope are the scopes of what belongs to a repository and to an app. GitHub does not tell capitals from
// small letters in a repository's name.
func RepoScope(r github.Repo) string { return strings.ToLower(r.String()) }

// AppScope is the scope of what belongs to an app.
func AppScope(app string) string { return strings.ToLower(app) }

func inRepo(k Kind, r github.Repo, key ...string) Subject {
	return Subject{Kind: k, Scope: RepoScope(r), Key: strings.Join(key, " ")}
}

func inApp(k Kind, app string, key ...string) Subject {
	return Subject{Kind: k, Scope: AppScope(app), Key: strings.Join(key, " ")}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// millis is how a time is stored in a column: milliseconds since 1970, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// yes is how a bool is stored in a column, and what it counts in a comparison.
func yes(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
