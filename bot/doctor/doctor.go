package doctor

import (
	"context"
	"time"

	"slipway/bot/abreast"
	"slipway/bot/config"
)

// Check is one question, or several that are answered together.
type Check struct {
	Name  string
	End   End
	Quick bool // it is asked at the start of the bot, too: a call or two
	Look  func(context.Context, *Patient) []Finding
}

// End is what a check asks. Checks of one are made one after the other, those of different ones side by side.
type End string

// The ends, in the order in which their findings show.
const (
	Settings End = "settings"
	Database End = "database"
	Slack    End = "Slack"
	GitHub   End = "GitHub"
	Heroku   End = "Heroku"
	Clock    End = "clock"
)

var ends = []End{Settings, Database, Slack, GitHub, Heroku, Clock}

// Checks are all there are, in the order in which their findings show.
func Checks() []Check {
	return []Check{
		{"settings", Settings, true, lookAtSettings},
		{"database", Database, true, lookAtDatabase},
		{"operations", Database, false, lookAtOperations},
		{"bot token", Slack, true, lookAtBotToken},
		{"app-level token", Slack, true, lookAtAppToken},
		{"one brain", Slack, false, lookForOthers},
		{"channels", Slack, true, lookAtChannels},
		{"people", Slack, false, lookAtPeople},
		{"token", GitHub, true, lookAtGitHubToken},
		{"permissions", GitHub, false, lookAtPermissions},
		{"write token", GitHub, false, lookAtGitHubWriteToken},
		{".slipway.yml", GitHub, false, lookAtFile},
		{"webhooks", GitHub, false, lookAtGitHubHooks},
		{"key", Heroku, true, lookAtHerokuKey},
		{"apps", Heroku, true, lookAtApps},
		{"write key", Heroku, false, lookAtHerokuWriteKey},
		{"webhooks", Heroku, false, lookAtHerokuHooks},
		{"own dyno", Heroku, false, lookAtOwnDyno},
		{"clock", Clock, true, lookAtClock},
	}
}

// checkTime bounds one check, so that one dead service does not hide the others.
const checkTime = 10 * time.Second

// Doctor looks at one set-up. It may be asked by many goroutines at once.
type Doctor struct {
	patient Patient
	checks  []Check
}

// New makes a doctor. It asks nothing before Look or Quick.
func New(p Patient) *Doctor { return &Doctor{patient: p, checks: Checks()} }

// Of is a doctor who looks at some of the apps only, and at what all have in common.
func (d *Doctor) Of(apps []config.App) *Doctor {
	p := d.patient
	p.Config.Apps = apps
	return &Doctor{patient: p, checks: d.checks}
}

// Look makes all checks. The findings come in the order of Checks, whatever answers first.
func (d *Doctor) Look(ctx context.Context) []Finding {
	return d.look(ctx, func(Check) bool { return true })
}

// Quick makes those checks that the bot makes when it starts.
func (d *Doctor) Quick(ctx context.Context) []Finding {
	return d.look(ctx, func(c Check) bool { return c.Quick })
}

func (d *Doctor) look(ctx context.Context, wanted func(Check) bool) []Finding {
	found := make([][]Finding, len(ends))
	abreast.Each(len(ends), func(i int) { found[i] = d.at(ctx, ends[i], wanted) })
	var all []Finding
	for _, list := range found {
		all = append(all, list...)
	}
	return all
}

// at makes the checks of one end, until one of them finds that there is no use in asking it more.
func (d *Doctor) at(ctx context.Context, end End, wanted func(Check) bool) (found []Finding) {
	p := d.patient
	p.visit = &visit{}
	if end == Slack && p.Slack == nil || end == GitHub && p.GitHub == nil || end == Heroku && p.Heroku == nil {
		return nil
	}
	for _, c := range d.checks {
		if c.End != end || !wanted(c) || p.lost {
			continue
		}
		for _, f := range one(ctx, c, &p) {
			found = append(found, f.clean())
		}
	}
	return found
}

// one makes a check. A panic in it is a finding like others: the bot itself makes checks.
func one(ctx context.Context, c Check, p *Patient) (found []Finding) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := abreast.Guard(func() error {
		found = c.Look(ctx, p)
		return nil
	})
	if err != nil {
		return []Finding{warning(c.Name, "could not be checked: "+err.Error(), "It is a mistake in slipway: please report it with what you see here.")}
	}
	return found
}
