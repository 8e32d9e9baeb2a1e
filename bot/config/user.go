package config

import "regexp"

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
