package weather_test

import (
	"strings"
	"testing"
	"time"

	"slipway/integrations/sim/weather"
)

func TestAFaultIsRead(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]weather.Fault{
		"GET /apps/a drop":         {Method: "GET", Path: "/apps/a", Kind: weather.Drop},
		"get /apps/*/releases cut": {Method: "GET", Path: "/apps/*/releases", Kind: weather.Cut, Fair: true},
		"* /x duplicate":           {Method: "*", Path: "/x", Kind: weather.Duplicate, Fair: true},
		"* * html-503 always":      {Method: "*", Path: "*", Kind: weather.HTML503, Always: true},
		"POST /x delay 200ms":      {Method: "POST", Path: "/x", Kind: weather.Delay, D: 200 * time.Millisecond},
		"POST /x late 5s always":   {Method: "POST", Path: "/x", Kind: weather.Late, D: 5 * time.Second, Always: true},
		"POST /x 429":              {Method: "POST", Path: "/x", Kind: weather.TooMany, D: time.Second},
		"POST /x 429 90s":          {Method: "POST", Path: "/x", Kind: weather.TooMany, D: 90 * time.Second},
		"POST /x 429-bare":         {Method: "POST", Path: "/x", Kind: weather.TooManyBare},
	} {
		if got, err := weather.ParseFault(strings.Fields(words)); err != nil || got != want {
			t.Errorf("%q: %+v, %v", words, got, err)
		}
	}
}

func TestAFaultThatIsNoneSaysWhatItReadsLike(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"":                   "METHOD PATH KIND [DURATION] [always]",
		"GET /x":             "METHOD PATH KIND [DURATION] [always]",
		"GET /x drop 1s 2s":  "METHOD PATH KIND [DURATION] [always]",
		"GET /[ drop":        `path "/["`,
		"GET /x rain":        "the kinds are delay, drop",
		"GET /x delay":       "delay needs a duration, such as 5s",
		"GET /x late always": "late needs a duration, such as 5s",
		"GET /x late soon":   `"soon" is no duration; write it like 5s`,
		"GET /x delay -5s":   `"-5s" is no duration`,
		"GET /x drop 5s":     "drop takes no duration",
		"GET /x 429-bare 5s": "429-bare takes no duration",
	} {
		if f, err := weather.ParseFault(strings.Fields(words)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v, want %s", words, f, err, want)
		}
	}
}
