package phrase_test

import (
	"strings"
	"testing"

	"slipway/bot/phrase"
	"slipway/integrations/django"
)

func key(text string) django.Key {
	app, name, _ := strings.Cut(text, ".")
	return django.Key{App: app, Name: name}
}

func found(kind django.Kind, operation, why string) django.Finding {
	return django.Finding{Migration: key("chat.0004_note"), Kind: kind, Operation: operation, Line: 9, Why: why}
}

// note is the undo of chat.0004_note, with what was found.
func note(verdict django.Verdict, code django.CodeOnly, findings ...django.Finding) django.Undo {
	return django.Undo{
		Verdict: verdict, CodeOnly: code, Undoes: []django.Key{key("chat.0004_note")}, Findings: findings,
		Commands:   []django.Command{{App: "chat", Target: "0003_topic"}},
		Migrations: []django.Judged{{Migration: key("chat.0004_note"), CodeOnly: code}},
	}
}

func TestAnUndoIsOneLine(t *testing.T) {
	t.Parallel()
	drops := found(django.LosesData, "AddField", "undoing drops the column chat.note, and what is in it")
	breaks := found(django.OldCodeBreaks, "RemoveField", "it removes chat.topic")
	several := django.Undo{
		Verdict: django.Exact, CodeOnly: django.Safe,
		Undoes:   []django.Key{key("chat.0006_c"), key("chat.0005_b"), key("chat.0004_a"), key("users.0001_initial")},
		Commands: []django.Command{{App: "chat", Target: "0003_topic"}, {App: "users", Target: django.Zero}},
	}
	unnumbered := note(django.Exact, django.Safe)
	unnumbered.Undoes[0], unnumbered.Commands[0].Target = key("chat.add_note"), "start"
	for name, tc := range map[string]struct {
		undo       django.Undo
		doubt, way string
		want       string
	}{
		"no migrations":            {django.Undo{Verdict: django.Nothing, CodeOnly: django.Safe}, "", "", "no migrations"},
		"no migrations, in doubt":  {django.Undo{Verdict: django.Nothing, CodeOnly: django.Safe}, "two ran", "", "no migrations; look first: two ran"},
		"safe":                     {note(django.Exact, django.Safe), "", "", "code alone is safe; chat 0004 can be reversed to 0003"},
		"data is lost":             {note(django.Exact, django.Safe, drops), "", "", "code alone is safe; chat 0004 can be reversed to 0003 (drops data)"},
		"data was lost":            {note(django.Exact, django.Safe, found(django.LostData, "RemoveField", "what was in chat.topic does not come back")), "", "", "code alone is safe; chat 0004 can be reversed to 0003 (the data that it dropped does not come back)"},
		"several":                  {several, "", "", "code alone is safe; chat 0004–0006 can be reversed to 0003, users 0001 to nothing"},
		"names without numbers":    {unnumbered, "", "", "code alone is safe; chat add_note can be reversed to start"},
		"old code breaks":          {note(django.Exact, django.Breaks, drops, breaks), "", "", "old code would break (removes chat.topic); chat 0004 can be reversed to 0003 (drops data)"},
		"old code, not known":      {note(django.Exact, django.NotSure, found(django.OldCodeUnknown, "RunSQL", "it runs SQL")), "", "", "whether old code would work is not known (runs SQL); chat 0004 can be reversed to 0003"},
		"in doubt":                 {note(django.Exact, django.Safe), "two ran", "", "code alone is safe; chat 0004 can be reversed to 0003; look first: two ran"},
		"a later one":              {note(django.Review, django.Safe, found(django.AlsoUndone, "", "it is undone as well")), "", "", "code alone is safe; chat 0004 can be reversed to 0003; look first: it is undone as well"},
		"not atomic is no doubt":   {note(django.Exact, django.Safe, found(django.NonAtomic, "", "a failure leaves half of it")), "", "", "code alone is safe; chat 0004 can be reversed to 0003"},
		"Python without a reverse": {note(django.Impossible, django.NotSure, found(django.Irreversible, "RunPython", "")), "", "", "whether old code would work is not known; chat 0004 runs Python without a reverse"},
		"SQL without a reverse":    {note(django.Impossible, django.Safe, found(django.Irreversible, "RunSQL", "")), "", "b041", "code alone is safe; chat 0004 runs SQL without a reverse; the way out is b041"},
		"another without one":      {note(django.Impossible, django.Safe, found(django.Irreversible, "Odd", "")), "two ran", "", "code alone is safe; chat 0004 has no reverse"},
		"a file was changed":       {django.Undo{Verdict: django.Review, CodeOnly: django.NotSure, Findings: []django.Finding{found(django.Changed, "", "0004 is another")}}, "", "", "whether old code would work is not known (0004 is another); look first"},
		"foreign words":            {note(django.Exact, django.Breaks, found(django.OldCodeBreaks, "", "<!channel> `x`")), "", "", "old code would break (&lt;!channel&gt; 'x'); chat 0004 can be reversed to 0003"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := phrase.Undo(tc.undo, tc.doubt, tc.way); got != tc.want {
				t.Errorf("it is\n\t%s\nwant\n\t%s", got, tc.want)
			}
		})
	}
}

func TestWhatAFailedReleaseMayHaveLeftIsOneLine(t *testing.T) {
	t.Parallel()
	two := note(django.Exact, django.Safe)
	two.Migrations = append(two.Migrations, django.Judged{Migration: key("users.0002_x")})
	for want, undo := range map[string]django.Undo{
		"it works also if chat 0004 was applied, and cannot undo it":                       note(django.Exact, django.Safe),
		"it works also if chat 0004, users 0002 were applied, and cannot undo them":        two,
		"whether it works if chat 0004 was applied is not known; it cannot undo it":        note(django.Exact, django.NotSure),
		"if chat 0004 was applied it would break (removes chat.topic), and cannot undo it": note(django.Exact, django.Breaks, found(django.OldCodeBreaks, "", "it removes chat.topic")),
	} {
		if got := phrase.UndoOfFailed(undo); got != want {
			t.Errorf("it is\n\t%s\nwant\n\t%s", got, want)
		}
	}
}
