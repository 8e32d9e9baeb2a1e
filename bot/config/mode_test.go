package config

import (
	"strings"
	"testing"
)

func TestModeSaysWhichAppsAreOnlyRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, spelt               string
		qa, university, nowhere bool // only read
	}{
		{"", "write", false, false, false},
		{"write", "write", false, false, false},
		{"read", "read", true, true, true},
		{" Read ", "read", true, true, true},
		{"penny-qa=read", "penny-qa=read", true, false, false},
		{"penny-university=write, penny-qa=read,", "penny-qa=read,penny-university=write", true, false, false},
		{"read,penny-qa=write", "read,penny-qa=write", false, true, true},
		{"penny-qa = write,read", "read,penny-qa=write", false, true, true},
		{"write,penny-university=read", "write,penny-university=read", false, true, false},
	} {
		var m Mode
		if err := m.Decode(tc.in); err != nil {
			t.Errorf("%q: %v", tc.in, err)
			continue
		}
		if m.Reads("penny-qa") != tc.qa || m.Reads("penny-university") != tc.university || m.Reads("") != tc.nowhere {
			t.Errorf("%q reads %v %v %v", tc.in, m.Reads("penny-qa"), m.Reads("penny-university"), m.Reads(""))
		}
		var again Mode
		if err := again.Decode(m.String()); m.String() != tc.spelt || err != nil || again.String() != tc.spelt {
			t.Errorf("%q is spelt %q, and then %q (%v)", tc.in, m, again, err)
		}
	}
	if (Mode{}).Reads("penny-qa") || (Mode{}).String() != "write" {
		t.Error("the zero mode is not write")
	}
}

func TestModeTellsWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		mode string
		want []string // how the lines begin
	}{
		"a slip":                {"raed", []string{`SLIPWAY_MODE has "raed" for a mode. Did you mean read? It is read or write.`}},
		"read-only":             {"read-only", []string{`SLIPWAY_MODE has "read-only" for a mode. Did you mean read?`}},
		"no word that we know":  {"off", []string{`SLIPWAY_MODE has "off" for a mode. It is read or write, for all apps or for each: `}},
		"an app without a word": {"penny-qa=", []string{`SLIPWAY_MODE has "" for a mode. It is read or write`}},
		"an app alone":          {"penny-qa", []string{`SLIPWAY_MODE has "penny-qa" for a mode. `}},
		"a slip in an app":      {"penny_qa=read", []string{`SLIPWAY_MODE names the app "penny_qa", which is not in APPS. Did you mean penny-qa?`}},
		"another app":           {"medium=read", []string{`SLIPWAY_MODE names the app "medium", which is not in APPS. APPS has penny-qa, penny-university.`}},
		"no app":                {"=read", []string{`SLIPWAY_MODE names the app "", which is not in APPS. APPS has`}},
		"an app twice":          {"penny-qa=read,penny-qa=write", []string{`SLIPWAY_MODE names the app "penny-qa" twice. Leave one`}},
		"two words":             {"read,write", []string{`SLIPWAY_MODE has two words for the apps that it does not name. Leave one`}},
		"write, and the rest?":  {"penny-qa=write", []string{`SLIPWAY_MODE has write for an app, and nothing for penny-university. Put a word alone before it, for the apps that it does not name: read,penny-qa=write.`}},
		"several at once": {"raed,x=read,penny-qa=rite", []string{
			`SLIPWAY_MODE has "raed" for a mode. `, `SLIPWAY_MODE has "rite" for a mode. Did you mean write?`, `SLIPWAY_MODE names the app "x", which is not in APPS.`,
		}},
		"a secret in it": {"xoxb-1234567890", []string{`SLIPWAY_MODE has "xoxb-[secret]" for a mode. `}},
	} {
		t.Run(name, func(t *testing.T) {
			setenv(t, map[string]string{"APPS": "penny-qa=o/r#c,penny-university=o/r#d", "SLIPWAY_MODE": tc.mode})
			_, err := Load()
			if err == nil {
				t.Fatal("no fault")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tc.want) {
				t.Fatalf("faults:\n%v", err)
			}
			for i, want := range tc.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("got  %s\nwant %s", lines[i], want)
				}
			}
		})
	}
}

// Where APPS has a fault, it is not known which apps there are.
func TestModeIsNotHeldAgainstAppsThatCannotBeRead(t *testing.T) {
	setenv(t, map[string]string{"APPS": "penny-qa", "SLIPWAY_MODE": "penny-qa=read"})
	if _, err := Load(); err == nil || strings.Contains(err.Error(), "SLIPWAY_MODE") {
		t.Errorf("faults: %v", err)
	}
}

func TestWhatIsWritten(t *testing.T) {
	for mode, want := range map[string][3]bool{ // penny-qa, penny-university, any
		"":                                    {true, true, true},
		"read":                                {false, false, false},
		"read,penny-qa=write":                 {true, false, true},
		"penny-qa=read,penny-university=read": {false, false, false},
	} {
		setenv(t, map[string]string{"APPS": "penny-qa=o/r#c,penny-university=o/r#d", "SLIPWAY_MODE": mode})
		c, err := Load()
		if err != nil {
			t.Fatal(err)
		}
		if got := [3]bool{c.Writes("penny-qa"), c.Writes("penny-university"), c.WritesAny()}; got != want {
			t.Errorf("%q: %v, want %v", mode, got, want)
		}
	}
}
