package heroku

import (
	"regexp"
	"strconv"
	"strings"
)

// CauseKind is why a release was made.
type CauseKind string

// The kinds that descriptions tell of. Heroku promises nothing about its descriptions.
const (
	UnknownCause CauseKind = ""
	Deploy       CauseKind = "deploy"        // Commit
	Rollback     CauseKind = "rollback"      // Version: the one gone back to
	Promotion    CauseKind = "promotion"     // App, Version, Commit: where the code came from
	Retry        CauseKind = "retry"         // Version: the one tried again
	ConfigSet    CauseKind = "config set"    // Names
	ConfigUnset  CauseKind = "config unset"  // Names
	Attached     CauseKind = "add-on attach" // Names
	Detached     CauseKind = "add-on detach" // Names
	Updated      CauseKind = "add-on update" // Names, By: a provider changed its config vars
)

// Cause is what a release's description says.
type Cause struct {
	Kind    CauseKind
	Text    string   // the description as it came, whatever its kind
	Commit  string   // hex digits, most often the first 8
	Version int      // of the release that it speaks of
	App     string   // that a promotion came from
	Names   []string // config vars, or one attachment
	By      string   // add-on service
}

// forms are the descriptions that Heroku is known to write; each must fit as a whole.
var forms = []struct {
	kind CauseKind
	form *regexp.Regexp
}{
	{Deploy, regexp.MustCompile(`^Deploy (?P<commit>[0-9a-f]{7,40})$`)},
	{Rollback, regexp.MustCompile(`^Rollback to v(?P<version>[0-9]+)$`)},
	{Promotion, regexp.MustCompile(`^Promote (?P<app>[a-z][a-z0-9-]*) v(?P<version>[0-9]+) (?P<commit>[0-9a-f]{7,40})$`)},
	{Retry, regexp.MustCompile(`(?s)^Retry of v(?P<version>[0-9]+)(?::.*)?$`)},
	{ConfigSet, regexp.MustCompile(`^Set (?P<names>\S+(?:, \S+)*) config vars?$`)},
	{ConfigUnset, regexp.MustCompile(`^(?:Remove|Unset) (?P<names>\S+(?:, \S+)*) config vars?$`)},
	{Attached, regexp.MustCompile(`^Attach (?P<name>[A-Z][A-Z0-9_]*)(?: \(.*\))?$`)},
	{Detached, regexp.MustCompile(`^Detach (?P<name>[A-Z][A-Z0-9_]*)(?: \(.*\))?$`)},
	{Updated, regexp.MustCompile(`^Update (?P<name>[A-Z][A-Z0-9_]*) by (?P<by>\S+)$`)},
}

// Cause reads the release's description.
func (r Release) Cause() Cause {
	for _, f := range forms {
		if m := f.form.FindStringSubmatch(r.Description); m != nil {
			return causeOf(f.kind, r.Description, f.form, m)
		}
	}
	return Cause{Text: r.Description}
}

func causeOf(kind CauseKind, text string, form *regexp.Regexp, m []string) Cause {
	c := Cause{Kind: kind, Text: text}
	for i, group := range form.SubexpNames() {
		switch group {
		case "commit":
			c.Commit = m[i]
		case "version":
			v, err := strconv.Atoi(m[i])
			if err != nil { // a number that no release has
				return Cause{Text: text}
			}
			c.Version = v
		case "app":
			c.App = m[i]
		case "name":
			c.Names = []string{m[i]}
		case "names":
			c.Names = strings.Split(m[i], ", ")
		case "by":
			c.By = m[i]
		}
	}
	return c
}

// code tells whether such a release usually brings other code.
func (k CauseKind) code() bool {
	return k == Deploy || k == Rollback || k == Promotion || k == Retry
}

// CodeReleases gives those of the releases, newest first as Releases gives them, that brought other code than
// the release before. One that failed or is pending has run nothing, so what follows it is compared with the one
// before it. The oldest has nothing to be compared with: its description decides.
func CodeReleases(releases []Release) []Release {
	var code []Release
	for i, r := range releases {
		before, ok := ranBefore(releases[i+1:])
		switch {
		case r.SlugID == "" && r.ImageID == "": // an app's first releases have no code at all
		case ok && !r.SameCode(before), !ok && r.Cause().Kind.code():
			code = append(code, r)
		}
	}
	return code
}

func ranBefore(older []Release) (Release, bool) {
	for _, r := range older {
		if r.Status != Failed && r.Status != Pending {
			return r, true
		}
	}
	return Release{}, false
}

// Current finds the release that really runs.
func Current(releases []Release) (Release, bool) {
	for _, r := range releases {
		if r.Current {
			return r, true
		}
	}
	return Release{}, false
}
