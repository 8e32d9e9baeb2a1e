package bot

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/config"
)

// doorkeeper answers for GitHub and Heroku: 401 to whom it does not let in, and else as if all were there.
type doorkeeper struct{ refuses []string }

func (d doorkeeper) RoundTrip(r *http.Request) (*http.Response, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	status, body := http.StatusOK, `{"id":"01234567-89ab-cdef-0123-456789abcdef","email":"slipway@example.com","full_name":"o/r","name":"r","default_branch":"main"}`
	if strings.Contains(r.URL.Path, "/repos/") {
		body = strings.Replace(body, `"01234567-89ab-cdef-0123-456789abcdef"`, "7", 1)
	}
	switch {
	case slices.Contains(d.refuses, token), strings.HasPrefix(token, "eyJ") && slices.Contains(d.refuses, "the App"):
		status, body = http.StatusUnauthorized, `{"id":"unauthorized","message":"Bad credentials"}`
	case slices.Contains(d.refuses, r.URL.Path):
		status, body = http.StatusForbidden, `{"id":"forbidden","message":"You do not have access to this resource."}`
	case slices.Contains(d.refuses, r.URL.Host):
		status, body = http.StatusInternalServerError, `{"message":"down"}`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// privateKey is one as GitHub makes it for an App.
func privateKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

func TestARefusedTokenIsToldByItsVariable(t *testing.T) {
	t.Parallel()
	one := config.Config{GitHubToken: config.NewSecret("ghp_read"), HerokuAPIKey: config.NewSecret("HRKU-read")}
	each := one
	each.GitHubWriteToken, each.HerokuWriteKey = config.NewSecret("ghp_write"), config.NewSecret("HRKU-write")
	reads := each
	if err := reads.Mode.Decode("read"); err != nil {
		t.Fatal(err)
	}
	app := one
	app.GitHubToken, app.GitHubAppID = config.Secret{}, 12345
	if err := app.GitHubAppKey.Decode(privateKey(t)); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		cfg     config.Config
		refuses []string
		want    []string // how the lines begin
		warned  int      // how often the log says that a token was not tried
	}{
		"all are taken":    {each, nil, nil, 0},
		"for both":         {one, []string{"ghp_read", "HRKU-read"}, []string{"GITHUB_TOKEN is refused: ", "HEROKU_API_KEY is refused: "}, 0},
		"those that read":  {each, []string{"ghp_read", "HRKU-read"}, []string{"GITHUB_TOKEN is refused: ", "HEROKU_API_KEY is refused: "}, 0},
		"those that write": {each, []string{"ghp_write", "HRKU-write"}, []string{"GITHUB_WRITE_TOKEN is refused: ", "HEROKU_WRITE_API_KEY is refused: "}, 0},
		"those not used":   {reads, []string{"ghp_write", "HRKU-write"}, nil, 0},
		"the App":          {app, []string{"the App"}, []string{"GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY is refused: "}, 0},
		"GitHub is away":   {each, []string{"api.github.com"}, nil, 2},
		"no identity":      {each, []string{"/account"}, nil, 0},
		"Heroku is away":   {each, []string{"api.heroku.com"}, nil, 2},
		"away and refused": {each, []string{"api.github.com", "HRKU-write"}, []string{"HEROKU_WRITE_API_KEY is refused: "}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := tc.cfg
			if err := cfg.Apps.Decode("penny-qa=o/r#c"); err != nil {
				t.Fatal(err)
			}
			var logged bytes.Buffer
			out := Outside{Log: slog.New(slog.NewTextHandler(&logged, nil)), Version: "test"}
			clients, err := newClients(cfg, out, doorkeeper{tc.refuses})
			if err != nil {
				t.Fatal(err)
			}
			b := &Bot{clients: clients, credentials: credentialsOf(cfg, clients), log: out.Log}
			var got []string
			if err := b.tryTokens(t.Context()); err != nil {
				got = strings.Split(err.Error(), "\n")
				if _, ok := errors.AsType[*TokenError](err); !ok {
					t.Errorf("%T", err)
				}
			}
			for i, want := range tc.want {
				if i < len(got) && strings.HasPrefix(got[i], want) && strings.HasSuffix(got[i], ".") {
					got[i] = want
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := strings.Count(logged.String(), "not tried whether a token is taken"); n != tc.warned {
				t.Errorf("the log says\n%s", logged.String())
			}
		})
	}
}
