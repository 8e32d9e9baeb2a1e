package notices

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/integrations/django"
	"slipway/integrations/github"
	"slipway/integrations/heroku"
)

// planned is the undo of what lies between two commits, given by their digits.
func planned(base, head string, u django.Undo) ledger.Fact {
	return ledger.Undo{Repo: repo, Base: sha(base), Head: sha(head), Undo: u, At: at(30)}
}

// undone is an undo of one migration, users 0004, and what was found of it.
func undone(verdict django.Verdict, code django.CodeOnly, found ...django.Finding) django.Undo {
	k := django.Key{App: "users", Name: "0004_nickname"}
	for i := range found {
		found[i].Migration = k
	}
	return django.Undo{
		Verdict: verdict, CodeOnly: code, Undoes: []django.Key{k}, Findings: found, Migrations: []django.Judged{{Migration: k, CodeOnly: code}},
		Commands: []django.Command{{App: "users", Target: "0003_email", Line: "python manage.py migrate users 0003_email"}},
	}
}

// nothing is the undo of a change without migrations.
var nothing = django.Undo{Verdict: django.Nothing, CodeOnly: django.Safe}

var dropped = django.Finding{Kind: django.LosesData, Operation: "AddField", Line: 12, Why: "it drops users_user.nickname"}

// live are the facts of #46 running as v123.
func live() []ledger.Fact {
	return together(tidied(), ci("completed", "success", passed("deploy")), released(123, "c", heroku.Succeeded, 120))
}

func TestAChangeSaysHowItIsTakenBack(t *testing.T) {
	t.Parallel()
	removes := django.Finding{Kind: django.OldCodeBreaks, Operation: "RemoveField", Line: 9, Why: "it removes Follow.note"}
	python := django.Finding{Kind: django.Irreversible, Operation: "RunPython", Line: 14, Why: "RunPython has no reverse"}
	notUTF8 := django.Finding{Kind: django.Unreadable, Why: "users/migrations/0005.py is not UTF-8"}
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		want  string
	}{
		"nobody has looked yet": {[][]ledger.Fact{live()}, ""},
		"no migrations":         {[][]ledger.Fact{live(), {planned("b", "c", nothing)}}, "Undo: back to v122; no migrations"},
		"code alone is safe": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Exact, django.Safe, dropped))}},
			"Undo: back to v122; code alone is safe; users 0004 can be reversed to 0003 (drops data)",
		},
		"old code breaks, no reverse": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Impossible, django.Breaks, removes, python))}},
			"Undo: back to v122; old code would break (removes Follow.note); users 0004 runs Python without a reverse",
		},
		"no reverse, and a backup": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Impossible, django.Safe, python)), backups(-80, -3600, -90000)}},
			"Undo: back to v122; code alone is safe; users 0004 runs Python without a reverse; the way out is a backup (b003 of 5 Jan 2026 13:58 UTC)",
		},
		"no reverse, and a backup from before": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Impossible, django.Safe, python)), backups(150, -3600, -90000)}},
			"Undo: back to v122; code alone is safe; users 0004 runs Python without a reverse; the way out is a backup (b002 of 5 Jan 2026 13:00 UTC)",
		},
		"no reverse, and a backup from afterwards": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Impossible, django.Safe, python)), backups(150)}},
			"Undo: back to v122; code alone is safe; users 0004 runs Python without a reverse; the way out is a backup from before v123, and there is none",
		},
		"no reverse, not deployed, no backup": {
			[][]ledger.Fact{tidied(), {planned("b", "c", undone(django.Impossible, django.Safe, python)), backups()}},
			"Undo: back to v122; code alone is safe; users 0004 runs Python without a reverse; the way out is a backup, and there is none",
		},
		"a file that cannot be read": {
			[][]ledger.Fact{live(), {planned("b", "c", undone(django.Review, django.NotSure, notUTF8))}},
			"Undo: back to v122; whether old code would work is not known (users/migrations/0005.py is not UTF-8); users 0004 can be reversed to 0003; look first",
		},
		"before it is deployed": {
			[][]ledger.Fact{tidied(), {planned("b", "c", nothing)}},
			"Undo: back to v122; no migrations",
		},
		"while its release phase runs": {
			[][]ledger.Fact{tidied(), released(123, "c", heroku.Pending, 120), {planned("b", "c", nothing)}},
			"Undo: back to v122; no migrations",
		},
		"after its release phase failed": {
			[][]ledger.Fact{tidied(), released(123, "c", heroku.Failed, 120), {planned("b", "c", nothing)}},
			"",
		},
		"after its release phase failed, with migrations": {
			[][]ledger.Fact{tidied(), released(123, "c", heroku.Failed, 120), {planned("b", "c", undone(django.Exact, django.Breaks, removes))}},
			"Undo: v122 still runs; if users 0004 was applied it would break (removes Follow.note), and cannot undo it",
		},
		"many came with it": {
			[][]ledger.Fact{
				merged(41, "One", "bob", "1", -70), merged(42, "Two", "bob", "2", -60), pushed("2", "1", "", "", -60)[:1], merged(43, "Three", "bob", "3", -50), pushed("3", "2", "", "", -50)[:1],
				merged(45, "Four", "bob", "d", -40), pushed("d", "3", "", "", -40)[:1], pushed("c", "d", "alice", "", 0)[:1], live(),
				{planned("b", "c", nothing)},
			},
			"Undo: back to v122, together with 4 changes before it; no migrations",
		},
		"while other code is deployed": {
			[][]ledger.Fact{tidied(), {planned("b", "c", nothing)}, {ledger.Build{App: app, Build: heroku.Build{ID: "x", Status: heroku.Pending, Commit: sha("e"), CreatedAt: at(1)}}}},
			"Undo: back to v122; no migrations; look first: other code is being deployed",
		},
		"while it is built": {
			[][]ledger.Fact{tidied(), {planned("b", "c", nothing)}, {ledger.Build{App: app, Build: heroku.Build{ID: "x", Status: heroku.Pending, Commit: sha("c"), CreatedAt: at(1)}}}},
			"Undo: back to v122; no migrations",
		},
		"it may have run before": {
			[][]ledger.Fact{tidied(), onCommit(21, "c", "completed", "success", 2), releasedAs(123, "f", "Deploy main", heroku.Succeeded, 60), released(124, "c", heroku.Succeeded, 120), notOnGitHub()},
			"Undo: back to v123; which migrations came since is not known, as the commit of v123 is not",
		},
		"another came with it": {
			[][]ledger.Fact{merged(45, "Remind people", "bob", "d", -60), pushed("c", "d", "alice", "", 0)[:1], live(), {planned("b", "c", nothing)}},
			"Undo: back to v122, together with #45; no migrations",
		},
		"another runs on top of it": {
			[][]ledger.Fact{live(), {planned("b", "c", nothing)}, merged(47, "Mail less", "bob", "d", 200), pushed("d", "c", "bob", "", 200)[:1], released(124, "d", heroku.Succeeded, 300)},
			"Undo: back to v122; later changes run on top of it; `/rollback v122 of penny-university` shows all that goes back",
		},
		"it was taken back": {
			[][]ledger.Fact{live(), {planned("b", "c", nothing)}, releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 300)},
			"",
		},
		"GitHub does not give its files": {
			[][]ledger.Fact{live(), {notPlanned("b", "c")}},
			"Undo: back to v122; which migrations came since is not known: GitHub did not give their files, and is asked again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			for _, n := range sceneAt(400, together(tc.facts...)...).changes() {
				for _, line := range strings.Split(drawn(n), "\n") {
					if strings.HasPrefix(string(n.key), "change "+app+" "+sha("c")) && strings.HasPrefix(line, "Undo: ") {
						got += line
					}
				}
			}
			if got != tc.want {
				t.Errorf("it is\n\t%s\nwant\n\t%s", got, tc.want)
			}
		})
	}
}

// notPlanned is that GitHub did not give what an undo is planned from.
func notPlanned(base, head string) ledger.Fact {
	return ledger.Reading{
		Scope: ledger.RepoScope(repo), What: ledger.Undos, Of: sha(base) + "..." + sha(head),
		Trouble: ledger.TroubleOf(at(40), at(40), &github.Error{Status: 502}),
	}
}

// backups are the facts of backups that began so many seconds after the beginning, newest first.
func backups(seconds ...int) ledger.Fact {
	f := ledger.Backups{App: app, At: at(300)}
	for i, s := range seconds {
		f.List = append(f.List, heroku.Backup{Name: fmt.Sprintf("b%03d", len(seconds)-i), State: heroku.BackupCompleted, CreatedAt: at(s - 2), StartedAt: at(s)})
	}
	return f
}

// Backups are read where one is the way out, and again after some hours.
func TestBackupsAreReadWhereOneIsTheWayOut(t *testing.T) {
	t.Parallel()
	python := django.Finding{Kind: django.Irreversible, Operation: "RunPython", Line: 14, Why: "RunPython has no reverse"}
	impossible := planned("b", "c", undone(django.Impossible, django.Safe, python))
	for name, tc := range map[string]struct {
		after int
		facts []ledger.Fact
		want  int
	}{
		"never read":      {400, facts(impossible), 1},
		"read just now":   {400, facts(impossible, backups()), 0},
		"read long ago":   {8 * 3600, facts(impossible, backups()), 1},
		"not the way":     {400, facts(planned("b", "c", undone(django.Exact, django.Safe))), 0},
		"no migrations":   {400, facts(planned("b", "c", nothing)), 0},
		"not planned yet": {400, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(tc.after, together(live(), tc.facts)...)
			got := 0
			s.save = func() { got++ }
			s.changes()
			if got != tc.want {
				t.Errorf("they were asked for %d times, want %d", got, tc.want)
			}
		})
	}
}

// The undo that a message tells is asked for once nobody has planned it, and none that no message tells.
func TestOnlyAnUndoThatIsToldIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		after int
		facts [][]ledger.Fact
		want  []string
	}{
		"a change that runs":         {400, [][]ledger.Fact{live()}, []string{"b...c"}},
		"one that is not deployed":   {60, [][]ledger.Fact{tidied()}, []string{"b...c"}},
		"one whose undo is known":    {400, [][]ledger.Fact{live(), {planned("b", "c", nothing)}}, nil},
		"one that could not be read": {400, [][]ledger.Fact{live(), {notPlanned("b", "c")}}, []string{"b...c"}},
		"one that nobody looks at":   {48 * 3600, [][]ledger.Fact{live()}, nil},
		"one under another":          {400, [][]ledger.Fact{live(), merged(47, "Mail less", "bob", "d", 200), pushed("d", "c", "bob", "", 200)[:1], released(124, "d", heroku.Succeeded, 300)}, []string{"c...d"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(tc.after, together(tc.facts...)...)
			var got []string
			s.plan = func(base, head string) { got = append(got, base[:1]+"..."+head[:1]) }
			s.changes()
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// notOnGitHub is that the commit f… is not, and that all runs were read after that became known.
func notOnGitHub() []ledger.Fact {
	return facts(ledger.Absent{Repo: repo, SHA: sha("f"), At: at(125)}, ledger.Reading{Scope: ledger.RepoScope(repo), What: ledger.Runs, At: at(125)})
}

// recipes draws what stands in the thread of #46's message.
func recipes(s *scene) (list []string) {
	for _, n := range s.changes() {
		if n.key == board.Key("change "+app+" "+sha("c")+" undo") {
			list = append(list, drawn(n))
		}
	}
	return list
}

func TestTheThreadHasTheLinesToDoItByHand(t *testing.T) {
	t.Parallel()
	known := planned("b", "c", undone(django.Exact, django.Safe, dropped))
	const lines = `
While v123 is what runs:
'''
heroku run --exit-code -a penny-university -- python manage.py migrate users 0003_email
'''
Then:
'''
heroku rollback v122 -a penny-university
'''
• 'users.0004_nickname, line 12': it drops users_user.nickname`
	whole := strings.ReplaceAll("*Undo of #46*, back to v122: these commands undo exactly its migrations"+lines, "'", "`")
	python := django.Finding{Kind: django.Irreversible, Operation: "RunPython", Line: 14, Why: "RunPython has no reverse_code"}
	const irreversible = `*Undo of #46*, back to v122: a migration cannot be undone
The code alone:
'''
heroku rollback v122 -a penny-university
'''
The database as it was then; what was written since is lost:
'''
heroku pg:backups:restore b001 DATABASE_URL -a penny-university
'''
• 'users.0004_nickname, line 14': RunPython has no reverse_code`
	const failed = `*Undo of #46*: v123 never ran, and the code of v122 cannot undo its migrations
Which of them were applied, newest first:
'''
heroku pg:psql -a penny-university -c "select app, name, applied from django_migrations order by id desc limit 20"
'''
A release with its code that does not fail applies the rest, and once it runs they can be undone.
• 'users.0004_nickname, line 12': it drops users_user.nickname`
	doubted := strings.Replace(whole, "these commands undo exactly its migrations", "look first, which commit ran before was matched by time", 1)
	for name, tc := range map[string]struct {
		facts [][]ledger.Fact
		want  []string
	}{
		"migrations": {[][]ledger.Fact{live(), {known}}, []string{whole}},
		"no reverse": {[][]ledger.Fact{live(), {planned("b", "c", undone(django.Impossible, django.NotSure, python)), backups(-80)}}, []string{strings.ReplaceAll(irreversible, "'", "`")}},
		"its release failed, and no migration came with it": {[][]ledger.Fact{tidied(), released(123, "c", heroku.Failed, 120), {planned("b", "c", django.Undo{
			Verdict: django.Review, CodeOnly: django.NotSure, Findings: []django.Finding{{Kind: django.Changed, Why: "0001 is another"}},
		})}}, nil},
		"its release failed": {[][]ledger.Fact{tidied(), released(123, "c", heroku.Failed, 120), {known}}, []string{strings.ReplaceAll(failed, "'", "`")}},
		"no migrations":      {[][]ledger.Fact{live(), {planned("b", "c", nothing)}}, nil},
		"not known yet":      {[][]ledger.Fact{live()}, nil},
		"a release that is matched by time": {[][]ledger.Fact{tidied(), ci("completed", "success", passed("deploy", github.Step{
			Name: "Push to Production", Status: "completed", Conclusion: "success", StartedAt: at(40), CompletedAt: at(90),
		})), released(123, "f", heroku.Succeeded, 80), notOnGitHub(), {known}}, []string{doubted}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, recipes(sceneAt(400, together(tc.facts...)...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Later on its commands would undo a later change's migrations as well, or nothing: who comes back to the thread must not find them there.
func TestTheLinesLeaveTheThreadWithTheirTime(t *testing.T) {
	t.Parallel()
	before := together(live(), facts(planned("b", "c", undone(django.Exact, django.Safe, dropped))))
	for name, tc := range map[string]struct {
		facts []ledger.Fact
		want  string
	}{
		"a later change": {
			together(merged(47, "Mail less", "bob", "d", 200), pushed("d", "c", "bob", "", 200)[:1], released(124, "d", heroku.Succeeded, 300)),
			"*Undo of #46*: later changes run on top of it; `/rollback v122 of penny-university` shows all that goes back",
		},
		"a rollback": {releasedAs(124, "b", "Rollback to v122", heroku.Succeeded, 300), "*Undo of #46*: it was taken back by v124"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(400, together(before, tc.facts)...)
			if got := recipes(s); got != nil {
				t.Errorf("where nothing was posted, %q is", got)
			}
			s.stand = map[board.Key]bool{board.Key("change " + app + " " + sha("c") + " undo"): true}
			if diff := cmp.Diff([]string{tc.want}, recipes(s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommandsThatDoNotFitAreSaidToBeElsewhere(t *testing.T) {
	t.Parallel()
	u := undone(django.Exact, django.Safe, dropped)
	for range 30 {
		u.Commands = append(u.Commands, django.Command{App: "users", Target: "0003", Line: "python manage.py migrate users 0003_" + strings.Repeat("x", 60)})
	}
	want := strings.ReplaceAll("*Undo of #46*, back to v122: these commands undo exactly its migrations\n"+
		"The commands do not fit here. In a checkout of the repository:\n'''\nslipway undo "+sha("b")+" "+sha("c")+"\n'''\n"+
		"• 'users.0004_nickname, line 12': it drops users_user.nickname", "'", "`")
	if diff := cmp.Diff([]string{want}, recipes(sceneAt(400, together(live(), facts(planned("b", "c", u)))...))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A message of Slack's holds so much. What does not fit is counted.
func TestManyFindingsAreCounted(t *testing.T) {
	t.Parallel()
	many := make([]django.Finding, 200)
	for i := range many {
		many[i] = dropped
	}
	got := recipes(sceneAt(400, together(live(), facts(planned("b", "c", undone(django.Exact, django.Safe, many...))))...))
	if len(got) != 1 || len(got[0]) > sectionLimit {
		t.Fatalf("it is %q", got)
	}
	listed := strings.Count(got[0], "• ") - 1
	if want := "• and " + strconv.Itoa(200-listed) + " more"; listed < 20 || !strings.HasSuffix(got[0], want) {
		t.Errorf("%d are listed, and it ends with %q, want %q", listed, got[0][len(got[0])-30:], want)
	}
}
