package commands_test

import (
	"testing"

	"slipway/bot/chattest"
	"slipway/commands"
)

// Not parallel: it changes how many processors there are.
func TestTheSameLinesGiveTheSameBytes(t *testing.T) {
	for _, dir := range []string{"testdata", "../bot/chattest/testdata/slipway"} {
		t.Run(dir, func(t *testing.T) { chattest.Repeat(t, dir, commands.All()) })
	}
}
