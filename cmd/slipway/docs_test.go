package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/commands"
)

// manuals are the pages that people copy lines from.
var manuals = []string{"install.md", "by-hand.md", "security.md"}

var (
	inCode      = regexp.MustCompile("(?m)`[^`]+`|^    .*$")
	subcommand  = regexp.MustCompile(`(?:^|[\s$("/])slipway ([a-z]+)((?: --[a-z-]+)*)`)
	flagOf      = regexp.MustCompile(` --([a-z-]+)`)
	slashLine   = regexp.MustCompile(`(/[a-z]+) ([a-z]+)`)
	variableSet = regexp.MustCompile(`\b[A-Z][A-Z]*(?:_[A-Z]+)+\b|\b(?:APPS|OPERATORS|PORT)\b`)
	pageLink    = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

// foreignNames are names in capitals that are not slipway's.
var foreignNames = []string{"HEROKU_APP", "DATABASE_URL", "RUN_ID"}

// eachPage gives the code of each manual, line breaks that a backslash joins taken out.
func eachPage(t *testing.T, look func(t *testing.T, text string, code []string)) {
	t.Helper()
	for _, name := range manuals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
			if err != nil {
				t.Fatal(err)
			}
			code := inCode.FindAllString(strings.ReplaceAll(string(text), "\\\n", " "), -1)
			if len(code) < 10 {
				t.Fatalf("%d pieces of code were found", len(code))
			}
			look(t, string(text), code)
		})
	}
}

func TestManualsNameOnlySubcommandsAndFlagsThatAreThere(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, _ string, code []string) {
		for _, c := range code {
			for _, m := range subcommand.FindAllStringSubmatch(strings.Trim(c, "`"), -1) {
				var out, errs bytes.Buffer
				if m[1] == "cd" {
					continue
				}
				if status := slipway([]string{m[1], "--help"}, nil, &out, &errs); status != exitOK {
					t.Errorf("there is no slipway %s: %s", m[1], c)
				}
				for _, flag := range flagOf.FindAllStringSubmatch(c[strings.Index(c, "slipway "+m[1]):], -1) {
					if !strings.Contains(out.String(), "--"+flag[1]) {
						t.Errorf("slipway %s has no --%s: %s", m[1], flag[1], c)
					}
				}
			}
		}
	})
}

func TestManualsNameOnlyVariablesThatAreThere(t *testing.T) {
	t.Parallel()
	var names []string
	for _, v := range config.Variables() {
		names = append(names, v.Name)
	}
	eachPage(t, func(t *testing.T, _ string, code []string) {
		for _, c := range code {
			for _, name := range variableSet.FindAllString(c, -1) {
				if !slices.Contains(names, name) && !slices.Contains(foreignNames, name) {
					t.Errorf("there is no %s: %s", name, c)
				}
			}
		}
	})
}

func TestManualsNameOnlyCommandsThatAreThere(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, _ string, code []string) {
		for _, c := range code {
			m := slashLine.FindStringSubmatch(strings.Trim(c, "`"))
			if m == nil || !strings.HasPrefix(strings.Trim(c, "`"), "/") || m[1] == "/invite" {
				continue
			}
			if !slices.ContainsFunc(commands.All(), func(known bot.Command) bool { return known.Slash == m[1] && known.Verb == m[2] }) {
				t.Errorf("there is no %s", m[0])
			}
		}
	})
}

func TestManualsLeadToPagesThatAreThere(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, text string, _ []string) {
		for _, m := range pageLink.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", "..", "docs", m[1])); err != nil {
				t.Errorf("a link leads nowhere: %v", err)
			}
		}
	})
}
