package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/integrations/github"
)

func TestAppsAreReadInOrder(t *testing.T) {
	t.Parallel()
	var got Apps
	if err := got.Decode(" penny-qa=o/r#deploys ,\n penny-university=penny-university/penny_university#C0123ABCD,g2x=a_b/c.d#déploiements-2_x,"); err != nil {
		t.Fatal(err)
	}
	want := Apps{
		{"penny-qa", github.Repo{Owner: "o", Name: "r"}, "deploys"},
		{"penny-university", github.Repo{Owner: "penny-university", Name: "penny_university"}, "C0123ABCD"},
		{"g2x", github.Repo{Owner: "a_b", Name: "c.d"}, "déploiements-2_x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAppsTellWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{",", "APPS names no app. Write it like penny-university="},
		{"penny", `APPS "penny" has no “=” between app and repository. Write it like`},
		{"penny=o/r", `APPS "penny=o/r" has no “#” between repository and channel. Write it like`},
		{"Penny=o/r#c", `APPS "Penny=o/r#c" has "Penny" for the app's name. Did you mean penny? Names on Heroku are lower case.`},
		{"p_y=o/r#c", `APPS "p_y=o/r#c" has "p_y" for the app's name. A Heroku app's name has 3 to 30`},
		{"ab=o/r#c", `APPS "ab=o/r#c" has "ab" for`},
		{"penny-=o/r#c", `APPS "penny-=o/r#c" has "penny-" for`},
		{strings.Repeat("a", 31) + "=o/r#c", `APPS "aaaa`},
		{"penny=r#c", `APPS "penny=r#c" has a bad repository. Repository "r": write it as owner/name.`},
		{"penny=https://github.com/o/r#c", `APPS "penny=https://github.com/o/r#c" has a bad repository. `},
		{"penny=o/r#Deploys", `APPS "penny=o/r#Deploys" has "Deploys" for the channel. Did you mean #deploys? Channel names are lower case.`},
		{"penny=o/r#", `APPS "penny=o/r#" has "" for the channel. Use the channel's name`},
		{"penny=o/r##c", `APPS "penny=o/r##c" has "#c" for`},
		{"penny=o/r#two words", `APPS "penny=o/r#two words" has "two words" for`},
		{"penny=o/r#" + strings.Repeat("c", 81), `APPS "penny=o/r#ccc`},
		{"penny=o/r#c,penny=o/q#d", `APPS names the app penny twice. Leave one of them out`},
		{"Penny=r#C D", "APPS \"Penny=r#C D\" has \"Penny\" for the app's name. Did you mean penny? Names on Heroku are lower case.\n" +
			"APPS \"Penny=r#C D\" has a bad repository. Repository \"r\": write it as owner/name.\n" +
			"APPS \"Penny=r#C D\" has \"C D\" for the channel. "},
	} {
		var a Apps
		faults := Variable{Name: "APPS"}.faults(a.Decode(tc.in))
		if got := faults.Error(); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.in, got, tc.want)
		}
	}
}

func TestAppsNeverQuoteASecret(t *testing.T) {
	t.Parallel()
	const secret = "Zx8Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk0LmNbVc"
	for _, in := range []string{"ghp_" + secret, "penny=ghp_" + secret + "/r!#c", "ghp_" + secret + "=o/r#c", "penny=o/r#xoxb-" + secret} {
		var a Apps
		err := a.Decode(in)
		if text := (Variable{Name: "APPS"}).faults(err).Error(); err == nil || strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzApps(f *testing.F) {
	for _, s := range []string{"penny=o/r#deploys", "a-b=o/r#c,c-d=o/r#C012", "x", "=", "==##", "penny=o/r#c,penny=o/r#c", ",,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		var apps Apps
		if apps.Decode(value) != nil {
			return
		}
		var spelt []string
		names := map[string]bool{}
		for _, a := range apps {
			spelt = append(spelt, a.String())
			names[a.Name] = true
		}
		if len(names) != len(apps) || len(apps) == 0 {
			t.Errorf("%q: %v", value, apps)
		}
		var again Apps
		if err := again.Decode(strings.Join(spelt, ",")); err != nil {
			t.Fatalf("%q became %q, which is refused: %v", value, spelt, err)
		}
		if diff := cmp.Diff(apps, again); diff != "" {
			t.Errorf("%q (-first +again):\n%s", value, diff)
		}
	})
}
