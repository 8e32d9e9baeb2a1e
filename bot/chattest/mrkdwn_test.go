package chattest

import (
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// known is a reader who knows alice and #deploys.
var known = reader{
	users: map[string]string{"U1": "alice"},
	channels: func(id string) string {
		return map[string]string{"C1": "deploys"}[id]
	},
	number: func(channel, ts string) int {
		return map[string]int{"C1 1767621600.110002": 2}[channel+" "+ts]
	},
}

func TestMrkdwnIsReadAsAPersonReadsIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                                 "plain",
		"*bold* _slanted_ ~gone~":               "bold slanted gone",
		"*a* *b* *c*":                           "a b c",
		"2*3*4 snake_case_name a~b~c":           "2*3*4 snake_case_name a~b~c",
		"* no * _ no _":                         "* no * _ no _",
		"*_both_*":                              "both",
		"*two\nlines*":                          "*two\nlines*",
		"`*code*` and *not*":                    "*code* and not",
		"```\n*x*\n```":                         "\n*x*\n",
		"&lt;b&gt; &amp;amp; &nbsp;":            "<b> &amp; &nbsp;",
		"`&lt;b&gt;`":                           "<b>",
		":x: :tada: 10:30:45":                   "❌ :tada: 10:30:45",
		"<@U1> <@U1|al> <@U2>":                  "@alice @alice @U2",
		"<#C1> <#C1|old> <#C2|secret> <#C3>":    "#deploys #deploys #secret #C3",
		"<!here> <!channel> <!subteam^S1|@dev>": "@here @channel @dev",
		"<https://e.com/a_b_c>":                 "https://e.com/a_b_c",
		"*<https://e.com/_x_|here>*":            "here ‹https://e.com/_x_›",
		"<https://e.com/pull/46|#46>":           "#46",
		"<https://e.com/c/abcdef1234|abcdef1>":  "abcdef1",
		"<https://e.com/c/abcdef1234|abc>":      "abc ‹https://e.com/c/abcdef1234›",
		"<https://e.com/|e.com>":                "e.com",
		"<https://e.com/?a=1&amp;b=2|R&amp;D>":  "R&D ‹https://e.com/?a=1&b=2›",
		"<mailto:a@e.com|a@e.com>":              "a@e.com",

		"<https://s.slack.com/archives/C1/p1767621600110002|its message>":                 "its message ‹message #2›",
		"<https://s.slack.com/archives/C1/p1767621600110002?thread_ts=1767621600.110001>": "message #2",
		"<https://s.slack.com/archives/C1/p1767621600110003>":                             "https://s.slack.com/archives/C1/p1767621600110003",

		"<https://e.com|>": "https://e.com",
		"<>":               "<>",
		"a \ue000 b <@U1>": "a  b @alice",
	} {
		if got := known.mrkdwn(text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

func TestTimesAreDrawnForAReaderInUTC(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		for text, want := range map[string]string{
			"<!date^1767621600^{date_num} {time_secs}|x>":     "2026-01-05 14:00:00",
			"<!date^1767621600^{date} at {time}|x>":           "January 5th, 2026 at 14:00",
			"<!date^1767621600^{date_short}^https://e.com|x>": "Jan 5, 2026",
			"<!date^1767621600^{date_long}|x>":                "Monday, January 5th, 2026",
			"<!date^1767621600^{date_pretty}|x>":              "today",
			"<!date^1767535200^{date_short_pretty}|x>":        "yesterday",
			"<!date^1767708000^{date_long_pretty}|x>":         "tomorrow",
			"<!date^1767880800^{date_pretty}|x>":              "January 8th, 2026",
			"<!date^1767621600^{ago}|a while ago>":            "a while ago",
			"<!date^soon^{date}|x>":                           "x",
			"<!date^1767621600|x>":                            "x",
		} {
			if got := known.mrkdwn(text); got != want {
				t.Errorf("%q reads %q, want %q", text, got, want)
			}
		}
	})
}

func TestDaysHaveTheirEndings(t *testing.T) {
	t.Parallel()
	for day, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 22: "22nd", 23: "23rd", 30: "30th", 31: "31st"} {
		if got := dayOf(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC), ""); got != want+", 2026" {
			t.Errorf("%d reads %q", day, got)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, seed := range []string{"*a* _b_ ~c~", "<https://e.com|x>", "<!date^1^{date}|x>", "```a``` `b`", "<@U1><#C1|a>", "&amp;lt;", ":x:", "<|>", "<!>", "<!date^9223372036854775807^{date_long} {time}|x>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := known.mrkdwn(text); utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q reads %q", text, got)
		}
	})
}
