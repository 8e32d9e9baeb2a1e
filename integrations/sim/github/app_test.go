package githubsim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"
)

const appID = 4711

// key is the App's private key. It is made once: that takes long.
var key = sync.OnceValue(func() *rsa.PrivateKey { return first(rsa.GenerateKey(rand.Reader, 2048)) })

// jwt signs claims as an App does.
func jwt(by *rsa.PrivateKey, alg string, claims map[string]any) string {
	part := func(v any) string { return base64.RawURLEncoding.EncodeToString(first(json.Marshal(v))) }
	text := part(map[string]string{"alg": alg, "typ": "JWT"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(first(rsa.SignPKCS1v15(nil, by, crypto.SHA256, sum[:])))
}

func claims(iss any, issued, expires time.Duration) map[string]any {
	now := time.Now()
	return map[string]any{"iss": iss, "iat": now.Add(issued).Unix(), "exp": now.Add(expires).Unix()}
}

// withApp installs an App that may read contents and write checks and hooks of the world's repository.
func (w world) withApp(hook *HookSpec) (installation int64) {
	return w.s.AddApp(AppSpec{
		ID: appID, Slug: "slipway", Name: "slipway", Owner: "penny", Key: &key().PublicKey, Hook: hook,
		Permissions: Permissions{"contents": "read", "checks": "write", "pull_requests": "write"},
	}, "penny/university")
}

// facts 6.2, "`POST /app/installations/{id}/access_tokens` | 201 with expires_at + 1 h; checks the JWT's RS256
// signature, iss, iat, exp".
func TestAnAppGetsATokenForAnHour(t *testing.T) {
	key()
	inWorld(t, func(w world) {
		id := w.withApp(nil)
		path := fmt.Sprintf("/app/installations/%d/access_tokens", id)
		good := "Bearer " + jwt(key(), "RS256", claims(appID, -time.Minute, 9*time.Minute))
		a := w.askWith(http.MethodPost, path, "", "Authorization", good)
		if a.StatusCode != http.StatusCreated {
			w.Fatalf("%s %s", a.Status, a.body)
		}
		o := a.json(w.T)
		if o["expires_at"] != time.Now().Add(time.Hour).UTC().Format(time.RFC3339) || at(o, "permissions.metadata") != "read" {
			w.Errorf("%v", o)
		}
		app := gh.NewClient(w.http).WithAuthToken(o["token"].(string))
		app.BaseURL = w.gh.BaseURL
		_, _, err := app.Repositories.Get(w.Context(), "penny", "university")
		check(w.T, err)
		time.Sleep(time.Hour + time.Second)
		if _, res, _ := app.Repositories.Get(w.Context(), "penny", "university"); res.StatusCode != http.StatusUnauthorized {
			w.Errorf("after an hour: %s", res.Status)
		}
		other := first(rsa.GenerateKey(rand.Reader, 2048))
		for name, c := range map[string]struct {
			token, message string
		}{
			"another key":       {jwt(other, "RS256", claims(appID, 0, time.Minute)), "A JSON web token could not be decoded"},
			"another algorithm": {jwt(key(), "none", claims(appID, 0, time.Minute)), "A JSON web token could not be decoded"},
			"another App":       {jwt(key(), "RS256", claims(1, 0, time.Minute)), "'Issuer' claim"},
			"of the future":     {jwt(key(), "RS256", claims(appID, time.Minute, 2*time.Minute)), "'Issued at' claim"},
			"expired":           {jwt(key(), "RS256", claims(appID, -time.Hour, -time.Second)), "'Expiration time' claim"},
			"for too long":      {jwt(key(), "RS256", claims("4711", 0, 11*time.Minute)), "too far in the future"},
			"no JWT":            {token, "could not be decoded"},
		} {
			a := w.askWith(http.MethodPost, path, "", "Authorization", "Bearer "+c.token)
			if a.StatusCode != http.StatusUnauthorized || !strings.Contains(string(a.body), c.message) {
				w.Errorf("%s: %s %s", name, a.Status, a.body)
			}
		}
	})
}

func TestAnAppFindsItsInstallation(t *testing.T) {
	key()
	inWorld(t, func(w world) {
		id := w.withApp(nil)
		app := gh.NewClient(w.http).WithAuthToken(jwt(key(), "RS256", claims("4711", 0, 5*time.Minute)))
		app.BaseURL = w.gh.BaseURL
		in, _, err := app.Apps.FindRepositoryInstallation(w.Context(), "penny", "university")
		check(w.T, err)
		all, _, err := app.Apps.ListInstallations(w.Context(), nil)
		check(w.T, err)
		me, _, err := app.Apps.Get(w.Context(), "")
		check(w.T, err)
		if in.GetID() != id || in.GetAppID() != appID || len(all) != 1 || all[0].GetAccount().GetLogin() != "penny" || me.GetSlug() != "slipway" {
			w.Errorf("%v %v %v", in, all, me)
		}
		for _, body := range []string{`{"repositories":["other"]}`, `{"permissions":{"contents":"write"}}`} {
			a := w.askWith(http.MethodPost, fmt.Sprintf("/app/installations/%d/access_tokens", id), body,
				"Authorization", "Bearer "+jwt(key(), "RS256", claims(appID, 0, time.Minute)))
			if a.StatusCode != http.StatusUnprocessableEntity {
				w.Errorf("%s: %s %s", body, a.Status, a.body)
			}
		}
	})
}

// facts 4, "App hook deliveries | App JWT, `GET /app/hook/deliveries`, no permission"; an App's payloads carry the
// installation.
func TestAnAppsHookDeliversAndRedelivers(t *testing.T) {
	key()
	inWorld(t, func(w world) {
		rec := w.receive()
		id := w.withApp(&HookSpec{URL: "http://" + receiverAddress + "/hook", Secret: secret, ContentType: "json", Events: []string{"push"}})
		first(w.r.Push("master", CommitSpec{Author: "bob", Message: "x [skip ci]"}))
		w.settle()
		got := rec.take()
		if len(got) != 2 || got[1].event() != "push" || at(got[1].payload(), "installation.id") != float64(id) ||
			got[1].header.Get("X-GitHub-Hook-Installation-Target-Type") != "integration" || got[1].header.Get("X-GitHub-Hook-Installation-Target-ID") != "4711" {
			w.Fatalf("%v", got)
		}
		app := gh.NewClient(w.http).WithAuthToken(jwt(key(), "RS256", claims(appID, 0, time.Minute)))
		app.BaseURL = w.gh.BaseURL
		list, _, err := app.Apps.ListHookDeliveries(w.Context(), nil)
		check(w.T, err)
		if len(list) != 2 || list[0].GetInstallationID() != id {
			w.Fatalf("%v", list)
		}
		_, _, _ = app.Apps.RedeliverHookDelivery(w.Context(), list[0].GetID())
		w.settle()
		if again := rec.take(); len(again) != 1 || again[0].guid() != got[1].guid() {
			w.Errorf("%v", again)
		}
	})
}

// facts 4 and 6.4, "403s also `X-Accepted-GitHub-Permissions`": fine-grained tokens do only what they are for.
func TestPermissionsRefuse(t *testing.T) {
	key()
	inWorld(t, func(w world) {
		id := w.withApp(nil)
		var in string
		w.s.locked(func() { in, _ = w.s.installationToken(w.s.apps[0].installs[0], nil, nil) })
		w.s.AddFineToken("github_pat_reader", "bob", Permissions{"actions": "read", "contents": "read"}, "penny/university")
		head := w.r.Head("migrations").SHA
		for _, c := range []struct {
			token, method, path string
			status              int
			wants               string
		}{
			{"github_pat_reader", "GET", "", 200, "metadata=read"},
			{"github_pat_reader", "GET", "/actions/runs", 200, "actions=read"},
			{"github_pat_reader", "POST", "/actions/runs/1/cancel", 403, "actions=write"},
			{"github_pat_reader", "GET", "/hooks", 403, "repository_hooks=read"},
			{"github_pat_reader", "POST", "/statuses/" + head, 403, "statuses=write"},
			{"github_pat_reader", "GET", "/commits/" + head + "/status", 403, "statuses=read"},
			{"github_pat_reader", "GET", "/commits/" + head + "/pulls", 200, "pull_requests=read; contents=read"},
			{"github_pat_reader", "PUT", "/pulls/45/merge", 403, "contents=write"},
			{in, "GET", "/commits/" + head + "/check-runs", 200, "checks=read"},
			{in, "GET", "/actions/runs", 403, "actions=read"},
			{token, "GET", "/hooks", 200, "repository_hooks=read"},
		} {
			a := w.askWith(c.method, below(c.path), "", "Authorization", "Bearer "+c.token)
			if a.StatusCode != c.status || a.Header.Get("X-Accepted-GitHub-Permissions") != c.wants {
				w.Errorf("%s %s: %s, accepts %q", c.method, c.path, a.Status, a.Header.Get("X-Accepted-GitHub-Permissions"))
			}
			message := "Resource not accessible by personal access token"
			if c.token == in {
				message = "Resource not accessible by integration"
			}
			if a.StatusCode == 403 && !strings.Contains(string(a.body), message) {
				w.Errorf("%s %s: %s", c.method, c.path, a.body)
			}
		}
		_ = id
	})
}

// facts 6.2, "A renamed repository answers 301 on GET".
func TestARenamedRepositoryMoved(t *testing.T) {
	inWorld(t, func(w world) {
		w.r.Rename("college")
		a := w.get(below("/pulls/45?x=1"))
		if want := "http://" + address + "/repositories/98230417/pulls/45?x=1"; a.StatusCode != 301 || a.Header.Get("Location") != want {
			w.Errorf("%s to %s, want %s", a.Status, a.Header.Get("Location"), want)
		}
		r, _, err := w.gh.Repositories.Get(w.Context(), "penny", "university")
		check(w.T, err)
		if r.GetFullName() != "penny/college" {
			w.Error(r.GetFullName())
		}
		if a := w.do(http.MethodPost, below("/statuses/x"), "{}"); a.StatusCode != http.StatusTemporaryRedirect {
			w.Errorf("a write: %s", a.Status)
		}
	})
}

// facts 6.3: the new pull request reverts the merged one, is told by push and pull_request opened, and does not
// merge; "GraphQL errors come with HTTP **200** and `errors[]`".
func TestRevertingAPullRequest(t *testing.T) {
	inWorld(t, func(w world) {
		node := w.get(below("/pulls/45")).json(w.T)["node_id"].(string)
		ask := func(query string, variables any) (int, map[string]any) {
			a := w.do(http.MethodPost, "/graphql", string(first(json.Marshal(map[string]any{"query": query, "variables": variables}))))
			var o map[string]any
			check(w.T, json.Unmarshal(a.body, &o))
			return a.StatusCode, o
		}
		const mutation = `mutation($input: RevertPullRequestInput!) {
			revertPullRequest(input: $input) { pullRequest { number } revertPullRequest { number title headRefName url } } }`
		input := map[string]any{"input": map[string]any{"pullRequestId": node, "body": "Too slow."}}
		if status, o := ask(mutation, input); status != 200 || o["errors"] == nil || at(o, "data.revertPullRequest") != nil {
			w.Errorf("not merged: %d %v", status, o)
		}
		first(w.r.Merge(45, "merge", "alice"))
		w.settle()
		rec := w.receive("push", "pull_request")
		master := w.r.Head("master").SHA
		status, o := ask(mutation, input)
		made := at(o, "data.revertPullRequest.revertPullRequest")
		if status != 200 || at(made, "number") != 47.0 || at(made, "title") != `Revert "Add a field"` || at(made, "headRefName") != "revert-45-migrations" ||
			at(o, "data.revertPullRequest.pullRequest.number") != 45.0 {
			w.Fatalf("%d %v", status, o)
		}
		w.settle()
		if got := lines(rec.take()); !slices.Equal(got, []string{"push refs/heads/revert-45-migrations 1 commits", "pull_request opened #47 merged=false"}) {
			w.Errorf("%q", got)
		}
		files := w.r.git.commits[w.r.Head("revert-45-migrations").SHA].files
		if w.r.git.blobs[files["app/models.py"]] != "a = 1\n" || files["app/migrations/0002.py"] != "" || w.r.Head("master").SHA != master {
			w.Error("it is not the inverse, or it was merged")
		}
		if _, o := ask(mutation, input); o["errors"] == nil {
			w.Errorf("twice: %v", o)
		}
		if _, o := ask(mutation, map[string]any{"input": map[string]any{"pullRequestId": "PR_none"}}); !strings.Contains(fmt.Sprint(o["errors"]), "NOT_FOUND") {
			w.Errorf("unknown: %v", o)
		}
		if _, o := ask(`query { viewer { login } }`, nil); !strings.Contains(fmt.Sprint(o["errors"]), "not simulated") {
			w.Errorf("another document: %v", o)
		}
	})
}
