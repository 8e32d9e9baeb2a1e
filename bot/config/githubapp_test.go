package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"testing"

	"slipway/integrations/github"
)

// A key takes a moment to make.
var keyOnce = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func block(kind string, bytes []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
}

// appKey is a private key as GitHub gives it.
func appKey() string { return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(keyOnce())) }

func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func TestAPrivateKeyIsReadAsDashboardsStoreIt(t *testing.T) {
	t.Parallel()
	key := appKey()
	based := base64.StdEncoding.EncodeToString([]byte(key))
	for name, in := range map[string]string{
		"as it is":               key,
		"without the last break": strings.TrimSpace(key),
		"Windows' breaks":        strings.ReplaceAll(key, "\n", "\r\n"),
		`\n`:                     strings.ReplaceAll(key, "\n", `\n`),
		`\r\n`:                   strings.ReplaceAll(key, "\n", `\r\n`),
		"on one line":            strings.ReplaceAll(key, "\n", " "),
		"base64":                 based,
		"base64 on two lines":    based[:76] + "\n" + based[76:] + "\n",
	} {
		var k PrivateKey
		if err := k.Decode(in); err != nil || k.Reveal() != key {
			t.Errorf("%s: %v", name, err)
		}
	}
	var k PrivateKey
	if err := k.Decode(pkcs8(t, keyOnce())); err != nil || k.IsZero() {
		t.Errorf("PKCS 8: %v", err)
	}
	if err := k.Decode(" "); err != nil || !k.IsZero() {
		t.Errorf("nothing: %v", err)
	}
}

func TestAPrivateKeyTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	key := appKey()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&keyOnce().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ in, want string }{
		"a file's name":    {"slipway.private-key.pem", "is no PEM file, neither as it is nor in base64"},
		"other base64":     {"aHVudGVy", "is no PEM file, neither as it is nor in base64"},
		"cut short":        {key[:400], "is a PEM file that is cut short or broken"},
		"the first line":   {"-----BEGIN RSA PRIVATE KEY-----", "is a PEM file that is cut short or broken"},
		"broken":           {strings.Replace(key, "\n", "\n!", 2), "is a PEM file that is cut short or broken"},
		"a public key":     {block("PUBLIC KEY", public), "holds a public key"},
		"an elliptic one":  {pkcs8(t, curve), "holds no RSA private key"},
		"a certificate":    {block("CERTIFICATE", public), "holds no RSA private key"},
		"under a password": {block("ENCRYPTED PRIVATE KEY", []byte("hunter")), "holds a key under a password"},
		"under a password, old": {
			string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"DEK-Info": "AES-128-CBC,0"}, Bytes: []byte("hunter")})),
			"holds a key under a password",
		},
	} {
		var k PrivateKey
		faults := Variable{Name: "GITHUB_APP_PRIVATE_KEY"}.faults(k.Decode(tc.in))
		if want := "GITHUB_APP_PRIVATE_KEY " + tc.want + ". Make one on the App's page"; !strings.HasPrefix(faults.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", name, faults, want)
		}
	}
}

func TestGitHubIsAskedAsATokenOrAsAnApp(t *testing.T) {
	const id, key = "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"
	for name, tc := range map[string]struct {
		env  map[string]string
		want string // how the lines begin, with | between; "" for no fault
	}{
		"an App":                {map[string]string{"GITHUB_TOKEN": "", id: "12345", key: appKey()}, ""},
		"an App, and gh's own":  {map[string]string{"GITHUB_TOKEN": "", id: "12345", key: appKey(), "GH_TOKEN": "gho_x"}, ""},
		"an App that writes as": {map[string]string{"GITHUB_TOKEN": "", id: "12345", key: appKey(), "GITHUB_WRITE_TOKEN": "ghp_x"}, ""},
		"neither":               {map[string]string{"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is missing. Make a fine-grained one"},
		"neither, but a slip":   {map[string]string{"GITHUB_TOKEN": "", "GITHUB_TOKN": "ghp_x"}, "GITHUB_TOKEN is not set, but GITHUB_TOKN is."},
		"both":                  {map[string]string{id: "12345", key: appKey()}, "GITHUB_TOKEN is set, and so is a GitHub App. Use one of them: "},
		"no key":                {map[string]string{"GITHUB_TOKEN": "", id: "12345"}, "GITHUB_APP_PRIVATE_KEY is missing, and GITHUB_APP_ID is set. Make one on the App's page"},
		"no id":                 {map[string]string{"GITHUB_TOKEN": "", key: appKey()}, "GITHUB_APP_ID is missing, and GITHUB_APP_PRIVATE_KEY is set. It is the number"},
		"a bad key":             {map[string]string{"GITHUB_TOKEN": "", id: "12345", key: "hunter"}, "GITHUB_APP_PRIVATE_KEY is no PEM file"},
		"both halves bad":       {map[string]string{"GITHUB_TOKEN": "", id: "-1", key: "hunter"}, "GITHUB_APP_ID is no number above 0. It is|GITHUB_APP_PRIVATE_KEY is no PEM file"},
		"a client id":           {map[string]string{"GITHUB_TOKEN": "", id: "Iv23liAbC", key: appKey()}, "GITHUB_APP_ID holds the App's client id (Iv…) in place of its id. It is the number"},
		"a token and half an App": {
			map[string]string{id: "12345"},
			"GITHUB_TOKEN is set, and so is a GitHub App. |GITHUB_APP_PRIVATE_KEY is missing, and GITHUB_APP_ID is set.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			setenv(t, tc.env)
			_, err := Load()
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wants := strings.Split(tc.want, "|")
			if err == nil || strings.Count(err.Error(), "\n") != len(wants)-1 {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			for i, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, wants[i]) {
					t.Errorf("got %s\nwant %s", line, wants[i])
				}
			}
		})
	}
}

func TestCredentialsForReadingAndForWriting(t *testing.T) {
	app := map[string]string{"GITHUB_TOKEN": "", "GITHUB_APP_ID": "12345", "GITHUB_APP_PRIVATE_KEY": strings.ReplaceAll(appKey(), "\n", `\n`)}
	with := func(env map[string]string, name, value string) map[string]string {
		out := map[string]string{name: value}
		for k, v := range env {
			out[k] = v
		}
		return out
	}
	as := func(o github.Options) string {
		if o.App != nil {
			return o.App.String() + o.Token
		}
		return o.Token
	}
	for name, tc := range map[string]struct {
		env            map[string]string
		github, heroku [4]string // reading, writing, and the variables of each
	}{
		"one for both": {
			nil,
			[4]string{"github_pat_hunter", "github_pat_hunter", "GITHUB_TOKEN", "GITHUB_TOKEN"},
			[4]string{"HRKU-hunter", "HRKU-hunter", "HEROKU_API_KEY", "HEROKU_API_KEY"},
		},
		"one for each": {
			map[string]string{"GITHUB_WRITE_TOKEN": "ghp_w", "HEROKU_WRITE_API_KEY": "HRKU-w"},
			[4]string{"github_pat_hunter", "ghp_w", "GITHUB_TOKEN", "GITHUB_WRITE_TOKEN"},
			[4]string{"HRKU-hunter", "HRKU-w", "HEROKU_API_KEY", "HEROKU_WRITE_API_KEY"},
		},
		"an App": {
			app,
			[4]string{"App 12345", "App 12345", "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY"},
			[4]string{"HRKU-hunter", "HRKU-hunter", "HEROKU_API_KEY", "HEROKU_API_KEY"},
		},
		"an App that only reads": {
			with(app, "GITHUB_WRITE_TOKEN", "ghp_w"),
			[4]string{"App 12345", "ghp_w", "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY", "GITHUB_WRITE_TOKEN"},
			[4]string{"HRKU-hunter", "HRKU-hunter", "HEROKU_API_KEY", "HEROKU_API_KEY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			setenv(t, with(tc.env, "HEROKU_API_URL", "http://127.0.0.1:4013"))
			c, err := Load()
			if err != nil {
				t.Fatal(err)
			}
			reading, writing := c.GitHubVariables()
			if got := [4]string{as(c.GitHubReading()), as(c.GitHubWriting()), reading, writing}; got != tc.github {
				t.Errorf("GitHub: %q, want %q", got, tc.github)
			}
			reading, writing = c.HerokuVariables()
			if got := [4]string{c.HerokuReading().Token, c.HerokuWriting().Token, reading, writing}; got != tc.heroku {
				t.Errorf("Heroku: %q, want %q", got, tc.heroku)
			}
			if c.HerokuWriting().URL != "http://127.0.0.1:4013" || c.GitHubWriting().URL != "https://api.github.com" {
				t.Error("what is changed is elsewhere")
			}
			for _, o := range []github.Options{c.GitHubReading(), c.GitHubWriting()} {
				o.HTTP = http.DefaultTransport
				if _, err := github.New(o); err != nil {
					t.Errorf("no client can be made: %v", err)
				}
			}
		})
	}
}
