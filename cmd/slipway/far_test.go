package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	githubsim "slipway/integrations/sim/github"
	"slipway/integrations/sim/world"
)

// far is a world on real loopback sockets, for a slipway run in another process.
type far struct{ *world.World }

func newFar(t testing.TB) *far {
	t.Helper()
	var listeners [3]net.Listener
	var urls [3]string
	for i := range listeners {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners[i], urls[i] = l, "http://"+l.Addr().String()
	}
	sender := &http.Transport{DialContext: onThisMachine}
	t.Cleanup(sender.CloseIdleConnections)
	w, err := world.New(world.Options{
		SlackURL: urls[0], GitHubURL: urls[1], HerokuURL: urls[2], Speed: 60, Client: &http.Client{Transport: sender},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range []http.Handler{w.Slack, w.GitHub, w.Heroku} {
		server := &http.Server{Handler: h}
		go func() { _ = server.Serve(listeners[i]) }()
		t.Cleanup(func() { _ = server.Close() })
	}
	t.Cleanup(w.Close)
	return &far{w}
}

// onThisMachine keeps the webhooks of a world from going anywhere else: hooks may have any address.
func onThisMachine(ctx context.Context, network, addr string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(addr); err != nil || !isLoopback(host) {
		return nil, fmt.Errorf("%s is not this machine", addr)
	}
	return (&net.Dialer{}).DialContext(ctx, network, addr)
}

// env is the environment of a bot in this world, with changes: NAME=value, or NAME alone to take it out.
func (f *far) env(changes ...string) []string {
	env := append(f.Env(), "PORT=0")
	for _, change := range changes {
		name, _, set := strings.Cut(change, "=")
		env = slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, name+"=") })
		if set {
			env = append(env, change)
		}
	}
	return env
}

// appID is the GitHub App's that app adds.
const appID = 77

// app is the environment of a bot that asks GitHub as an App with an id, and not with a token. App 77 is known there. The
// key is on one line, as dashboards store it.
func (f *far) app(t testing.TB, id int64) []string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if id == appID {
		f.GitHub.AddApp(githubsim.AppSpec{ID: id, Slug: "slipway", Name: "slipway", Owner: "penny-university", Key: &key.PublicKey, Permissions: githubsim.Permissions{
			"actions": "read", "checks": "read", "contents": "read", "metadata": "read", "pull_requests": "read", "repository_hooks": "write", "statuses": "read",
		}}, "penny-university/penny_university")
	}
	file := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	return f.env("GITHUB_TOKEN", fmt.Sprintf("GITHUB_APP_ID=%d", id), "GITHUB_APP_PRIVATE_KEY="+strings.ReplaceAll(string(file), "\n", `\n`))
}

// run starts slipway run in this world and waits until it listens. It gives the address of its listener.
func (f *far) run(t testing.TB, changes ...string) (*child, string) {
	t.Helper()
	c := start(t, how{Args: []string{"run"}, Env: f.env(changes...), Files: true})
	return c, listening(t, c)
}

// listening waits until a child says where it listens.
func listening(t testing.TB, c *child) string {
	t.Helper()
	text := c.says(c.errs, "msg=listening address=")
	_, address, _ := strings.Cut(text, "msg=listening address=")
	address, _, _ = strings.Cut(address, " ")
	_, port, err := net.SplitHostPort(strings.Trim(address, `"`))
	if err != nil {
		t.Fatal(err)
	}
	return "http://127.0.0.1:" + port
}

// answers waits until somebody reads an answer that has a text.
func (f *far) answers(t testing.TB, text string) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		changed := f.Slack.Changed()
		entries, _ := f.Slack.Journal(0)
		for _, e := range entries {
			if e.Message != nil && e.Message.BotID != "" && strings.Contains(e.Message.Text+string(e.Message.Blocks), text) {
				return
			}
		}
		select {
		case <-changed:
		case <-limit.C:
			t.Fatalf("no answer with %q within %v", text, patience)
		}
	}
}
