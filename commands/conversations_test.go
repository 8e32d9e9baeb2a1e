package commands_test

import (
	"testing"

	"slipway/bot/chattest"
	"slipway/commands"
)

// The conversations under testdata are what the bot says to people. See package chattest for how they read.
func TestConversations(t *testing.T) {
	t.Parallel()
	chattest.Run(t, "testdata", commands.All(), *update)
}
