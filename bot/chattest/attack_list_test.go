package chattest

import (
	"strings"
	"unicode/utf8"
)

// attacks are what somebody writes where it is shown later, to call people, to lead them astray, or to look like slipway.
var attacks = []string{
	"<!channel> zq", "<!here|zq>", "<!everyone>zq", "<@U0DAVE> zq", "<@W0456EF7G|zq>", "<#C0GENERAL|zq>", "<!subteam^S04|zq>",
	"<!date^1767621600^{date}|zq>", "<http://evil.example|zq>", "<mailto:e@evil.example|zq>", "<https://github.com@evil.example|zq>",
	"http://evil.example/zq", "mailto:zq@evil.example", "[zq](http://evil.example)", "<javascript:zq>",
	"&lt;!channel&gt; zq", "&zq", "<zq", "zq>", "<!chan zq",
	"*zq*", "_zq_", "~zq~", "`zq`", "`zq", "``` zq", "zq ```", "*_~zq~_*", "***zq***", "(*zq*)", "*zq* zq*", "-_zq_-",
	"> zq", ">>> zq", "zq\n> zqline", "```\nzqline\n```",
	"zq\nzqline", "zq\r\nzqline", "zq\rzqline", "zq\u2028zqline", "zq\u2029zqline", "zq\u0085zqline", "zq\vzqline", "zq\x00zqline",
	"zq\u202egnp", "\u2067zq\u2069", "\u200ezq", "zq\u061c", "zq\u200ba", "zq\ufeffa", "zq\u00ada", "zq\u2060a", "zq\u2063a",
	"zq\u3164a", "zq\u200da", "zq\u200c", "zq\u034fa", "zq\u2800a", "zq\U000e0041a", "zq\U000e0100a", "zq\ufff9a",
	"zq" + strings.Repeat("\u0336\u0337", 5),
	":rotating_light: zq", ":white_check_mark:zq", "zq :x: zq", ":+1: zq", "@here zq", "@channel zq", "zq,@everyone!", "(@Group)zq",
	"zq\xff\xfe", "zq\x1b[31m", "zq\a\b",
	strings.Repeat("zq", 200),
	"|zq|", "%s%d%n zq", `zq\`, "${zq}", `"zq'`,
}

// harmless are those that mean little to Slack as they are, and could break what they are put into.
var harmless = map[string]bool{
	"&lt;!channel&gt; zq": true, "`zq`": true, "|zq|": true, "%s%d%n zq": true, `zq\`: true, "${zq}": true, `"zq'`: true,
}

// packed joins texts to some of at most so many characters; a longer one stands alone.
func packed(texts []string, most int) (packs []string) {
	pack := ""
	for _, text := range texts {
		if pack != "" && utf8.RuneCountInString(pack)+1+utf8.RuneCountInString(text) > most {
			packs = append(packs, pack)
			pack = ""
		}
		if pack != "" {
			pack += " "
		}
		pack += text
	}
	return append(packs, pack)
}

// ref is a text as the name of a branch, with what git does not allow in one (git-check-ref-format) taken out.
func ref(text string) string {
	name := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(`~^:?*[\`, r) || r == utf8.RuneError {
			return '-'
		}
		return r
	}, text)
	name = strings.NewReplacer("@{", "-", "..", "-", "//", "-").Replace(name)
	return strings.Trim(name, "/.") + "-"
}
