package herokusim

import (
	"net/http"
	"regexp"
	"strings"
)

var versionOf = regexp.MustCompile(`^application/vnd\.heroku\+json;\s*version=([\w.-]+)$`)

// version tells which version of the API an Accept header asks for: "`version=3` is the default", and "`3.sdk` is the
// newer one". The other variants of 3 read like 3 here. Anything but 3 is not acceptable.
func version(accept string) (sdk bool, err error) {
	m := versionOf.FindStringSubmatch(strings.TrimSpace(accept))
	switch {
	case m == nil, m[1] == "3":
		return false, nil
	case m[1] == "3.sdk":
		return true, nil
	case strings.HasPrefix(m[1], "3."):
		return false, nil
	}
	return false, &fault{
		status: http.StatusNotAcceptable, ID: "not_acceptable",
		Message: "Set the `Accept: application/vnd.heroku+json; version=3` header and try again.",
	}
}
