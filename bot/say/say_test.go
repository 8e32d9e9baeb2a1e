package say_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"slipway/bot/say"
)

func TestRefuseCarriesTextForAPerson(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("plan: %w", say.Refuse("%s is no app.\nTry `/deploy help`.", say.Code("penny")))
	var refusal *say.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("%v holds no refusal", err)
	}
	if want := "`penny` is no app.\nTry `/deploy help`."; refusal.Text != want || refusal.Error() != want {
		t.Errorf("got %q, want %q", refusal.Text, want)
	}
}

func TestEscapeKeepsForeignTextHarmless(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"Fix search & sort", "Fix search &amp; sort"},
		{"a -> b <!channel> <@U1>", "a -&gt; b &lt;!channel&gt; &lt;@U1&gt;"},
		{"&lt; stays as it was typed", "&amp;lt; stays as it was typed"},
		{"> quoted", "› quoted"},
		{" >>> quoted", "››› quoted"},
		{"*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ 'code'"},
		{"fix *args and **kwargs", "fix ∗args and ∗∗kwargs"},
		{"(*x*)", "(∗x∗)"},
		{"add my_app_0007 and 2*3", "add my_app_0007 and 2*3"},
		{"2 * 3 ~ 6", "2 * 3 ~ 6"},
		{"ends with *", "ends with ∗"},
		{"__init__.py", "ˍˍinitˍˍ.py"},
		{"```\nblock\n```", "''' block '''"},
		{"hey @here, @Channel! and @everyone", "hey ＠here, ＠Channel! and ＠everyone"},
		{"Bump @types/node; mail bob@channel.io; @hereabouts", "Bump @types/node; mail bob@channel.io; @hereabouts"},
		{"one\r\n\ttwo\x00\x1b[31mthree\u2028four", "one two [31mthree four"},
		{"\u202egnp.exe\u202c in\u200bvisible\ufeff", "gnp.exe invisible"},
		{"family 👩\u200d👧 and نمی\u200cدانم", "family 👩\u200d👧 and نمی\u200cدانم"},
		{"a\u200db \u200c", "ab"},
		{"n\u2063o\u3164t\u034fh\U000e0041i\U000e0100n\ufff9g", "nothing"},
		{"blank\u2800letter and \u0600", "blank letter and \u0600"},
		{"fl" + strings.Repeat("\u0336\u0337", 9) + "ood, cafe\u0301", "fl\u0336\u0337\u0336\u0337ood, cafe\u0301"},
		{":x: no, :+1: :white_check_mark:done :100:", "∶x: no, ∶+1: ∶white_check_mark:done ∶100:"},
		{"test:unit:ci at 14:05:22, std::Vec, a: b", "test∶unit:ci at 14:05:22, std::Vec, a: b"},
		{"https://example.com/a_b?c=1&d=2", "https://example.com/a_b?c=1&amp;d=2"},
		{"broken \xff bytes", "broken \ufffd bytes"},
	} {
		if got := say.Escape(tc.in); got != tc.want {
			t.Errorf("Escape(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestCodeKeepsForeignTextInItsSpan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"feature/*_x", "`feature/*_x`"},
		{"a`b``c", "`a'b''c`"},
		{"<!here> & more", "`&lt;!here&gt; &amp; more`"},
		{" two\nlines ", "`two lines`"},
		{"\u200b \n", "(empty)"},
	} {
		if got := say.Code(tc.in); got != tc.want {
			t.Errorf("Code(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestPreformattedKeepsAnOutputInItsBlock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"    raise ValueError(*args)", "    raise ValueError(*args)"},
		{"\tx ```<!here>``` & y", " x '''&lt;!here&gt;''' &amp; y"},
		{"\x1b[31;1mFAILED\x1b[0m\r", "FAILED"},
	} {
		if got := say.Preformatted(tc.in); got != tc.want {
			t.Errorf("Preformatted(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestLinkGoesWhereItSaysAndNowhereElse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ target, label, want string }{
		{"https://github.com/o/r/pull/46", "#46", "<https://github.com/o/r/pull/46|#46>"},
		{"https://x.org/?a=1&b=2", "A > B | C", "<https://x.org/?a=1&amp;b=2|A &gt; B ¦ C>"},
		{"https://x.org/a|b>c d", "x", "<https://x.org/a%7Cb%3Ec%20d|x>"},
		{"https://x.org/", "", "<https://x.org/>"},
		{"javascript:alert(1)", "click", "click"},
		{"", "no target", "no target"},
		{"https://", "no host", "no host"},
		{"!channel", "<!channel>", "&lt;!channel&gt;"},
	} {
		if got := say.Link(tc.target, tc.label); got != tc.want {
			t.Errorf("Link(%q, %q) = %q, want %q", tc.target, tc.label, got, tc.want)
		}
	}
}

func TestTimesAreToldWithTheirAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 5, 14, 27, 30, 0, time.UTC)
	for _, tc := range []struct {
		t    time.Time
		want string
	}{
		{now.Add(-22 * time.Minute), "14:05 UTC (22 min ago)"},
		{now.Add(-22 * time.Minute).In(time.FixedZone("CET", 3600)), "14:05 UTC (22 min ago)"},
		{now, "14:27 UTC (just now)"},
		{now.Add(500 * time.Millisecond), "14:27 UTC (just now)"},
		{now.Add(-40 * time.Second), "14:26 UTC (40 s ago)"},
		{now.Add(-2*time.Hour - 58*time.Minute), "11:29 UTC (2 h 58 min ago)"},
		{now.Add(-3 * time.Hour), "11:27 UTC (3 h ago)"},
		{now.Add(-15 * time.Hour), "4 Jan 23:27 UTC (15 h ago)"},
		{time.Date(2026, 1, 4, 14, 5, 0, 0, time.UTC), "4 Jan 14:05 UTC (1 day ago)"},
		{time.Date(2025, 12, 31, 14, 5, 0, 0, time.UTC), "31 Dec 2025 14:05 UTC (5 days ago)"},
		{now.AddDate(1, 0, 0), "5 Jan 2027 14:27 UTC (in 365 days)"},
		{now.Add(10 * time.Minute), "14:37 UTC (in 10 min)"},
		{time.Time{}, "an unknown time"},
	} {
		if got := say.At(now, tc.t); got != tc.want {
			t.Errorf("At(%v) = %q, want %q", tc.t, got, tc.want)
		}
	}
	if got := say.Ago(now, time.Time{}); got != "at an unknown time" {
		t.Errorf("Ago of the zero time: %q", got)
	}
}

func TestDurationsAreToldInTwoUnits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		d    time.Duration
		want string
	}{
		{-time.Second, "0 s"},
		{0, "0 s"},
		{340 * time.Millisecond, "340 ms"},
		{999*time.Millisecond + 700*time.Microsecond, "1 s"},
		{45 * time.Second, "45 s"},
		{59*time.Second + 600*time.Millisecond, "1 min"},
		{2*time.Minute + 5*time.Second, "2 min 5 s"},
		{time.Hour, "1 h"},
		{time.Hour + 5*time.Minute + 59*time.Second, "1 h 5 min"},
		{24 * time.Hour, "1 day"},
		{51 * time.Hour, "2 days 3 h"},
	} {
		if got := say.For(tc.d); got != tc.want {
			t.Errorf("For(%v) = %q, want %q", tc.d, got, tc.want)
		}
	}
}

func TestCountsAgreeWithTheirNoun(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 commits", 1: "1 commit", 3: "3 commits"} {
		if got := say.Count(n, "commit", "commits"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCutSplitsNothingThatIsSeenAsOne(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"two words", 5, "two…"},
		{"word", 0, ""},
		{"word", -1, ""},
		{"word", 1, "…"},
		{"cafe\u0301s", 5, "caf…"},
		{"ab👩\u200d👧\u200d👦cd", 5, "ab…"},
		{"ab👍🏽cd", 4, "ab…"},
		{"a🇫🇷🇩🇪b", 4, "a🇫🇷…"},
		{"a🇫🇷🇩🇪b", 5, "a🇫🇷…"},
		{"☂\ufe0fabc", 2, "…"},
	} {
		if got := say.Cut(tc.in, tc.limit); got != tc.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tc.in, tc.limit, got, tc.want)
		}
	}
}

func TestNearestFindsTheWordThatWasMeant(t *testing.T) {
	t.Parallel()
	commands := []string{"status", "history", "help", "hold", "unhold"}
	for _, tc := range []struct{ word, want string }{
		{"status", "status"},
		{"STATUS", "status"},
		{"stauts", "status"},
		{"statsu", "status"},
		{"staus", "status"},
		{"histroy", "history"},
		{"hist", "history"},
		{"hepl", "help"},
		{"unhlod", "unhold"},
		{"sta", "status"},
		{"st", ""},
		{"h", ""},
		{"rollback", ""},
		{"", ""},
		{strings.Repeat("status", 1000), ""},
	} {
		got, ok := say.Nearest(tc.word, commands)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", tc.word, got, ok, tc.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"*a* <!here> > `x`", "> @here", "a\u202eb\u200b", "| > &amp;", "https://x|y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped, code, link := say.Escape(s), say.Code(s), say.Link("https://x.org/"+s, s)
		for _, got := range []string{escaped, code, link} {
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r\t\x00\u202e\u200b") {
				t.Errorf("%q became %q", s, got)
			}
		}
		if strings.ContainsAny(escaped, "<>`") || strings.HasPrefix(escaped, "&gt;") || strings.Contains(strings.ToLower(" "+escaped), " @here ") {
			t.Errorf("Escape(%q) = %q", s, escaped)
		}
		if inner := strings.Trim(code, "`"); strings.ContainsAny(inner, "<>`") {
			t.Errorf("Code(%q) = %q", s, code)
		}
		if strings.Count(link, "<") > 1 || strings.Count(link, ">") > 1 || strings.Count(link, "|") > 1 {
			t.Errorf("Link(%q) = %q", s, link)
		}
	})
}

func FuzzNearest(f *testing.F) {
	f.Add("stauts", "status,history")
	f.Add("", ",")
	f.Fuzz(func(t *testing.T, word, words string) {
		list := strings.Split(words, ",")
		got, ok := say.Nearest(word, list)
		if !ok {
			return
		}
		for _, candidate := range list {
			if candidate == got && got != "" {
				return
			}
		}
		t.Errorf("Nearest(%q, %q) = %q, which is not in the list", word, list, got)
	})
}

func FuzzCut(f *testing.F) {
	f.Add("a🇫🇷🇩🇪b", 4)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		got := say.Cut(s, limit)
		if n := utf8.RuneCountInString(got); n > max(limit, 0) {
			t.Errorf("Cut(%q, %d) = %q, %d runes", s, limit, got, n)
		}
	})
}
