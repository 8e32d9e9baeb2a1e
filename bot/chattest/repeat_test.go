package chattest

import (
	"testing"

	"slipway/commands"
)

// The conversations of the real bot are repeated by the tests of package commands.
func TestTheSameLinesGiveTheSameBytes(t *testing.T) { repeatAll(t, "testdata/echo", echoing) }

func TestTheSameLinesSendTheSameWebhooks(t *testing.T) {
	repeatAll(t, "testdata/deliveries", slipway(commands.All()))
}
