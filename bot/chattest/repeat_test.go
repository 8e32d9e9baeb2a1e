package chattest

import (
	"testing"
	"time"

	"slipway/bot/audit"
)

// The conversations of the real bot are repeated by the tests of package commands.
func TestTheSameLinesGiveTheSameBytes(t *testing.T) { repeatAll(t, "testdata/echo", echoing) }

func TestTheSameLinesSendTheSameWebhooks(t *testing.T) {
	repeatAll(t, "testdata/deliveries", absent)
}

// absent is the cast of plays about what is sent, which does not depend on what anybody makes of it: there is no bot, and
// somebody takes the webhooks.
var absent = cast{bot: func(*stage) (Bot, error) { return nobody{}, nil }}

type nobody struct{}

// Start takes a moment, as that of a bot does, so that the story begins after the first webhooks.
func (nobody) Start() error        { time.Sleep(10 * time.Millisecond); return nil }
func (nobody) Stop() error         { return nil }
func (nobody) Kill() error         { return nil }
func (nobody) Busy() int           { return 0 }
func (nobody) Database(bool) error { return nil }
func (nobody) Open() (int, error)  { return 0, nil }

// Audit gives nothing: nobody writes one.
func (nobody) Audit(func(audit.Row) error) error { return nil }
