package github_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway/integrations/github"
)

// rsaKey is the private key of an App.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// appKey is the private key as GitHub gives it.
func appKey() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey())}))
}

// appEnd is a GitHub that knows an App: it mints tokens that live for an hour.
type appEnd struct {
	mu     sync.Mutex
	minted int
	found  int
	mint   http.HandlerFunc // nil: a token
	find   http.HandlerFunc // nil: installation 5
	then   http.HandlerFunc // what the token is for; nil: a repository
}

func (a *appEnd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	auth := r.Header.Get("Authorization")
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/installation"):
		a.found++
		if a.find != nil {
			a.find(w, r)
			return
		}
		says(200, `{"id":5}`)(w, r)
	case r.URL.Path == "/app/installations/5/access_tokens":
		a.minted++
		if a.mint != nil {
			a.mint(w, r)
			return
		}
		if claims(auth)["iss"] != "77" {
			says(401, `{"message":"A JSON web token could not be decoded"}`)(w, r)
			return
		}
		says(201, fmt.Sprintf(`{"token":"ghs_%d","expires_at":%q}`, a.minted, time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))(w, r)
	case auth != fmt.Sprintf("Bearer ghs_%d", a.minted):
		says(401, `{"message":"Bad credentials: `+auth+`"}`)(w, r)
	case a.then != nil:
		a.then(w, r)
	default:
		says(200, goodRepo)(w, r)
	}
}

// claims reads a JSON web token without looking at its signature.
func claims(auth string) map[string]any {
	parts := strings.Split(strings.TrimPrefix(auth, "Bearer "), ".")
	if len(parts) != 3 {
		return nil
	}
	text, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var out map[string]any
	_ = json.Unmarshal(text, &out)
	return out
}

func appStage(t *testing.T, end *appEnd) (*github.Client, *far) {
	t.Helper()
	_, far := stage(t, end.ServeHTTP)
	c, err := github.New(github.Options{URL: farURL, App: &github.App{ID: 77, PrivateKey: appKey()}, HTTP: &http.Transport{DialContext: far.net.DialContext, DisableKeepAlives: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, far
}

func TestAnAppGetsATokenForEachAccountAndRenewsItInTime(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		end := &appEnd{}
		client, _ := appStage(t, end)
		ask := func(repo github.Repo, found, minted int) {
			t.Helper()
			if _, err := client.Repository(t.Context(), repo); err != nil {
				t.Fatal(err)
			}
			if end.found != found || end.minted != minted {
				t.Errorf("%v: looked %d times where it is installed and minted %d tokens, want %d and %d", repo, end.found, end.minted, found, minted)
			}
		}
		ask(penny, 1, 1)
		ask(github.Repo{Owner: "Penny-University", Name: "other"}, 1, 1)
		time.Sleep(58 * time.Minute)
		ask(penny, 1, 1)
		time.Sleep(90 * time.Second)
		ask(penny, 1, 2)
		ask(github.Repo{Owner: "elsewhere", Name: "x"}, 2, 3)
	})
}

func TestManyMayWaitForOneToken(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		end := &appEnd{}
		end.mint = func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			says(201, fmt.Sprintf(`{"token":"ghs_1","expires_at":%q}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))(w, r)
		}
		client, _ := appStage(t, end)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := client.Repository(t.Context(), penny); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if end.minted != 1 || end.found != 1 {
			t.Errorf("minted %d tokens, looked %d times", end.minted, end.found)
		}
	})
}

func TestAnAppWithoutATokenSaysWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		find, mint http.HandlerFunc
		kind       github.Kind
		text       string
	}{
		"wrong key":          {says(401, `{"message":"x"}`), nil, github.Unauthorized, "clock"},
		"not installed":      {says(404, `{"message":"Not Found"}`), nil, github.NotFound, "not installed"},
		"unwell":             {says(503, ``), nil, github.Unavailable, ""},
		"no id":              {says(200, `{}`), nil, github.Malformed, "where the App is installed"},
		"drops":              {drops, nil, github.Unreachable, "get a token for the App"},
		"mint: 401":          {nil, says(401, `{}`), github.Unauthorized, "clock"},
		"mint: suspended":    {nil, says(403, `{"message":"This installation has been suspended"}`), github.Forbidden, "suspended"},
		"mint: gone":         {nil, says(404, `{}`), github.NotFound, "not installed"},
		"mint: 429":          {nil, says(429, `{}`), github.SlowDown, "too fast"},
		"mint: html 503":     {nil, says(503, `<html>`, "Content-Type", "text/html"), github.Unavailable, ""},
		"mint: drops":        {nil, drops, github.Unreachable, "get a token for the App"},
		"mint: no JSON":      {nil, says(201, `hello`), github.Malformed, "no token"},
		"mint: empty token":  {nil, says(201, `{"token":""}`), github.Malformed, "empty"},
		"mint: takes a year": {nil, hangsWithBody, github.Unreachable, "no answer in 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T) {
				client, _ := appStage(t, &appEnd{find: c.find, mint: c.mint})
				err := client.Cancel(t.Context(), penny, 7)
				e := fails(t, err)
				if e.Kind != c.kind || e.Ambiguous || !strings.Contains(e.Error(), c.text) || strings.Contains(e.Error(), "eyJ") {
					t.Errorf("got %v, ambiguous %v", e, e.Ambiguous)
				}
			})
		})
	}
}

func TestAnAppThatWasInstalledAnewIsFoundAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T) {
		end := &appEnd{mint: says(404, `{}`)}
		client, _ := appStage(t, end)
		if _, err := client.Repository(t.Context(), penny); github.KindOf(err) != github.NotFound {
			t.Fatal(err)
		}
		end.mint = nil
		if _, err := client.Repository(t.Context(), penny); err != nil || end.found != 2 {
			t.Errorf("looked %d times, %v", end.found, err)
		}
	})
}

func TestAnAppKeepsItsKeyAndTokensToItself(t *testing.T) {
	t.Parallel()
	app := github.App{ID: 77, PrivateKey: appKey()}
	options := github.Options{App: &app}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", app, app, &app), fmt.Sprintf("%v %+v %#v", options, options, options)} {
		if strings.Contains(text, "PRIVATE") {
			t.Error(text)
		}
	}
	bubble(t, func(t *testing.T) {
		client, _ := appStage(t, &appEnd{then: says(404, `{"message":"no route for ghs_1 nor eyJhbGciOi.eyJpc3Mi.c2ln"}`)})
		_, err := client.Repository(t.Context(), penny)
		if e := fails(t, err); e.Message != "no route for *** nor ***" {
			t.Error(e)
		}
	})
	for name, o := range map[string]github.Options{
		"both":     {Token: token, App: &app},
		"no id":    {App: &github.App{PrivateKey: appKey()}},
		"no key":   {App: &github.App{ID: 77}},
		"half key": {App: &github.App{ID: 77, PrivateKey: appKey()[:200]}},
	} {
		if _, err := github.New(o); err == nil || strings.Contains(err.Error(), "MII") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
