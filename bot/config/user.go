package config

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// User is a Slack user id: U…, or W… of an enterprise; "" is nobody.
type User string

var userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// Decode is for package envconfig.
func (u *User) Decode(value string) error {
	if value != "" && !userID.MatchString(value) {
		return problem{text: "is no Slack user id"}
	}
	*u = User(value)
	return nil
}

// Users are several people, in the order in which they were given, each once.
type Users []User

// Decode is for package envconfig. It reads ids with commas between. White space around them is ignored, and so are empty ones.
func (u *Users) Decode(value string) error {
	*u = nil
	var problems []error
	for entry := range strings.SplitSeq(value, ",") {
		var one User
		entry = strings.TrimSpace(entry)
		if one.Decode(entry) != nil {
			problems = append(problems, noUser(entry))
		} else if one != "" && !slices.Contains(*u, one) {
			*u = append(*u, one)
		}
	}
	return errors.Join(problems...)
}

// likelyID finds the id in what people copy: a mention, or an id in lower case.
var likelyID = regexp.MustCompile(`(?i)^<?@?([UW][A-Z0-9]{7,})(?:\|[^>]*)?>?$`)

// otherIDs are what Slack's other ids begin with.
var otherIDs = []struct {
	pattern *regexp.Regexp
	what    string
}{
	{regexp.MustCompile(`^(<!subteam\^)?S[A-Z0-9]{7,}`), "a user group's id"},
	{regexp.MustCompile(`^[CG][A-Z0-9]{7,}$`), "a channel's id"},
	{regexp.MustCompile(`^D[A-Z0-9]{7,}$`), "the id of a direct message"},
	{regexp.MustCompile(`^B[A-Z0-9]{7,}$`), "a bot's id"},
	{regexp.MustCompile(`^A[A-Z0-9]{7,}$`), "an app's id"},
	{regexp.MustCompile(`^T[A-Z0-9]{7,}$`), "a workspace's id"},
}

// noUser tells what an entry is instead of a user's id. What has no digit is a name.
func noUser(entry string) error {
	digits := strings.ContainsAny(entry, "0123456789")
	if m := likelyID.FindStringSubmatch(entry); m != nil && digits {
		return problem{"has " + quoted(entry) + ", which is no Slack user id", "Did you mean " + strings.ToUpper(m[1]) + "?"}
	}
	for _, other := range otherIDs {
		if digits && other.pattern.MatchString(entry) {
			return problem{text: "has " + quoted(entry) + ", which is " + other.what}
		}
	}
	switch {
	case strings.ContainsAny(entry, " \t\n;"):
		return problem{text: "has " + quoted(entry) + ", which is no Slack user id; commas go between several"}
	case strings.Contains(strings.TrimPrefix(entry, "@"), "@"):
		return problem{text: "has " + quoted(entry) + ", which is an e-mail address and no Slack user id"}
	}
	return problem{text: "has " + quoted(entry) + ", which is a name and no Slack user id"}
}
