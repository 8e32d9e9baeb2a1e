package world

import (
	"fmt"

	githubsim "slipway/integrations/sim/github"
)

// skeleton is the team's Django project, as far as anything looks into it.
func skeleton() []githubsim.File {
	return []githubsim.File{
		{Path: "README.md", Text: "# Penny University\n"},
		{Path: "Procfile", Text: "release: " + releaseCommand + "\nweb: gunicorn penny_university.wsgi\n"},
		{Path: "manage.py", Text: "#!/usr/bin/env python\nimport sys\nfrom django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n"},
		{Path: "users/migrations/__init__.py", Text: "\n"},
		{Path: "users/migrations/0001_initial.py", Text: migration("[]", "migrations.CreateModel(name='User', fields=[('id', models.AutoField(primary_key=True))])")},
		{Path: "pennychat/migrations/__init__.py", Text: "\n"},
		{Path: "pennychat/migrations/0001_initial.py", Text: migration("[('users', '0001_initial')]", "migrations.CreateModel(name='Chat', fields=[('id', models.AutoField(primary_key=True))])")},
	}
}

// feature is a change without migrations.
func feature(number int) []githubsim.File {
	return []githubsim.File{{Path: fmt.Sprintf("pennychat/features/change_%d.py", number), Text: fmt.Sprintf("CHANGE = %d\n", number)}}
}

// migrations is a change with migrations in two apps.
func migrations() []githubsim.File {
	return []githubsim.File{
		{Path: "users/migrations/0002_user_reminders.py", Text: migration("[('users', '0001_initial')]",
			"migrations.AddField(model_name='user', name='reminders', field=models.BooleanField(default=True))")},
		{Path: "pennychat/migrations/0002_chat_reminder_at.py", Text: migration("[('pennychat', '0001_initial'), ('users', '0002_user_reminders')]",
			"migrations.AddField(model_name='chat', name='reminder_at', field=models.DateTimeField(null=True))")},
		{Path: "pennychat/reminders.py", Text: "def remind():\n    pass\n"},
	}
}

func migration(dependencies, operation string) string {
	return fmt.Sprintf(`from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = %s

    operations = [
        %s,
    ]
`, dependencies, operation)
}
