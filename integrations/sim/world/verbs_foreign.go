package world

import slacksim "slipway/integrations/sim/slack"

// doForeign has somebody else connect with the app's token, or go again. A deaf one takes its share of what people do, and
// acknowledges nothing; the other is only counted, so that nothing that is typed gets lost.
func (w *World) doForeign(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "socket":
		w.Slack.ForeignSockets(1, slacksim.Counted)
	case len(args) == 2 && args[0] == "socket" && args[1] == "deaf":
		w.Slack.ForeignSockets(1, slacksim.Taking)
	case len(args) == 1 && args[0] == "gone":
		w.Slack.ForeignSockets(0, slacksim.Counted)
	default:
		return errForm
	}
	return nil
}
