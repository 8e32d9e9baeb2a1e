package world

import (
	"time"

	herokusim "slipway/integrations/sim/heroku"
)

// The names of the first user's world.
const (
	repoOwner = "penny-university"
	repoName  = "penny_university"
	branch    = "master"
	appName   = "penny-university"
	qaName    = "penny-qa"
)

// addApps makes the app, and in the pair world the one for tests before it.
func (w *World) addApps() {
	w.Heroku.AddAccount(email("slipway"), w.tokens.heroku)
	collaborators := []string{deployer, email("slipway")}
	for _, p := range people {
		if p.collaborator && p.name != "alice" {
			collaborators = append(collaborators, email(p.name))
		}
	}
	for _, name := range w.plan.apps() {
		w.Apps = append(w.Apps, w.Heroku.AddApp(herokusim.AppSpec{
			Name: name, Owner: email("alice"), Collaborators: collaborators,
			Config: map[string]string{
				"DATABASE_URL":           "postgres://penny:s3cr3t@db.example.com:5432/penny",
				"DJANGO_SETTINGS_MODULE": "penny_university.settings",
			},
			Formation: []herokusim.Process{
				{Type: "web", Command: "gunicorn penny_university.wsgi", Size: "Basic", Quantity: 1},
			},
			ReleasePhase: releaseCommand,
			AddonPlans:   []string{"heroku-postgresql:standard-0", "scheduler:standard"},
			CreatedAt:    w.Start.AddDate(-5, 0, 0),
		}))
	}
	for _, app := range w.Apps {
		app.AddBackup(herokusim.PastBackup{Num: 40, At: w.Start.Add(-day / 2), Scheduled: true})
		app.AddBackup(herokusim.PastBackup{Num: 41, At: w.Start.Add(-22 * time.Minute)})
	}
}

const releaseCommand = "python manage.py migrate"

// failedMigration is what a release phase prints when its migration breaks.
const failedMigration = `Operations to perform:
  Apply all migrations: admin, auth, contenttypes, matchmaking, pennychat, sessions, users
Running migrations:
  Applying pennychat.0004_chat_reminder...Traceback (most recent call last):
  File "manage.py", line 15, in <module>
    execute_from_command_line(sys.argv)
django.db.utils.ProgrammingError: column "reminder_at" of relation "pennychat_chat" already exists`
