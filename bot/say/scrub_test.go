package say

import (
	"strings"
	"testing"
	"time"
)

// secrets has one sample of every shape. Each is made up, and glued together so that no other scanner takes it for real.
var secrets = []struct{ name, text, want, secret string }{
	{"GitHub classic token", "use ghp_" + a36 + ", please", "use ghp_[secret], please", a36},
	{"GitHub OAuth token", "gho_" + a36, "gho_[secret]", a36},
	{"GitHub user token", "ghu_" + a36, "ghu_[secret]", a36},
	{"GitHub server token", "ghs_" + a36, "ghs_[secret]", a36},
	{"GitHub refresh token", "ghr_" + a36, "ghr_[secret]", a36},
	{"GitHub fine-grained token", "github_pat_11A_" + a36, "github_pat_[secret]", a36},
	{"GitHub token in a remote", "https://x-access-token:ghs_" + a36 + "@github.com/o/r.git", "https://[secret]", a36},
	{"Slack bot token", "xoxb-" + "123456789012-123456789012-" + a24, "xoxb-[secret]", a24},
	{"Slack user token", "xoxp-" + "1-2-3-" + a24, "xoxp-[secret]", a24},
	{"Slack legacy workspace token", "xoxa-" + "2-" + a24, "xoxa-[secret]", a24},
	{"Slack refresh token", "xoxr-" + "1-" + a24, "xoxr-[secret]", a24},
	{"Slack session token", "xoxs-" + "1-" + a24, "xoxs-[secret]", a24},
	{"Slack configuration token", "xoxe-" + "1-" + a24, "xoxe-[secret]", a24},
	{"Slack rotating bot token", "xoxe.xoxb-" + "1-" + a24, "xoxe.xoxb-[secret]", a24},
	{"Slack app token", "xapp-" + "1-A012ABCDEF0-1234567890123-" + a36, "xapp-[secret]", a36},
	{"Slack webhook", "https://hooks.slack.com/services/T0/B0/" + a24, "https://hooks.slack.com/services/[secret]", a24},
	{"Slack response_url", `{"response_url":"https://hooks.slack.com/commands/T0/1/` + a24 + `"}`, `{"response_url":"https://hooks.slack.com/commands/[secret]"}`, a24},
	{"Slack socket", "dial wss://wss-primary.slack.com/link/?ticket=" + a24 + "&app_id=1", "dial wss://wss-primary.slack.com/link/?ticket=[secret]&app_id=1", a24},
	{"Heroku key", "HRKU-" + "AA" + a36 + "_-x", "HRKU-[secret]", a36},
	{"Heroku UUID key", "HEROKU_API_KEY: " + aUUID, "HEROKU_API_KEY: [secret]", aUUID},
	{"Heroku UUID near password", "the password is " + aUUID + ".", "the password is [secret].", aUUID},
	{"Heroku UUID near api_key", "api_key -> " + aUUID, "api_key -> [secret]", aUUID},
	{"Heroku build output", "https://build-output.heroku.com/streams/ab/cd?x=" + a24, "https://build-output.heroku.com/streams/[secret]", a24},
	{"Heroku release output", "<https://release-output.heroku.com/streams/" + a24 + "|log>", "<https://release-output.heroku.com/streams/[secret]|log>", a24},
	{"Heroku log session", "https://logs-api.heroku.com/streams/x?srv=" + a24, "https://logs-api.heroku.com/streams/[secret]", a24},
	{"Heroku rendezvous", "rendezvous://rendezvous.runtime.heroku.com:5000/" + a24, "rendezvous://[secret]", a24},
	{"Postgres address", "DATABASE_URL: postgres://u:" + a24 + "@ec2.example.com:5432/db", "DATABASE_URL: postgres://[secret]", a24},
	{"Postgres address with odd password", "postgresql://u:p/a@ss" + a24 + "@h/db", "postgresql://[secret]", a24},
	{"Redis address", "rediss://:" + a24 + "@h:6379", "rediss://[secret]", a24},
	{"AMQP address", "amqps://u:" + a24 + "@h/v", "amqps://[secret]", a24},
	{"any address with a password", "ftp://bob:" + a24 + "@example.com/x", "ftp://[secret]@example.com/x", a24},
	{"web address with a token", "git clone https://" + a24 + "@example.com/x", "git clone https://[secret]@example.com/x", a24},
	{"AWS key id", "AKIA" + "ABCDEFGHIJKLMNOP", "AKIA[secret]", "ABCDEFGHIJKLMNOP"},
	{"AWS session key id", "ASIA" + "ABCDEFGHIJKLMNOP", "ASIA[secret]", "ABCDEFGHIJKLMNOP"},
	{"AWS secret key", "aws_secret_access_key = " + "\"" + a36 + "\"", "aws_secret_access_key = \"[secret]\"", a36},
	{
		"signed S3 address", "https://b.s3.amazonaws.com/k?X-Amz-Credential=" + a24 + "%2F2026&X-Amz-Expires=60&X-Amz-Signature=" + a36,
		"https://b.s3.amazonaws.com/k?X-Amz-Credential=[secret]&X-Amz-Expires=60&X-Amz-Signature=[secret]", a36,
	},
	{"signed blob address", "https://x.blob.core.windows.net/l?se=2026&sig=" + a24 + "%3D&sp=r", "https://x.blob.core.windows.net/l?se=2026&sig=[secret]&sp=r", a24},
	{"JWT", "jwt eyJ" + "hbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0." + a24 + " ends", "jwt [secret] ends", a24},
	{"private key", "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE\n" + a36 + "\n-----END RSA PRIVATE " + "KEY-----\nafter", "[secret]\nafter", a36},
	{"private key on one line", `KEY -----BEGIN PRIVATE ` + `KEY-----\n` + a36 + `\n-----END PRIVATE ` + `KEY----- after`, "KEY [secret] after", a36},
	{"private key without its end", "-----BEGIN OPENSSH PRIVATE " + "KEY-----\n" + a36, "[secret]", a36},
	{"private key in base64", "KEY LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVk" + "tLS0tLQo" + a36 + "= after", "KEY [secret] after", a36},
	{"private key in base64 on lines", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVk" + "tLS0tLQo\n" + a36 + "\n" + a24 + "==\nafter", "[secret]\nafter", a36},
	{"watchdog", "call https://hc-ping.com/" + aUUID + "/start.", "call https://hc-ping.com/[secret]", aUUID},
	{"watchdog of one's own", "https://healthchecks.io/ping/" + a24, "https://healthchecks.io/ping/[secret]", a24},
	{"another watchdog", "https://uptime.betterstack.com/api/v1/heartbeat/" + a24 + " is called", "https://uptime.betterstack.com/api/v1/heartbeat/[secret] is called", a24},
	{"one more watchdog", "https://cronitor.link/p/" + a24 + "/slipway", "https://cronitor.link/p/[secret]", a24},
	{"basic header", "Authorization: Basic dTpw" + a24 + "=", "Authorization: Basic [secret]", a24},
	{"bearer header", "> authorization: Bearer " + a24 + "\n> accept: */*", "> authorization: Bearer [secret]\n> accept: */*", a24},
	{"bare header", "Authorization: " + a24, "Authorization: [secret]", a24},
	{"header as JSON", `{"Authorization":"token ` + a24 + `"}`, `{"Authorization":"[secret]"}`, a24},
	{"header of a curl line", `curl -H 'Authorization: Bearer ` + a24 + `' https://api.example.com`, `curl -H 'Authorization: Bearer [secret]' https://api.example.com`, a24},
	{"bearer alone", "sent Bearer " + a24, "sent Bearer [secret]", a24},
	{"basic alone", "sent Basic " + a24 + "==", "sent Basic [secret]", a24},
	{"cookie", "Set-Cookie: sid=" + a24 + "; Path=/", "Set-Cookie: [secret]", a24},
	{"netrc on one line", "machine api.heroku.com login a@example.com password " + a24, "machine api.heroku.com login a@example.com password [secret]", a24},
	{"netrc on lines", "machine git.heroku.com\n  login a@example.com\n  password " + a24 + "\n", "machine git.heroku.com\n  login a@example.com\n  password [secret]\n", a24},
	{"netrc line alone", "\tpassword " + a24, "\tpassword [secret]", a24},
	{"assignment", "SECRET_KEY=" + a24, "SECRET_KEY=[secret]", a24},
	{"assignment in a query", "/x?access_token=" + a24, "/x?access_token=[secret]", a24},
	{"JSON value", `{"password": "` + a24 + `", "id": 1}`, `{"password": "[secret]", "id": 1}`, a24},
	{"JSON within JSON", `{\"client_secret\":\"` + a24 + `\"}`, `{\"client_secret\":\"[secret]\"}`, a24},
	{"YAML value", "django_password: " + a24, "django_password: [secret]", a24},
	{"two glued together", "ghp_" + a36 + "xoxb-" + "1-" + a24, "ghp_[secret]-[secret]", a24},
}

const (
	a24   = "Zx8Qw3Er5Ty7Ui9Op1As2Df4"
	a36   = "Zx8Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk0LmNbVc"
	aUUID = "01234567-89ab-cdef-0123-456789abcdef"
)

func TestScrubHidesEveryShape(t *testing.T) {
	t.Parallel()
	for _, tc := range secrets {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := Scrub(tc.text)
			if got != tc.want {
				t.Errorf("Scrub(%q)\n got %q\nwant %q", tc.text, got, tc.want)
			}
			if again := Scrub(got); again != got {
				t.Errorf("scrubbed again: %q, before: %q", again, got)
			}
		})
	}
}

func TestScrubLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"",
		hidden,
		"v122 is live: 3f786850e387550fdab836ed7e6dc881de23001b by alice@example.com",
		"release 01234567-89ab-cdef-0123-456789abcdef succeeded",
		"https://github.com/penny-university/penny_university/pull/46/files#diff-1",
		"https://github.com/o/r/compare/3f78685...de23001b",
		"https://medium.com/@alice/how-we-deploy?source=1",
		"https://dashboard.heroku.com/apps/penny-university/activity",
		"https://devcenter.heroku.com/articles/releases",
		"git@github.com:o/r.git and ssh://git@github.com/o/r",
		"http://127.0.0.1:4011/api/ and http://[::1]:8080/healthz",
		"postgres://localhost/slipway",
		"Set DATABASE_URL, SECRET_KEY config vars",
		"Set HEROKU_API_KEY, then try again",
		"GITHUB_TOKEN starts with ghp_, github_pat_ or ghs_",
		"SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN with xapp-1-…",
		"Fix password reset for guests",
		"password reset",
		"invalid token: expired",
		"unexpected token: 401",
		"token=None by default",
		"Authorization: refuse guests",
		"Authorization: Implement approvals",
		"Basic internationalisation of mails",
		"Rotate the token: https://example.com/docs/2026/tokens",
		"highs_and_lows_of_the_week",
		"tokens=4500 tokens_left: 4499",
		"python manage.py background_tasks --duration 600",
		"test-backend (3.8): FAILED users/tests.py::test_token - AssertionError",
		"eyJ is how a JWT begins",
		"Make a check at https://healthchecks.io/docs/ and set HEARTBEAT_URL",
	} {
		if got := Scrub(text); got != text {
			t.Errorf("Scrub(%q) = %q", text, got)
		}
	}
}

// A sentence is scrubbed once more when it is said, with what was typed in it already scrubbed, in a code span.
func TestScrubLeavesTheSentenceAroundACodeSpan(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"HEROKU_API_KEY=HRKU-" + aUUID:      "HEROKU_API_KEY=[secret]",
		"TOKEN=" + a24:                      "TOKEN=[secret]",
		"x?access_token=" + a24:             "x?access_token=[secret]",
		"password: " + a24:                  "password: [secret]",
		"Authorization: Bearer " + a24:      "Authorization: Bearer [secret]",
		"postgres://u:" + a24 + "@h/db":     "postgres://[secret]",
		"https://hooks.slack.com/x/" + a24:  "https://hooks.slack.com/[secret]",
		"https://u:" + a24 + "@h/x":         "https://[secret]@h/x",
		"hc-ping.com/" + aUUID:              "hc-ping.com/[secret]",
		"machine h login a password " + a24: "machine h login a password [secret]",
		"ghp_" + a36:                        "ghp_[secret]",
	} {
		for _, around := range []string{"I look after no app %.\nThe app is `x`.", "Did you mean %? Or `x`?", "%: (see %), %; %!"} {
			code := ForeignCode(typed, 80)
			if code != "`"+want+"`" {
				t.Errorf("%q in a code span is %s", typed, code)
			}
			sentence := strings.ReplaceAll(around, "%", code)
			if got := Scrub(sentence); got != sentence {
				t.Errorf("%q became %q", sentence, got)
			}
		}
	}
}

// Hiding one thing can give another its shape; the second pass is for that.
func TestScrubSettles(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"https://x&sig=a/b&c@host", "token: a?ticket=b&ticket=c"} {
		once := Scrub(s)
		if twice := Scrub(once); twice != once {
			t.Errorf("Scrub(%q) = %q, then %q", s, once, twice)
		}
	}
}

// What patterns begin with, again and again: eight times as much of it takes about eight times as long. Were a rule
// quadratic, it would take 64 times as long. A busy machine can spoil a measurement, but not ten in a row.
func TestScrubIsLinear(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"a", "token: ", "token:", "password password ", "login login ", "-----BEGIN A KEY-----", "://", "https://u:", "postgres://",
		"postgres://u@ ", "hooks.slack.com/", "token_", "token=\"", "&token", "eyJaaaaaaaa.", "AKIA", "[secret]", "sig=&sig=",
		"authorization: basic ", "basic aaaaaaaa", "LS0tLS1CRUdJTi", "LS0tLS1CRUdJTiA\n", "hc-ping.com/", "/api/v1/heartbeat/",
	} {
		growth := 0.0
		for range 10 {
			growth = float64(scrubbing(part, 1<<12)) / float64(scrubbing(part, 1<<9))
			if growth < 24 {
				break
			}
		}
		if growth >= 24 {
			t.Errorf("%q: eight times as much takes %.0f times as long", part, growth)
		}
	}
}

// scrubbing measures Scrub on a part repeated to size bytes.
func scrubbing(part string, size int) time.Duration {
	text := strings.Repeat(part, size/len(part))
	start := time.Now()
	Scrub(text)
	return max(time.Since(start), time.Microsecond)
}

func FuzzScrub(f *testing.F) {
	for i, tc := range secrets {
		f.Add(tc.text, "", uint8(i))
		f.Add("before ", tc.text, uint8(i+1))
	}
	f.Add("https://x&sig=a/b&c@host", "token: a?ticket=b&ticket=c", uint8(0))
	f.Add("`HEROKU_API_KEY=", "`.", uint8(0))
	f.Add("no app `TOKEN=[secret]`.", "`password: ``a`).", uint8(1))
	f.Fuzz(func(t *testing.T, before, after string, pick uint8) {
		tc := secrets[int(pick)%len(secrets)]
		if strings.Contains(before+after, tc.secret) {
			return
		}
		planted := before + "\n" + tc.text + "\n" + after
		got := Scrub(planted)
		if strings.Contains(got, tc.secret) {
			t.Errorf("%s is still in %q", tc.name, got)
		}
		if again := Scrub(got); again != got {
			t.Errorf("not settled: %q, then %q", got, again)
		}
	})
}

func BenchmarkScrubPlainLine(b *testing.B) {
	line := "release v123 of penny-university: 3f786850e387550fdab836ed7e6dc881de23001b by alice, 22 min ago"
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		Scrub(line)
	}
}
