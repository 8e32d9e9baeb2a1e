package world

import (
	"context"
	"fmt"
	"strings"

	herokusim "slipway/integrations/sim/heroku"
)

func (w *World) doConfig(args []string) error {
	key, value, ok := strings.Cut(args[0], "=")
	if !ok || key == "" {
		return errForm
	}
	w.begin("config change of "+key, func(ctx context.Context) error {
		_, err := w.app().SetConfig(ctx, key, value, email("alice"))
		return err
	})
	return nil
}

func (w *World) doCLI(args []string) error {
	app := w.app()
	switch {
	case args[0] == "deploy" && len(args) == 1:
		head := w.Repo.Head(branch)
		w.begin("deploy by hand", func(ctx context.Context) error {
			_, err := app.Deploy(ctx, herokusim.DeploySpec{Commit: head.SHA, By: email("alice")})
			return err
		})
		return nil
	case args[0] == "rollback" && len(args) == 2:
		n, err := goesBack(app, args[1])
		if err != nil {
			return err
		}
		w.begin("rollback by hand", func(ctx context.Context) error {
			_, err := app.Rollback(ctx, n, email("alice"))
			return err
		})
		return nil
	}
	if on, known := map[string]bool{"on": true, "off": false}[args[len(args)-1]]; known && args[0] == "maintenance" {
		app.SetMaintenance(on)
		return nil
	}
	return errForm
}

// goesBack reads a release that one can roll back to, "v120".
func goesBack(app *herokusim.App, word string) (int, error) {
	var eligible []string
	for _, r := range app.Releases() {
		name := fmt.Sprintf("v%d", r.Version)
		if r.Eligible && name == word {
			return r.Version, nil
		}
		if r.Eligible {
			eligible = append(eligible, name)
		}
	}
	return 0, fmt.Errorf("one cannot roll back to %s, but to %s", word, strings.Join(eligible, ", "))
}

func (w *World) doReleasePhase(args []string) error {
	if args[0] != "fail" {
		return errForm
	}
	w.app().NextReleasePhase(true, failedMigration)
	return nil
}

// doBackup takes a backup by hand, or lets the next one fail.
func (w *World) doBackup(args []string) error {
	switch {
	case len(args) == 0:
		w.app().Capture()
	case args[0] == "fail":
		w.app().FailNextBackup("pg_dump: error: canceling statement due to statement timeout")
	default:
		return errForm
	}
	return nil
}

func (w *World) doHealth(args []string) error {
	if args[0] != "ok" && args[0] != "fail" {
		return errForm
	}
	w.app().SetHealth(args[0] == "ok")
	return nil
}

func (w *World) doCrash(args []string) error { return w.app().Crash(args[0]) }
