package world

import (
	"errors"

	"slipway/integrations/sim/weather"
)

// downs are what can be down, other than the bot's database.
var downs = []string{"github", "heroku", "slack", "runs", "runners"}

func (w *World) setDown(name string, down bool) error {
	switch name {
	case "slack":
		w.Slack.SetDown(down)
	case "github":
		w.GitHub.Weather().SetDown(down)
	case "heroku":
		w.Heroku.Weather().SetDown(down)
	case "runs":
		w.GitHub.SetRuns(!down, false)
	case "runners":
		w.GitHub.SetRunners(!down)
	case "database":
		return errors.New("the database is the bot's, not the world's")
	default:
		return unknown("server", name, downs...)
	}
	return nil
}

// doUp lets something be up again. Runs that were not started meanwhile may be lost.
func (w *World) doUp(args []string) error {
	switch {
	case len(args) == 1:
		return w.setDown(args[0], false)
	case args[0] != "runs" || args[1] != "lost":
		return errForm
	}
	w.GitHub.SetRuns(true, true)
	return nil
}

func (w *World) doFault(args []string) error {
	at := map[string]*weather.Weather{"slack": w.Slack.Weather(), "github": w.GitHub.Weather(), "heroku": w.Heroku.Weather()}
	server := at[args[0]]
	if server == nil {
		return unknown("server", args[0], "github", "heroku", "slack")
	}
	if args[1] == "deliver" {
		return w.faultDeliveries(args[0], args[2:])
	}
	if len(args) == 2 && args[1] == "clear" {
		server.Clear()
		if out := w.outgoing(args[0]); out != nil {
			out.Clear()
		}
		return nil
	}
	f, err := weather.ParseFault(args[1:])
	if err != nil {
		return err
	}
	server.Add(f)
	return nil
}

// faultDeliveries lets a fault hit the webhooks that a server sends.
func (w *World) faultDeliveries(server string, words []string) error {
	out := w.outgoing(server)
	if out == nil {
		return unknown("server that sends webhooks", server, "github", "heroku")
	}
	if len(words) == 1 && words[0] == "clear" {
		out.Clear()
		return nil
	}
	f, err := weather.ParseDeliveryFault(words)
	if err != nil {
		return err
	}
	out.Add(f)
	return nil
}

// outgoing is the queue of a server's webhooks; nil for one that sends none.
func (w *World) outgoing(server string) *weather.Outgoing {
	switch server {
	case "github":
		return w.GitHub.Outgoing()
	case "heroku":
		return w.Heroku.Outgoing()
	}
	return nil
}
