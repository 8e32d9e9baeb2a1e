package say_test

import (
	"strings"
	"testing"

	"slipway/bot/say"
)

func TestForeignTextIsSafeToShow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"plain", "Speed up the chat list", 80, "Speed up the chat list"},
		{"a secret", "Use DATABASE_URL=postgres://penny:s3cr3t@db.example.com/penny", 80, "Use DATABASE_URL=postgres://[secret]"},
		{"a secret that the cut would halve", "token ghp_0123456789abcdefABCDEF0123456789abcd", 30, "token ghpˍ[secret]"},
		{"a colour inside a secret", "ghp_\x1b[m\x1b[K0123456789abcdefABCDEF0123456789abcd", 80, "ghpˍ[secret]"},
		{"a colour", "\x1b[1;31mred\x1b[0m", 80, "red"},
		{"a mention", "<!channel> & <@U1>", 80, "&lt;!channel&gt; &amp; &lt;@U1&gt;"},
		{"cut before it is escaped", "&&&&", 3, "&amp;&amp;…"},
		{"lines", "one\ntwo", 80, "one two"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := say.Foreign(tt.in, tt.limit); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTailKeepsTheEndAndNoSecret(t *testing.T) {
	t.Parallel()
	in := "one\ntwo \r\nSECRET_ACCESS_\x1b[1mKEY=abcdefghijklmnopqrstuvwxyz012345\nthree ```\n\n"
	got := say.Tail(in, 3, 40)
	if strings.Contains(got, "abcdefghij") || strings.Contains(got, "```") || strings.HasPrefix(got, "one") || !strings.HasPrefix(got, "two\n") {
		t.Errorf("got %q", got)
	}
	if got := say.Tail(" \n ", 3, 40); got != "" {
		t.Errorf("got %q for nothing", got)
	}
}

func FuzzForeignShowsNoPlantedSecret(f *testing.F) {
	f.Add("before ", " after", 40)
	f.Add("\x1b[", "m", 20)
	f.Fuzz(func(t *testing.T, before, after string, limit int) {
		const secret = "0123456789abcdefABCDEF0123456789abcd"
		for _, text := range []string{say.Foreign(before+" ghp_"+secret+" "+after, max(limit, 0)), say.Tail(before+"\nghp_"+secret+"\n"+after, 5, 200)} {
			if strings.Contains(text, secret) && !strings.Contains(before+after, secret) {
				t.Errorf("%q shows the secret", text)
			}
		}
	})
}
