package world

import (
	"context"
	"slices"
	"time"

	herokusim "slipway/integrations/sim/heroku"
)

// doRun starts a one-off dyno of the app, which goes on for as long as is said: alice by hand, or the scheduler.
func (w *World) doRun(args []string) error {
	spec := herokusim.RunSpec{By: email("alice")}
	if len(args) == 3 {
		if args[0] != "scheduler" {
			return errForm
		}
		spec = herokusim.RunSpec{Type: "scheduler"}
		args = args[1:]
	}
	lasts, err := time.ParseDuration(args[1])
	if err != nil || lasts <= 0 {
		return errForm
	}
	spec.Command = args[0]
	w.mu.Lock()
	w.lasting = append(w.lasting, lasting{spec.Command, lasts})
	w.mu.Unlock()
	w.app().OnRun(w.last)
	_, err = w.app().RunDyno(spec)
	return err
}

// lasting is for how long a command goes on.
type lasting struct {
	command string
	d       time.Duration
}

// last lets a command go on for as long as was said last; others end at once.
func (w *World) last(ctx context.Context, r herokusim.Run) int {
	w.mu.Lock()
	d := time.Duration(0)
	for _, l := range slices.Backward(w.lasting) {
		if l.command == r.Command {
			d = l.d
			break
		}
	}
	w.mu.Unlock()
	if d > 0 && r.Pass(ctx, d) != nil {
		return 143 // it was killed
	}
	return 0
}
