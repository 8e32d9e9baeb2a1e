package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/bradleyfalzon/ghinstallation/v2"
)

// App is a GitHub App with its private key. It must be installed on the account that owns a repository; which
// installation that is, the client finds by itself.
type App struct {
	ID         int64
	PrivateKey string // PEM, as GitHub gives it when the key is made
}

// String leaves the key out.
func (a App) String() string { return fmt.Sprintf("App %d", a.ID) }

// GoString is String: %#v must not show the key either.
func (a App) GoString() string { return a.String() }

// LogValue is String, for handlers that look at fields.
func (a App) LogValue() slog.Value { return slog.StringValue(a.String()) }

// installations is an App with a token for each account that it is installed on. A token lives for an hour and is
// renewed within its last minute.
type installations struct {
	app  *ghinstallation.AppsTransport
	root string // the API's, without a slash at its end

	mu      sync.Mutex
	byOwner map[string]*installation
}

// installation is the App on one account. Its turn is a channel and no mutex, so that waiting for a token that
// somebody else renews ends with the caller's context.
type installation struct {
	turn   chan struct{}
	tokens *ghinstallation.Transport // nil until it was found
}

func newInstallations(a App, next http.RoundTripper, root *url.URL) (*installations, error) {
	if a.ID <= 0 {
		return nil, errors.New("the GitHub App's id must be a number above 0")
	}
	app, err := ghinstallation.NewAppsTransport(next, a.ID, []byte(a.PrivateKey))
	if err != nil { // it may quote the key
		return nil, errors.New("the GitHub App's private key cannot be read; give the whole PEM file that GitHub made")
	}
	out := &installations{app: app, root: strings.TrimSuffix(root.String(), "/"), byOwner: map[string]*installation{}}
	app.BaseURL = out.root
	return out, nil
}

// authorize finds or renews the token for the repository of the request.
func (a *installations) authorize(ctx context.Context, h http.Header) error {
	repo, _ := ctx.Value(repoKey{}).(Repo) // Client.ask puts it there for all there is to ask
	in := a.of(repo.Owner)
	select {
	case in.turn <- struct{}{}:
	case <-ctx.Done():
		return &unsent{ctx.Err()}
	}
	defer func() { <-in.turn }()
	if in.tokens == nil {
		id, err := a.find(ctx, repo)
		if err != nil {
			return err
		}
		tokens := ghinstallation.NewFromAppsTransport(a.app, id)
		a.locked(func() { in.tokens = tokens })
	}
	token, err := in.tokens.Token(ctx)
	if err == nil && token == "" {
		err = &badAnswer{Malformed, 0, "GitHub gave the App a token that is empty"}
	}
	if err != nil {
		a.locked(func() { in.tokens = nil }) // installed anew, it has another id
		return mintError(err)
	}
	h.Set("Authorization", "Bearer "+token)
	return nil
}

// of gives the installation of an account, found already or not.
func (a *installations) of(owner string) *installation {
	owner = strings.ToLower(owner)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byOwner[owner] == nil {
		a.byOwner[owner] = &installation{turn: make(chan struct{}, 1)}
	}
	return a.byOwner[owner]
}

// find asks as the App itself where it is installed.
func (a *installations) find(ctx context.Context, repo Repo) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/repos/%s/installation", a.root, repo), nil)
	if err != nil {
		return 0, &unsent{err}
	}
	resp, err := a.app.RoundTrip(req)
	if err != nil {
		return 0, mintError(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, refusedApp(resp)
	}
	var found struct{ ID int64 }
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, maxAnswer)).Decode(&found); err != nil || found.ID == 0 {
		return 0, &badAnswer{Malformed, resp.StatusCode, "GitHub's answer does not tell where the App is installed"}
	}
	return found.ID, nil
}

// mintError sorts the failures of getting a token; the request itself was not sent.
func mintError(err error) error {
	failed, ok := errors.AsType[*ghinstallation.HTTPError](err)
	switch {
	case ok && failed.Response != nil:
		_ = failed.Response.Body.Close() // the library leaves it open
		return refusedApp(failed.Response)
	case ok:
		err = failed.RootCause
	}
	if _, ok := errors.AsType[*badAnswer](err); ok {
		return err
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &badAnswer{Malformed, 0, "GitHub's answer holds no token for the App"}
	}
	return &unsent{fmt.Errorf("get a token for the App: %w", err)}
}

// refusedApp says what a refusal means to whoever set the App up.
func refusedApp(resp *http.Response) error {
	kind, text := Malformed, "the App got no token"
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized:
		kind, text = Unauthorized, "GitHub does not know the App by its id and key; check both, and this machine's clock"
	case s == http.StatusForbidden:
		kind, text = Forbidden, "GitHub refuses the App; its installation may be suspended"
	case s == http.StatusNotFound:
		kind, text = NotFound, "the App is not installed on this repository's account, or may not see the repository"
	case s == http.StatusTooManyRequests:
		kind, text = SlowDown, "the App asked for tokens too fast"
	case s >= 500, isHTML(resp.Header):
		kind, text = Unavailable, "GitHub gave the App no token"
	}
	return &badAnswer{kind, resp.StatusCode, cmp.Or(text, resp.Status)}
}

var jwt = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)

func (a *installations) hide(text string) string {
	text = jwt.ReplaceAllString(text, "***")
	return installationToken.ReplaceAllString(text, "***")
}

// installationToken is how tokens of installations look. The current ones could be compared with, but then one that was
// renewed a moment ago would be shown.
var installationToken = regexp.MustCompile(`ghs_[A-Za-z0-9_.-]+`)

func (a *installations) locked(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}
