package chattest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestALineIsUnderstood(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]line{
		"":                                 {remark: true},
		"  ":                               {remark: true},
		"# anything":                       {remark: true},
		"alice> /deploy":                   {person: "alice", slash: "/deploy"},
		"alice> /deploy status in channel": {person: "alice", slash: "/deploy", rest: "status in channel"},
		"alice> /deploy  status ":          {person: "alice", slash: "/deploy", rest: " status"},
		"alice in #gen_2-x> /deploy":       {person: "alice", at: place{channel: "gen_2-x"}, slash: "/deploy"},
		"alice in dm> status":              {person: "alice", at: place{dm: true}, text: "status"},
		"alice in thread 12> why":          {person: "alice", at: place{thread: 12}, text: "why"},
		"alice> @slipway status":           {person: "alice", text: "@slipway status"},
		"alice> a > b":                     {person: "alice", text: "a > b"},
		"alice> close":                     {person: "alice", close: true},
		"alice in dm> close":               {person: "alice", at: place{dm: true}, text: "close"},
		"alice> closed":                    {person: "alice", text: "closed"},
		"alice> set a=b=c":                 {person: "alice", set: true, fields: []field{{"a", "b=c"}}},
		`alice> set a="b c"`:               {person: "alice", set: true, fields: []field{{"a", "b c"}}},
		"alice> set a=":                    {person: "alice", set: true, fields: []field{{"a", ""}}},
		"alice in dm> set a=b":             {person: "alice", at: place{dm: true}, text: "set a=b"},
		"alice> [Roll back]":               {person: "alice", label: "Roll back"},
		`alice> [Go]  a=1 b="x y"`:         {person: "alice", label: "Go", fields: []field{{"a", "1"}, {"b", "x y"}}},
		"alice> {Roll back} 3":             {person: "alice", shortcut: "Roll back", on: 3},
		"alice> {Roll back}":               {person: "alice", text: "{Roll back}"},
		"alice> []":                        {person: "alice", text: "[]"},
		"!wait":                            {verb: "wait", args: []string{}},
		`!ci fail 45 job "a step"  `:       {verb: "ci", args: []string{"fail", "45", "job", "a step"}},
		`!direct ""`:                       {verb: "direct", args: []string{""}},
		`!config A="b c"`:                  {verb: "config", args: []string{"A=b c"}},
	} {
		got, err := parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(line{}, place{}, field{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestALineThatIsNotUnderstoodSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"hello":                      "`alice> /deploy status`",
		"Alice> hello":               "`alice> /deploy status`",
		"alice > hello":              "`alice> /deploy status`",
		"alice>hello":                "`alice> /deploy status`",
		"alice in #Deploys> hello":   "`alice> /deploy status`",
		"alice in thread 0> hello":   "`alice> /deploy status`",
		"alice in thread> hello":     "`alice> /deploy status`",
		"alice>  ":                   "alice says nothing",
		"alice in #general> [Go]":    "write `alice> [Go]`",
		"alice in dm> {Roll back} 3": "write `alice> {Roll back} 3`",
		"alice> [Go] now":            `"now" is no field: write name=value`,
		"alice> [Go] =1":             `"=1" is no field: write name=value`,
		"alice> set a=1 b=2":         "`set release=v120`",
		"alice> set a":               `"a" is no field: write name=value`,
		`alice> [Go] a="b`:           "a quotation mark is not closed",
		"!":                          "as in !wait",
		"! wait":                     "as in !wait",
		`!direct "x`:                 "a quotation mark is not closed",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestADurationIsOne(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"10"}, {"-1m"}, {"0s"}, {"1m", "2m"}} {
		if d, err := duration(args); err == nil {
			t.Errorf("%q is %v", args, d)
		}
	}
	if d, err := duration([]string{"1h30m"}); err != nil || d.Minutes() != 90 {
		t.Errorf("1h30m is %v, %v", d, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "# x", "!ci fail 45 a \"b c\"", "alice> [Go] a=\"b c\"", "alice in thread 3> x", "alice> {x} 3", "alice> set a=b", "! line 3: no",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parse(text)
		if err != nil {
			return
		}
		kinds := 0
		for _, is := range []bool{l.remark, l.verb != "" || l.args != nil, l.slash != "", l.text != "", l.label != "", l.set, l.close, l.shortcut != ""} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			t.Errorf("%q is of %d kinds: %+v", text, kinds, l)
		}
		if l.remark || l.verb != "" || l.args != nil {
			return
		}
		if l.person == "" || l.at.thread < 0 || l.set && len(l.fields) != 1 {
			t.Errorf("%q: %+v", text, l)
		}
	})
}
