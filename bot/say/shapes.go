package say

import (
	"regexp"
	"strings"
)

// shape is one form that secrets take. The part to hide is the pattern's group, or the whole match if there is none.
type shape struct {
	hints   []string // lower case; a text without any of them is not searched
	pattern *regexp.Regexp
}

func (s shape) mayBeIn(lower string) bool {
	for _, hint := range s.hints {
		if strings.Contains(lower, hint) {
			return true
		}
	}
	return false
}

// What patterns share. Patterns begin without a word boundary on purpose: a secret glued to something is still one.
const (
	uuid   = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`
	inURL  = `[^\s"'<>|]` // what a URL in running text goes on with
	bare   = `[^\s"'<>]`  // what a value without quotes goes on with
	quote  = `\\?["']`    // also escaped, as in JSON within JSON
	naming = `(?:password|passwd|passphrase|secret|token|authorization|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|credentials?)`
	// told is a bare value after a colon that no word of prose would be: long, or with digits in it.
	// An address is not told, but for what other shapes find in it.
	told = `(?:[^\s"'<>:]{3,}[0-9]` + bare + `*|[0-9]` + bare + `{5,}|[^\s"'<>:]{20,}` + bare + `*)`
)

// namingHints are the hints of naming, and nothing that naming matches is without one.
var namingHints = []string{"pass", "secret", "token", "authorization", "key", "credential"}

var secretShapes = []shape{
	// Tokens that say what they are.
	{[]string{"gh"}, regexp.MustCompile(`gh[pousr]_([A-Za-z0-9]{16,}[A-Za-z0-9_]*)`)},
	{[]string{"github_pat_"}, regexp.MustCompile(`github_pat_([A-Za-z0-9_]{16,})`)},
	{[]string{"xox"}, regexp.MustCompile(`xox[a-z](?:\.xox[a-z])?-([A-Za-z0-9-]{6,})`)},
	{[]string{"xapp-"}, regexp.MustCompile(`xapp-([A-Za-z0-9-]{6,})`)},
	{[]string{"hrku-"}, regexp.MustCompile(`HRKU-([A-Za-z0-9_-]{6,})`)},
	{[]string{"akia", "asia"}, regexp.MustCompile(`A(?:KIA|SIA)([0-9A-Z]{16}[0-9A-Za-z]*)`)},
	{[]string{"eyj"}, regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*`)},
	{[]string{"-----begin"}, regexp.MustCompile(`-----BEGIN [A-Z0-9 ]+-----(?s:.*?)(?:-----END [A-Z0-9 ]+-----|\z)`)},
	{[]string{"ls0tls1crudjti"}, regexp.MustCompile(`LS0tLS1CRUdJTi[A-Za-z0-9+/=]*(?:\\?[\r\n][A-Za-z0-9+/=]{16,})*`)}, // the same in base64

	// Addresses that are secrets.
	{[]string{"hooks.slack"}, regexp.MustCompile(`(?i)hooks\.slack(?:-gov)?\.com/(?:(?:services|workflows|triggers|commands|actions|app)/)?(` + inURL + `+)`)},
	{[]string{"hc-ping.com", "healthchecks.io", "nosnch.in", "cronitor.link", "/heartbeat/"}, regexp.MustCompile( // watchdogs
		`(?i)(?:(?:hc-ping\.com|nosnch\.in|cronitor\.link)/(?:p/)?|healthchecks\.io/ping/|/api/v1/heartbeat/)(` + inURL + `+)`,
	)},
	{[]string{"ticket="}, regexp.MustCompile(`(?i)[?&;]ticket=([^&\s"'<>|]+)`)},
	{[]string{".heroku.com/"}, regexp.MustCompile(`(?i)(?:output|logs?|logs-api|logplex)\.heroku\.com/(?:streams/)?(` + inURL + `+)`)},
	{[]string{"rendezvous://"}, regexp.MustCompile(`(?i)rendezvous://(` + inURL + `+)`)},
	{[]string{"x-amz-", "x-goog-", "signature=", "sig=", "awsaccesskeyid="}, regexp.MustCompile(
		`(?i)(?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|[?&;]sig)=([^&\s"'<>|]+)`,
	)},

	// Credentials in addresses. A database's address goes as a whole, since its host and name help nobody who reads.
	{[]string{"://"}, regexp.MustCompile(`(?i)(?:postgres(?:ql)?|mysql2?|mariadb|rediss?|amqps?|mongodb(?:\+srv)?|sqlserver|mqtts?|kafka(?:\+ssl)?|smtps?)://([^\s"'<>]*@` + inURL + `*)`)},
	{[]string{"://"}, regexp.MustCompile(`://([^\s"'<>/?#@:]*:[^\s"'<>/?#]*)@`)},
	{[]string{"http"}, regexp.MustCompile(`(?i)https?://([^\s"'<>/?#]+)@`)},

	// Headers and lines.
	{[]string{"authorization"}, regexp.MustCompile(
		`(?i)authorization(?:` + quote + `)?[ \t]*[:=][ \t]*(?:` + quote + `)?(?:basic|bearer|token|digest|negotiate|aws4-hmac-sha256)[ \t]+([^\s"'][^\r\n"'` + "`]*)",
	)},
	{[]string{"bearer"}, regexp.MustCompile(`(?i)bearer[ \t]+([A-Za-z0-9+/_.~-]{4,}[0-9][A-Za-z0-9+/_.~-]{4,}=*)`)},
	{[]string{"basic"}, regexp.MustCompile(`(?i)basic[ \t]+([A-Za-z0-9+/]{8,}={1,2}|[A-Za-z0-9+/]{6,}[0-9][A-Za-z0-9+/]{6,})`)},
	{[]string{"cookie"}, regexp.MustCompile(`(?i)cookie(?:` + quote + `)?:[ \t]*(?:` + quote + `)?([^\s"'=;]+=[^\r\n"']+)`)},
	{[]string{"password"}, regexp.MustCompile(`(?i)login\s+\S+\s+password\s+(\S+)`)},
	{[]string{"password"}, regexp.MustCompile(`(?im)^[ \t]*password[ \t]+(\S*[0-9]\S*)[ \t]*\r?$`)},
	{namingHints, regexp.MustCompile(`(?i)(?:` + naming + `|pwd)[^\n\[\]0-9]{0,24}(` + uuid + `)`)},

	// Values given to names that tell of a secret: NAME=value, "name": "value", name: value.
	{namingHints, regexp.MustCompile(`(?i)` + naming + `(?:_\w*|[0-9]+)?(?:` + quote + `)?\s*[:=]\s*(?:\\?"([^"\n]+?)\\?"|\\?'([^'\n]+?)\\?')`)},
	{namingHints, regexp.MustCompile(`(?i)[?&;][\w.-]*` + naming + `(?:_\w*|[0-9]+)?=([^&\s"'<>|]+)|` + naming + `(?:_\w*|[0-9]+)?=(` + bare + `{6,})`)},
	{namingHints, regexp.MustCompile(`(?i)` + naming + `(?:_\w*|[0-9]+)?:[ \t]*(` + told + `)`)},
}

// secretName tells the names of log attributes whose value is a secret, whatever it looks like.
var secretName = regexp.MustCompile(`(?i)(?:^|[_.-])` + naming + `$`)
