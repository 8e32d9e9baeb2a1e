package doctor

import (
	"context"
	"strings"

	"slipway/integrations/heroku"
)

// lookAtOwnDyno looks whether slipway's own dyno sleeps: an Eco one does after half an hour without a web request, and then
// nobody's command is answered.
func lookAtOwnDyno(ctx context.Context, p *Patient) []Finding {
	const subject = "slipway's own dyno"
	kind, _, _ := strings.Cut(p.Dyno, ".")
	switch {
	case p.Dyno == "":
		return nil
	case p.OwnApp == "":
		return []Finding{warning(subject, "is not known: HEROKU_APP_NAME is not set", byHand("THE-APP")+" THE-APP is that of slipway; for slipway to look itself, run heroku labs:enable runtime-dyno-metadata -a THE-APP.")}
	}
	formation, err := p.Heroku.Formation(ctx, p.OwnApp)
	switch heroku.KindOf(err) {
	case "":
	case heroku.NotFound, heroku.Forbidden:
		return []Finding{warning(subject, "could not be checked: the key may not read the app "+p.OwnApp, byHand(p.OwnApp))}
	default:
		return []Finding{unknown(subject, err, herokuAway)}
	}
	var names []string
	for _, process := range formation {
		ours := process.Type == kind || kind == "run" && process.Quantity > 0 // heroku run slipway doctor
		if !ours {
			continue
		}
		if strings.EqualFold(process.Size, "eco") {
			return []Finding{fault(subject, process.Type+" of "+p.OwnApp+" is an Eco dyno, which sleeps after 30 min without a web request: then no command is answered",
				"Run heroku ps:type "+process.Type+"=basic -a "+p.OwnApp+".")}
		}
		names = append(names, process.Type+" is "+process.Size)
	}
	if len(names) == 0 {
		return []Finding{warning(subject, "could not be checked: "+p.OwnApp+" has no process type "+kind, byHand(p.OwnApp))}
	}
	return []Finding{well(subject, "of %s, %s, which does not sleep", p.OwnApp, strings.Join(names, ", "))}
}

// byHand says how a person looks.
func byHand(app string) string { return "Look with heroku ps:type -a " + app + ". It must not be Eco." }
