package doctor_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/config"
	"slipway/bot/doctor"
	slacksim "slipway/integrations/sim/slack"
)

// sample is a line of the sample in the docs, with its fix if it has one.
var sample = regexp.MustCompile(`(?m)^    (ok|warning|fault) +(.+?)  +(.+)\n(?:     {9}(.+)\n)?`)

func TestTheDocsShowWhatIsSaid(t *testing.T) {
	text, err := os.ReadFile("../../docs/doctor.md")
	if err != nil {
		t.Fatal(err)
	}
	_, object, ok := strings.Cut(string(text), "\n    [\n")
	object, _, ended := strings.Cut(object, "\n    ]\n")
	var documented []doctor.Finding
	if err := json.Unmarshal([]byte("["+object+"]"), &documented); err != nil || !ok || !ended {
		t.Fatalf("the JSON of the docs: %v", err)
	}
	for _, line := range sample.FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, doctor.Finding{Level: doctor.Level(line[1]), Subject: line[2], Text: line[3], Fix: line[4]})
	}
	if len(documented) < 4 {
		t.Fatalf("the docs have only %+v", documented)
	}
	onStage(t, func(s *stage) {
		s.channel(func(c *slacksim.Channel) { c.BotIn = false })
		s.patient.Config.HeartbeatURL = config.SecretURL{}
		said := map[string]doctor.Finding{}
		for _, f := range s.look() {
			said[f.Subject] = f
		}
		for _, d := range documented {
			got := said[d.Subject]
			if strings.HasPrefix(d.Text, "workspace ") {
				got.Text = d.Text // whose it is, differs
			}
			if diff := cmp.Diff(d, got); diff != "" {
				t.Errorf("%s (-docs +said)\n%s", d.Subject, diff)
			}
		}
	})
}
