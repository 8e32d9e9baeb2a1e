package commands

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"slipway/bot"
	"slipway/bot/config/settings"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/store"
	"slipway/integrations/heroku"
)

// DeployBackup takes a backup of an app's database.
var DeployBackup = bot.Command{
	Slash: "/deploy",
	Verb:  "backup",
	Args:  "[app]",
	Short: "take a backup of the database",
	Long: "Takes a backup of the database behind DATABASE_URL, once you have confirmed it, and follows it to its end. The app runs on" +
		" meanwhile. Heroku keeps so many backups that were asked for: the plan names the one that goes away for it.\n" +
		"`/deploy backup`\n`/deploy backup penny-university`",
	About: bot.OneApp,
	Change: &bot.Change{
		Kind: "backup", Right: settings.Operate, ByHand: backupByHand, Plan: planBackup, Run: runBackup, Hooks: backupHooks,
	},
}

// backup is what is confirmed. It is stored as JSON: add fields, never rename them.
type backup struct {
	App      string
	Database string // id of the add-on
	Name     string // of the add-on
	Paying   string // the app that pays for it, which has the backups
	Newest   int    // number of the newest backup as it was
	Drops    []string
}

func backupByHand(req bot.Request) ([]string, error) {
	return []string{"heroku pg:backups:capture DATABASE_URL -a " + req.App.Name}, nil
}

func planBackup(ctx context.Context, c *bot.Clients, req bot.Request) (op.Plan, error) {
	b, list, err := backupOf(ctx, c, req.App.Name)
	if err != nil {
		return op.Plan{}, err
	}
	data, err := json.Marshal(b)
	if err != nil {
		return op.Plan{}, fmt.Errorf("plan a backup of %s: %w", req.App.Name, err)
	}
	return op.Plan{
		Title: fmt.Sprintf("Back up the database of *%s*", c.Title(ctx, req.App)),
		Lines: b.lines(list),
		Label: "Back up",
		Steps: []string{captureStep, completedStep}, Lookup: []string{"heroku pg:backups -a " + b.Paying},
		Data: data,
	}, nil
}

// The names of the steps. They are stored for ever.
const (
	captureStep   = "begin the backup"
	completedStep = "backup completed"
)

// backupOf reads what a backup of an app's database rests on, and which backups there are.
func backupOf(ctx context.Context, c *bot.Clients, app string) (backup, []heroku.Backup, error) {
	database, err := c.Heroku.Database(ctx, app)
	switch heroku.KindOf(err) {
	case "":
	case heroku.NotFound:
		return backup{}, nil, say.Moot("%s has no database of Heroku Postgres behind `DATABASE_URL`, so there is nothing to back up here.", say.Code(app))
	default:
		return backup{}, nil, unread(err)
	}
	all, err := c.Heroku.Backups(ctx, database.App)
	if err != nil {
		return backup{}, nil, unread(err)
	}
	b := backup{App: app, Database: database.ID, Name: database.Name, Paying: cmp.Or(database.App, app)}
	for _, one := range all {
		b.Newest = max(b.Newest, one.Num)
	}
	for _, one := range heroku.Drops(all, b.Database) {
		b.Drops = append(b.Drops, one.Name)
	}
	return b, slices.DeleteFunc(all, func(one heroku.Backup) bool { return one.Database != b.Database }), nil
}

// lines say what is backed up, what there is already, and what goes away for it.
func (b backup) lines(list []heroku.Backup) []string {
	lines := []string{fmt.Sprintf("%s as it is when the backup begins. The app runs on meanwhile; large databases are slower for that time.", say.ForeignCode(b.Name, phrase.NameLimit))}
	if b.Paying != b.App {
		lines = append(lines, fmt.Sprintf("%s pays for it, and has its backups.", say.ForeignCode(b.Paying, phrase.NameLimit)))
	}
	newest := slices.IndexFunc(list, func(one heroku.Backup) bool { return one.State == heroku.BackupCompleted })
	if newest < 0 {
		lines = append(lines, "There is none that is completed.")
	} else {
		lines = append(lines, fmt.Sprintf("The newest is %s of %s.", list[newest].Name, say.Day(list[newest].StartedAt)))
	}
	for _, one := range list {
		if !one.Ended() {
			lines = append(lines, fmt.Sprintf(":warning: %s is being taken since %s. This one is taken all the same.", one.Name, say.Day(one.CreatedAt)))
		}
	}
	for _, one := range list {
		if slices.Contains(b.Drops, one.Name) {
			lines = append(lines, fmt.Sprintf(":warning: Heroku keeps %d that were asked for, so %s of %s goes away for it.", one.Keeps, one.Name, say.Day(one.StartedAt)))
		}
	}
	return lines
}

// taken is the backup that came of it. It is stored as JSON: add fields, never rename them.
type taken struct {
	ID   string
	Name string
}

// backupHooks have messages that name the newest backup say which it is now.
func backupHooks(c *bot.Clients) op.Hooks {
	return op.Hooks{Ended: func(_ context.Context, _ *store.Tx, taken op.Confirmation, _ op.End) error {
		c.Recipes.WantBackups(taken.Plan.App)
		return nil
	}}
}

func runBackup(c *bot.Clients) op.Run {
	return func(ctx context.Context, o *op.Operation) error {
		var b backup
		if err := o.Data(&b); err != nil {
			return err
		}
		made, err := op.Do(ctx, o, captureStep, op.Effect[taken]{
			Guard: func(ctx context.Context) error { return b.guard(ctx, c) },
			Find:  func(ctx context.Context, since time.Time) (taken, bool, error) { return b.find(ctx, c, since) },
			Act: func(ctx context.Context) (taken, error) {
				one, err := c.HerokuWrite.CaptureBackup(ctx, b.Database)
				return taken{one.ID, one.Name}, denied(err)
			},
			Settle:   heroku.Settle,
			Harmless: true, // what runs stays
			IDs:      func(t taken) map[string]string { return map[string]string{"backup": t.Name} },
		})
		if err != nil {
			return err
		}
		_, err = op.Wait(ctx, o, completedStep, op.Watch[taken]{
			Look:     func(ctx context.Context) (taken, bool, error) { return b.look(ctx, c, made) },
			Detail:   func(t taken) string { return "Completed: " + t.Name },
			Every:    5 * time.Second,
			Deadline: 6 * time.Hour, // of a large database
		})
		return err
	}
}

// guard refuses when another database is meant now, or another backup would go away.
func (b backup) guard(ctx context.Context, c *bot.Clients) error {
	now, _, err := backupOf(ctx, c, b.App)
	if err != nil {
		return err
	}
	again := fmt.Sprintf("Type `/deploy backup %s` again if it is still wanted.", b.App)
	switch {
	case now.Database != b.Database:
		return say.Refuse("`DATABASE_URL` of %s is %s since this plan was made, and was %s. %s", say.Code(b.App), say.ForeignCode(now.Name, phrase.NameLimit), say.ForeignCode(b.Name, phrase.NameLimit), again)
	case !slices.Equal(now.Drops, b.Drops):
		return say.Refuse("Since this plan was made other backups came or went: now %s would go away for it. %s", cmp.Or(strings.Join(now.Drops, ", "), "none"), again)
	}
	return nil
}

// find looks for a backup that somebody asked for since: whoever did, it is of the database as it was then.
func (b backup) find(ctx context.Context, c *bot.Clients, since time.Time) (taken, bool, error) {
	all, err := c.Heroku.Backups(ctx, b.Paying)
	if err != nil {
		return taken{}, false, err
	}
	for _, one := range slices.Backward(all) { // the oldest first
		if one.Database == b.Database && !one.Scheduled && one.Num > b.Newest && !one.CreatedAt.Before(since.Add(-clocks)) {
			return taken{one.ID, one.Name}, true, nil
		}
	}
	return taken{}, false, nil
}

// look tells whether a backup is completed. One that failed ends the wait, with the last line of its log.
func (b backup) look(ctx context.Context, c *bot.Clients, made taken) (taken, bool, error) {
	one, log, err := c.Heroku.BackupByID(ctx, b.Paying, made.ID)
	if err != nil {
		return taken{}, false, err
	}
	switch one.State {
	case heroku.BackupCompleted:
		return made, true, nil
	case heroku.BackupFailed:
		last := ""
		if len(log) > 0 {
			last = " Its log ends with: " + say.ForeignCode(log[len(log)-1], phrase.TitleLimit)
		}
		return taken{}, false, say.Refuse("%s failed, and is no way back.%s\nIts log: %s", made.Name, last, say.Code("heroku pg:backups:info "+made.Name+" -a "+b.Paying))
	case heroku.BackupCanceled:
		return taken{}, false, say.Refuse("%s was canceled, and is no way back.", made.Name)
	}
	return taken{}, false, nil
}
