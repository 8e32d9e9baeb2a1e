package bot

import (
	"strings"
	"testing"

	"slipway/bot/config"
)

func TestWordsOfACommandsOwnEndWhereTheAppIsNamed(t *testing.T) {
	t.Parallel()
	c := &Clients{Apps: config.Apps{{Name: "penny-qa"}, {Name: "penny-university"}}}
	for typed, want := range map[string][2]string{
		"":                             {},
		"#46":                          {"#46", ""},
		"penny-qa":                     {"", "penny-qa"},
		"#46 penny-qa":                 {"#46", "penny-qa"},
		"#46 #47 of penny-qa":          {"#46 #47", "of penny-qa"},
		"#46 for Penny-QA":             {"#46", "for Penny-QA"},
		"of penny-qa":                  {"", "of penny-qa"},
		"#46 of penny-qat":             {"#46", "of penny-qat"}, // which is refused with the name that was meant
		"#46 penny-qat":                {"#46 penny-qat", ""},
		"out of order":                 {"out of order", ""},
		"database work for 2h":         {"database work for 2h", ""},
		"penny-qa breaks":              {"penny-qa breaks", ""},
		"penny-qa of penny-university": {"penny-qa", "of penny-university"},
	} {
		own, app := c.apart(strings.Fields(typed))
		if got := [2]string{strings.Join(own, " "), strings.Join(app, " ")}; got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
