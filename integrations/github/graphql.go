package github

import (
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// graphqlError is one of those that come with status 200.
type graphqlError struct{ Type, Message string }

// graphqlKinds are the types that mean: refused, nothing was done. Of any other, nobody says what was done before.
var graphqlKinds = map[string]Kind{
	"NOT_FOUND":           NotFound,
	"FORBIDDEN":           Forbidden,
	"INSUFFICIENT_SCOPES": Forbidden,
	"UNPROCESSABLE":       Invalid,
	"RATE_LIMITED":        OutOfQuota,
}

// refusedByGraphQL makes one error of them: a refusal if all say the same one, else a failure half way.
func refusedByGraphQL(errs []graphqlError, resp *gh.Response) *Error {
	e := &Error{Kind: Unavailable}
	var texts []string
	for i, said := range errs {
		if kind, ok := graphqlKinds[said.Type]; ok && (i == 0 || e.Kind == kind) {
			e.Kind = kind
		} else {
			e.Kind = Unavailable
		}
		texts = append(texts, said.Message)
	}
	e.Message = line(strings.Join(texts, "; "))
	if e.Kind == OutOfQuota {
		var h http.Header
		if resp != nil && resp.Response != nil {
			h = resp.Header
		}
		e.wait(h)
	}
	return e
}
