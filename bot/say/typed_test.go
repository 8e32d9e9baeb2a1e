package say_test

import (
	"strings"
	"testing"

	"slipway/bot/say"
)

func TestWhatWasTypedIsSaidBackAsItWasReadAndCallsNobody(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"status":                          "`status`",
		"status <@U0BOB|bob>":             "`status @bob`",
		"<@U0BOB>":                        "`@U0BOB`",
		"<#C0DEPLOYS|deploys> <#C1|>":     "`#deploys #C1`",
		"<@U0BOB|@bob>":                   "`@bob`",
		"<@U0BOB|<!channel>>":             "`&lt;@U0BOB|&lt;!channel&gt;&gt;`",
		"<!channel> `x`":                  "`&lt;!channel&gt; 'x'`",
		"TOKEN=<@U1|abcdefghij>":          "`TOKEN=[secret]`",
		"<@U1|" + strings.Repeat("x", 80): "`&lt;@U1|" + strings.Repeat("x", 54) + "…`",
	} {
		if got := say.TypedCode(typed, 60); got != want {
			t.Errorf("%q is said back as %s, want %s", typed, got, want)
		}
	}
}
