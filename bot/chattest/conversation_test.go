package chattest

import (
	"flag"
	"testing"

	"slipway/commands"
)

var update = flag.Bool("update", false, "write the transcripts into the conversations")

// Each kind of line that doc.go tells of has a conversation. Those of echo are about what the real bot does not have yet.
func TestConversations(t *testing.T) {
	t.Parallel()
	t.Run("slipway", func(t *testing.T) {
		t.Parallel()
		Run(t, "testdata/slipway", commands.All(), *update)
	})
	t.Run("deliveries", func(t *testing.T) {
		t.Parallel()
		runAll(t, "testdata/deliveries", absent, *update)
	})
	t.Run("echo", func(t *testing.T) {
		t.Parallel()
		runAll(t, "testdata/echo", echoing, *update)
	})
}
