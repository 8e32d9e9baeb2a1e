package bot

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWordsAreReadAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typed string
		words       []string
		inChannel   bool
	}{
		{"plain", "status penny-qa", []string{"status", "penny-qa"}, false},
		{"spaces", "  status \t penny-qa ", []string{"status", "penny-qa"}, false},
		{"nothing", "", nil, false},
		{"for all", "status in channel", []string{"status"}, true},
		{"for all, shouted", "status penny-qa IN Channel", []string{"status", "penny-qa"}, true},
		{"a channel that is an app", "status in", []string{"status", "in"}, false},
		{"smart quotes", "“status”", []string{"status"}, false},
		{"signs", "RESTART! penny-qa. penny-qa; penny-university: status…", []string{"RESTART", "penny-qa", "penny-qa", "penny-university", "status"}, false},
		{"signs within a word", "web.1 a:b", []string{"web.1", "a:b"}, false},
		{"signs alone", "status ! …", []string{"status"}, false},
		{"question marks", "status ?? ?!", []string{"status", "?", "?"}, false},
		{"emoji", ":wave: :+1:", []string{":wave:", ":+1:"}, false},
		{"for all, in a sentence", "status in channel!", []string{"status"}, true},
		{"long dash", "status —all", []string{"status", "--all"}, false},
		{"no-break space", "status\u00a0penny-qa", []string{"status", "penny-qa"}, false},
		{"pasted code", "`status penny-qa`", []string{"status", "penny-qa"}, false},
		{"entities", "status a&amp;b &lt;x&gt;", []string{"status", "a&b", "<x>"}, false},
		{"mentions stay", "status <@U1|al> <#C1|deploys>", []string{"status", "<@U1|al>", "<#C1|deploys>"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			words, inChannel := forAll(split(tt.typed))
			if len(words) == 0 {
				words = nil
			}
			if diff := cmp.Diff(tt.words, words); diff != "" || inChannel != tt.inChannel {
				t.Errorf("in channel: %v (-want +got):\n%s", inChannel, diff)
			}
		})
	}
}

func TestTheBotsNameIsNoWord(t *testing.T) {
	t.Parallel()
	got := addressed([]string{"<@U0BOT>,", "status", "<@U0BOT|slipway>", "<@U0ALICE>", "<@U0BOT>:help", "U0BOT"}, "U0BOT")
	if want := []string{"status", "<@U0ALICE>", "help", "U0BOT"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"status", "“a” — `b`", "&lt;&amp;lt; <@U1|x>", "<", "in channel", "\x00\xff", "?!", ":a: \"b\"."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		words, _ := forAll(split(typed))
		for _, w := range words {
			if w == "" || strings.ContainsAny(w, "`“”") {
				t.Errorf("%q gave the word %q", typed, w)
			}
			if utf8.ValidString(typed) && !utf8.ValidString(w) {
				t.Errorf("%q gave %q, which is no text", typed, w)
			}
		}
	})
}

func TestFindTakesTheCommandThatIsMeant(t *testing.T) {
	t.Parallel()
	list := []Command{{Slash: "/deploy", Verb: "status"}, {Slash: "/deploy", Verb: "help"}, {Slash: "/schedule", Verb: "list"}}
	tests := []struct {
		slash string
		words string
		want  string // slash, verb and the words left; "" for none
	}{
		{"/deploy", "status a", "/deploy status a"},
		{"/deploy", "STATUS", "/deploy status"},
		{"/deploy", "", "/deploy help"},
		{"/schedule", "list", "/schedule list"},
		{"/schedule", "status", ""},
		{"", "status a b", "/deploy status a b"},
		{"", "deploy status", "/deploy status"},
		{"", "/deploy status", "/deploy status"},
		{"", "Deploy", "/deploy help"},
		{"", "schedule list x", "/schedule list x"},
		{"", "", "/deploy help"},
		{"", "hello", ""},
		{"/deploy", "--help", "/deploy help"},
		{"/deploy", "?", "/deploy help"},
		{"/deploy", "status --help", "/deploy help status"},
		{"/deploy", "status a -h", "/deploy help status"},
		{"", "status help", "/deploy help status"},
		{"/deploy", "status help a", "/deploy status help a"},
		{"/deploy", "help help", "/deploy help help"},
		{"/deploy", "help --help", "/deploy help --help"},
		{"/deploy", "deploy status", ""},
	}
	for _, tt := range tests {
		cmd, words, err := find(list, tt.slash, strings.Fields(tt.words))
		got := strings.Join(append([]string{cmd.Slash, cmd.Verb}, words...), " ")
		if err != nil {
			got = ""
		}
		if got != tt.want {
			t.Errorf("%q %q is %q, want %q", tt.slash, tt.words, got, tt.want)
		}
	}
}
