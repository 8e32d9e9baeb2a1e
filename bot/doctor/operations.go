package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slipway/bot/config"
	"slipway/bot/op"
	"slipway/bot/say"
)

// lookAtOperations looks for operations of which nobody knows whether they were done: each holds its app until somebody says.
func lookAtOperations(ctx context.Context, p *Patient) []Finding {
	const subject = "Operations"
	if p.Standing == nil {
		return nil
	}
	list, err := p.Standing(ctx)
	if err != nil {
		return []Finding{unknown(subject, err, "Try again in a moment.")}
	}
	found := p.eachApp(func(app config.App) []Finding {
		var found []Finding
		for _, s := range list {
			if s.App == app.Name && s.Unknown {
				found = append(found, undecided(s))
			}
		}
		return found
	})
	if len(found) == 0 {
		return []Finding{well(subject, "of each that has ended it is known whether it was done")}
	}
	return found
}

// undecided is an operation that ended as unknown. Its title comes without the marks of Slack.
func undecided(s op.Standing) Finding {
	return warning("Operation "+s.ID,
		fmt.Sprintf("“%s” ended %s, and nobody knows whether it was done: nothing else is changed in %s until somebody says",
			strings.ReplaceAll(s.Title, "*", ""), say.Ago(time.Now(), s.Ended), s.App),
		"Look whether it was done, and press It happened or It did not happen at its message; /deploy restart "+s.App+" is refused with the same buttons.")
}
