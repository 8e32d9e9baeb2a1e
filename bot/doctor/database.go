package doctor

import (
	"context"
	"fmt"
	"time"

	"slipway/bot/say"
	"slipway/bot/store"
)

// slow is how long the few questions to a database take that is too far away, or too busy: each answer waits for several.
const slow = 500 * time.Millisecond

func lookAtDatabase(ctx context.Context, p *Patient) []Finding {
	const subject = "Database"
	if p.Database == nil {
		return nil
	}
	v, err := p.Database(ctx)
	if err != nil {
		fix := "Look whether the Postgres at DATABASE_URL runs: heroku pg:info tells it on Heroku. Webhooks are refused meanwhile, so that their senders keep them."
		if p.Config.DatabaseURL.IsZero() {
			fix = "Look whether slipway may read and write slipway.db and its folder, and whether the disk is full."
		}
		return p.lose(fault(subject, "does not answer: "+err.Error(), fix))
	}
	if p.Dyno != "" && !v.Postgres {
		return []Finding{fault(subject, "is a file on a dyno, which is lost at its next restart", "Run heroku addons:create heroku-postgresql:essential-0, which sets DATABASE_URL.")}
	}
	return []Finding{tables(subject, v)}
}

// tables judges what is in the database.
func tables(subject string, v store.Vitals) Finding {
	name := "SQLite"
	if v.Postgres {
		name = "Postgres"
	}
	switch {
	case v.Version == "":
		return well(subject, "there is none yet; slipway run makes slipway.db")
	case v.Tables == 0:
		return well(subject, "%s %s, empty; slipway run makes the tables", name, v.Version)
	case v.Tables > v.Newest:
		return fault(subject, fmt.Sprintf("a newer slipway has changed its tables (to %04d; this one knows %04d)", v.Tables, v.Newest),
			"Run that version again or a newer one, or restore a backup from before it.")
	case v.Tables < v.Newest:
		return warning(subject, fmt.Sprintf("its tables are those of an older slipway (%04d; this one makes %04d)", v.Tables, v.Newest),
			"Start slipway run in this version: it brings them up to date.")
	}
	text := fmt.Sprintf("%s %s, tables up to date (%04d)", name, v.Version, v.Tables)
	if v.Holder != 0 {
		text += fmt.Sprintf(", in use by a running slipway (process %d), as it should be", v.Holder)
	}
	if v.Took > slow {
		return warning(subject, fmt.Sprintf("%s; it takes %s for a few small questions", text, say.For(v.Took)),
			"Move it to the region in which slipway runs, or give it a larger plan.")
	}
	return well(subject, "%s", text)
}
