package github

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// credential is as whom we ask: a token that stays, or an App that gets itself new ones.
type credential interface {
	authorize(ctx context.Context, h http.Header) error
	hide(text string) string // takes the tokens out of a text
}

func newCredential(o Options, root *url.URL) (credential, error) {
	switch {
	case o.App != nil && o.Token != "":
		return nil, errors.New("a GitHub token and a GitHub App are given; use one of them")
	case o.App != nil:
		return newInstallations(*o.App, o.HTTP, root)
	}
	if err := checkToken(o.Token); err != nil {
		return nil, err
	}
	return &bearer{o.Token}, nil
}

// bearer is one token. It is used by its pointer, beneath which fmt does not look.
type bearer struct{ token string }

func (b *bearer) authorize(_ context.Context, h http.Header) error {
	h.Set("Authorization", "Bearer "+b.token)
	return nil
}

func (b *bearer) hide(text string) string { return strings.ReplaceAll(text, b.token, "***") }

// checkToken refuses what no token is, and what net/http would quote in an error about a bad header.
func checkToken(token string) error {
	if token == "" {
		return errors.New("a GitHub token is needed")
	}
	for i := range len(token) {
		if b := token[i]; b <= ' ' || b > '~' {
			return errors.New("the GitHub token holds a space, a line break or a letter outside ASCII; paste it again")
		}
	}
	return nil
}
