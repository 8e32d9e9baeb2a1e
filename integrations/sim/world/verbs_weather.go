package world

import (
	"fmt"

	"slipway/integrations/sim/weather"
)

func (w *World) setDown(name string, down bool) error {
	switch name {
	case "slack":
		w.Slack.SetDown(down)
	case "github":
		w.GitHub.Weather().SetDown(down)
	case "heroku":
		w.Heroku.Weather().SetDown(down)
	case "database":
		return fmt.Errorf("this version keeps nothing in a database that could go down")
	default:
		return unknown("server", name, "github", "heroku", "slack")
	}
	return nil
}

func (w *World) doFault(args []string) error {
	at := map[string]*weather.Weather{"slack": w.Slack.Weather(), "github": w.GitHub.Weather(), "heroku": w.Heroku.Weather()}
	server := at[args[0]]
	if server == nil {
		return unknown("server", args[0], "github", "heroku", "slack")
	}
	if len(args) == 2 && args[1] == "clear" {
		server.Clear()
		return nil
	}
	f, err := weather.ParseFault(args[1:])
	if err != nil {
		return err
	}
	server.Add(f)
	return nil
}
