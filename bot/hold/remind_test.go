package hold

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"slipway/bot/store"
	"slipway/integrations/slack"
)

// office is a Slack that knows where people are, or is down.
type office struct{ down bool }

func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.down {
		return nil, errors.New("no route")
	}
	text := `{"ok":true,"user":{"id":"U1","name":"alice","tz":"America/New_York"}}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// reminders are the times at which somebody was reminded.
func (s *stage) reminders() (list []string) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *store.Tx) error {
		var at int64
		err := tx.QueryRow(ctx, "select reminded from holds where id = 'op1'").Scan(&at)
		if at > 0 {
			list = append(list, moment(at).UTC().Format("Mon 15:04"))
		}
		return err
	})
	return list
}

// The clock of a bubble begins on Saturday, 1 January 2000, at midnight UTC: 19:00 on Friday in New York.
func TestTheOwnerIsRemindedByTheirOwnClockOnceADay(t *testing.T) {
	if _, err := time.LoadLocation("America/New_York"); err != nil {
		t.Skip("no time zones on this machine")
	}
	onStage(t, func(s *stage) {
		far := &office{}
		s.Slack = slack.NewClient(slack.ClientOptions{BotToken: "xoxb-token", APIURL: "http://slack.test/", HTTP: &http.Client{Transport: far}})
		s.set(Hold{Reason: "waiting for the bank"})
		var seen []string
		for range 5 * 24 * 2 {
			time.Sleep(30 * time.Minute)
			far.down = time.Now().UTC().Format("Mon 15:04") == "Tue 14:00"
			s.looks()
			for _, at := range s.reminders() {
				if !slices.Contains(seen, at) {
					seen = append(seen, at)
				}
			}
		}
		want := []string{"Mon 14:00", "Tue 14:30", "Wed 14:00"}
		if !slices.Equal(seen, want) {
			t.Errorf("reminded at %q, not at %q", seen, want)
		}
		s.says("hold op1 day 1", "Automatic deploys are held by <@U1>")
		s.says("hold op1 day 1", "waiting for the bank. It ends with `/deploy unhold of penny-university`")
	})
}
