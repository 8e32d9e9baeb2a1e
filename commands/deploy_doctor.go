package commands

import (
	"context"
	"fmt"
	"time"

	"slipway/bot"
	"slipway/bot/config"
	"slipway/bot/doctor"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// DeployDoctor says what is wrong with the set-up. It names weaknesses and no secrets, so whoever reads an app may see it.
var DeployDoctor = bot.Command{
	Slash: "/deploy",
	Verb:  "doctor",
	Args:  "[app]",
	About: bot.EachApp,
	Short: "what is wrong with how I am set up, and what to do about it",
	Long: "Looks at my settings and my database, at tokens with their rights and their end, channels, webhooks with their last deliveries," +
		" my own dyno and the clock. Faults come first. It changes nothing and posts nothing." +
		" `slipway doctor`, where slipway runs, also lists what is well.\n`/deploy doctor`\n`/deploy doctor penny-university`",
	Answer: answerDoctor,
}

// examining is how long the doctor may look: a person waits, and what is found late is worth less than what is found.
const examining = 20 * time.Second

func answerDoctor(ctx context.Context, c *bot.Clients, req bot.Request) (bot.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, examining)
	defer cancel()
	return doctorWords(c.Doctor.Of(req.Apps).Look(ctx), ofApps(c, req.Apps)), nil
}

// How much of a finding is shown, in characters.
const (
	subjectLimit = 80
	findingLimit = 400
)

// ofApps says which apps were looked at, where there are more, and in which of them nothing is changed.
func ofApps(c *bot.Clients, asked []config.App) string {
	var names, reading []string
	for _, app := range asked {
		names = append(names, "*"+app.Name+"*")
		if c.Mode.Reads(app.Name) {
			reading = append(reading, "*"+app.Name+"*")
		}
	}
	words := ""
	if len(asked) < len(c.Apps) {
		words = " for " + phrase.Some(names, ", ")
	}
	switch {
	case len(reading) == 0:
		return words
	case len(reading) == len(asked):
		return words + " (in read mode)"
	}
	return words + " (in read mode for " + phrase.Some(reading, ", ") + ")"
}

func doctorWords(found []doctor.Finding, of string) bot.Answer {
	count := map[doctor.Level]int{}
	for _, f := range found {
		count[f.Level]++
	}
	p := &page{title: doctorTitle(count, of)}
	for _, level := range []doctor.Level{doctor.Fault, doctor.Warning} {
		for _, f := range found {
			if f.Level == level {
				p.line(findingWords(f))
			}
		}
	}
	if n := count[doctor.OK]; n > 0 && n < len(found) {
		p.line(fmt.Sprintf(":white_check_mark: %s well; %s, where slipway runs, lists what.", say.Count(n, "thing is", "things are"), say.Code("slipway doctor")))
	}
	return p.answer()
}

func doctorTitle(count map[doctor.Level]int, of string) string {
	faults, warnings := say.Count(count[doctor.Fault], "fault", "faults"), say.Count(count[doctor.Warning], "warning", "warnings")
	subject := "My set-up" + of
	switch {
	case count[doctor.Fault] > 0 && count[doctor.Warning] > 0:
		return fmt.Sprintf("%s has %s and %s", subject, faults, warnings)
	case count[doctor.Fault] > 0:
		return subject + " has " + faults
	case count[doctor.Warning] > 0:
		return fmt.Sprintf("%s has no faults, and %s", subject, warnings)
	}
	return fmt.Sprintf("%s is well: I looked at %s", subject, say.Count(count[doctor.OK], "thing", "things"))
}

func findingWords(f doctor.Finding) string {
	emoji := ":warning:"
	if f.Level == doctor.Fault {
		emoji = ":x:"
	}
	words := fmt.Sprintf("%s *%s*: %s.", emoji, say.Foreign(f.Subject, subjectLimit), say.Foreign(f.Text, findingLimit))
	if f.Fix != "" {
		words += "\n" + say.Foreign(f.Fix, findingLimit)
	}
	return words
}
