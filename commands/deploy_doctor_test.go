package commands

import (
	"context"
	"errors"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/store"
)

// The words of findings are the doctor's own tests' business; here is what a person reads of several.
func TestTheDoctorTellsFaultsFirstAndCountsWhatIsWell(t *testing.T) {
	t.Parallel()
	var apps config.Apps
	if err := apps.Decode("penny-university=o/r#c,penny-qa=o/r#c"); err != nil {
		t.Fatal(err)
	}
	d := doctor.New(doctor.Patient{
		Config: config.Config{Apps: apps, GitHubSecrets: config.Secrets{config.NewSecret("hub")}},
		Database: func(context.Context) (store.Vitals, error) {
			return store.Vitals{}, errors.New("<!channel> *the disk* is full")
		},
	})
	answer, err := DeployDoctor.Answer(t.Context(), &bot.Clients{Doctor: d}, bot.Request{Apps: apps[:1]})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, b := range answer.Blocks {
		text.WriteString(b.(*slackgo.SectionBlock).Text.Text + "\n")
	}
	want := []string{
		"My set-up has 1 fault and 2 warnings", ":x: *Database*: does not answer: &lt;!channel&gt; ∗the disk∗ is full.\nLook whether",
		":warning: *HEARTBEAT_URL*: is not set, so that nobody notices when slipway is dead.\nMake a check",
		":warning: *HEROKU_WEBHOOK_SECRET*: is not set", ":white_check_mark: 2 things are well; `slipway doctor`",
	}
	rest := text.String()
	for _, words := range want {
		_, after, ok := strings.Cut(rest, words)
		if !ok {
			t.Fatalf("%q does not come, or not in its turn, in\n%s", words, text.String())
		}
		rest = after
	}
	if strings.Contains(text.String(), "penny-qa") {
		t.Errorf("it tells of an app that was not asked for:\n%s", text.String())
	}
}

func TestTheDoctorsTitleSaysHowBadItIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		faults, warnings, well int
		of                     string
		want                   string
	}{
		{0, 0, 1, "", "My set-up is well: I looked at 1 thing"},
		{0, 1, 9, "", "My set-up has no faults, and 1 warning"},
		{2, 0, 9, "", "My set-up has 2 faults"},
		{1, 3, 0, " for *penny-qa* (in read mode)", "My set-up for *penny-qa* (in read mode) has 1 fault and 3 warnings"},
	} {
		if got := doctorTitle(map[doctor.Level]int{doctor.Fault: tc.faults, doctor.Warning: tc.warnings, doctor.OK: tc.well}, tc.of); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}
