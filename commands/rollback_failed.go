package commands

import (
	"context"
	"fmt"

	"slipway/bot"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// What a rollback says that did not go well, and what can be done next. None of it is a dead end.

// failed is how a rollback ends that was made and did not go well. To do it once more by hand would mend nothing.
func failed(text, detail string, choices ...op.Choice) error {
	return &op.Failure{Refusal: &say.Refusal{Text: text, Moot: true}, Detail: detail, Choices: choices}
}

// phaseFailed is how a rollback ends whose release command failed.
func (r rollback) phaseFailed(made madeRelease, printed string) error {
	text := fmt.Sprintf("%s of %s failed, so %s runs on.", r.command(), r.title(made), say.Code(r.Live))
	return failed(text, block("What the release command printed last:", printed), r.further(), op.Choice{Label: "Try again", Line: r.line(r.To)})
}

// command is the release command, as far as it is known.
func (r rollback) command() string {
	if r.Phase == "" {
		return "The release command"
	}
	return "The release command (" + say.ForeignCode(r.Phase, phrase.TitleLimit) + ")"
}

// further goes back to what was before the release that was gone back to.
func (r rollback) further() op.Choice {
	return op.Choice{Label: "Roll back further", Line: r.line("before " + r.To)}
}

// forward goes back to what ran before the rollback.
func (r rollback) forward() op.Choice {
	label := "Roll forward to "
	if r.Forward {
		label = "Roll back to "
	}
	return op.Choice{Label: label + r.Live, Line: r.line(r.Live)}
}

// replaced says that somebody else's release runs in place of ours.
func (r rollback) replaced(made madeRelease, other heroku.Release) error {
	text := fmt.Sprintf("%s was made, and then %s made %s (%s) at %s, which runs now in its place.", r.title(made),
		say.Foreign(other.By, phrase.NameLimit), say.Code(other.String()), say.Foreign(other.Description, phrase.TitleLimit), say.Date(other.CreatedAt))
	return failed(text, "", op.Choice{Label: "Roll back again", Line: r.line(r.To)})
}

// dynoFailed is how a rollback ends that a dyno did not survive.
func (r rollback) dynoFailed(ctx context.Context, c *bot.Clients, made madeRelease, d heroku.Dyno, what string) error {
	text := fmt.Sprintf("%s is current, and %s %s. Its log: %s", r.title(made), named(d), what,
		say.Code("heroku logs --dyno "+d.Name+" -a "+r.App))
	detail := block("What "+named(d)+" logged last:", r.logged(ctx, c, d.Name))
	return failed(text, detail, r.further(), r.forward())
}
