package world

import (
	"fmt"
	"strings"

	githubsim "slipway/integrations/sim/github"
)

// skeleton is the team's Django project, as far as anything looks into it. Its migrations are named and depend on each
// other as those of the first user do (facts/github.md §8.1).
func skeleton() []githubsim.File {
	files := []githubsim.File{
		{Path: "README.md", Text: "# Penny University\n"},
		{Path: "Procfile", Text: "release: " + releaseCommand + "\nweb: gunicorn penny_university.wsgi\n"},
		{Path: "manage.py", Text: "#!/usr/bin/env python\nimport sys\nfrom django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n"},
		migration("users/0001_initial", "migrations.CreateModel(name='User', fields=[('id', models.AutoField(primary_key=True))])"),
		migration("users/0002_user_display_name", "migrations.AddField(model_name='user', name='display_name', field=models.CharField(max_length=100, null=True))", "users/0001_initial"),
		migration("users/0003_user_timezone", "migrations.AddField(model_name='user', name='timezone', field=models.CharField(max_length=40, null=True))", "users/0002_user_display_name"),
		migration("pennychat/0001_initial", "migrations.CreateModel(name='Chat', fields=[('id', models.AutoField(primary_key=True))])", "users/0001_initial"),
		migration("pennychat/0002_fill_titles", "migrations.RunPython(fill_titles)", "pennychat/0001_initial"),
		migration("pennychat/0003_chat_topic", "migrations.AddField(model_name='chat', name='topic', field=models.CharField(max_length=200, null=True))", "pennychat/0002_fill_titles"),
		migration("matchmaking/0001_initial", "migrations.CreateModel(name='Match', fields=[('id', models.AutoField(primary_key=True))])", "users/0002_user_display_name", "pennychat/0003_chat_topic"),
		migration("matchmaking/0002_match_topic", "migrations.AddField(model_name='match', name='topic', field=models.CharField(max_length=200, null=True))", "matchmaking/0001_initial"),
	}
	for _, app := range []string{"users", "pennychat", "matchmaking"} {
		files = append(files, githubsim.File{Path: app + "/migrations/__init__.py", Text: "\n"})
	}
	return files
}

// feature is a change without migrations.
func feature(number int) []githubsim.File {
	return []githubsim.File{{Path: fmt.Sprintf("pennychat/features/change_%d.py", number), Text: fmt.Sprintf("CHANGE = %d\n", number)}}
}

// migrations is a change with migrations in two apps.
func migrations() []githubsim.File {
	return []githubsim.File{
		migration("users/0004_user_reminders", "migrations.AddField(model_name='user', name='reminders', field=models.BooleanField(default=True))", "users/0003_user_timezone"),
		migration("pennychat/0004_chat_reminder", "migrations.AddField(model_name='chat', name='reminder_at', field=models.DateTimeField(null=True))", "pennychat/0003_chat_topic", "users/0004_user_reminders"),
		{Path: "pennychat/reminders.py", Text: "def remind():\n    pass\n"},
	}
}

// migration writes a migration, named app/name, with those that it depends on.
func migration(name, operation string, dependencies ...string) githubsim.File {
	app, file, _ := strings.Cut(name, "/")
	var needs strings.Builder
	for _, d := range dependencies {
		on, migration, _ := strings.Cut(d, "/")
		fmt.Fprintf(&needs, "        ('%s', '%s'),\n", on, migration)
	}
	function := ""
	if strings.Contains(operation, "RunPython(fill_titles)") {
		function = "\n\ndef fill_titles(apps, schema_editor):\n    apps.get_model('pennychat', 'Chat').objects.update(title='Chat')\n"
	}
	text := fmt.Sprintf("from django.db import migrations, models\n%s\n\nclass Migration(migrations.Migration):\n\n    dependencies = [\n%s    ]\n\n    operations = [\n        %s,\n    ]\n",
		function, needs.String(), operation)
	return githubsim.File{Path: app + "/migrations/" + file + ".py", Text: text}
}
