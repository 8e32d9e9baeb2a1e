package phrase

import "slipway/bot/say"

// App names an app where it is what a message is about.
func App(name string, production bool) string {
	if production {
		return say.Escape(name) + " (production)"
	}
	return say.Escape(name)
}
