package chattest

import (
	"io"
	"testing"
	"testing/synctest"

	"slipway/bot"
	"slipway/integrations/sim/world"
)

// Scene sets the stage in a bubble and lets play do with it what a conversation cannot say: count, measure, or type many
// lines at one instant. The bot runs with the commands given.
func Scene(t *testing.T, changes []string, commands []bot.Command, play func(w *world.World, p *Player)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{changes: changes}, slipway(commands))
		s.misfits = true // a scene may be about just that
		defer s.close()
		player := NewPlayer(s.World, s.bot, bubbleClock{}, io.Discard)
		player.Settle()
		play(s.World, player)
	})
}
