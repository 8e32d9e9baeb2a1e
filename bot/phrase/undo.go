package phrase

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"slipway/bot/say"
	"slipway/integrations/django"
)

// Undo says in one line what taking a change back means for its migrations. Doubt is why it is not certain what the change came on top
// of, and "" if it is. Way is the way out where there is no other, such as a backup; "" if none is known.
func Undo(u django.Undo, doubt, way string) string {
	var parts []string
	if u.Verdict == django.Nothing && len(u.Findings) == 0 {
		parts = append(parts, "no migrations")
	} else {
		parts = append(parts, oldCode(u))
	}
	switch u.Verdict {
	case django.Impossible:
		parts = append(parts, irreversible(u))
		if way != "" {
			parts = append(parts, "the way out is "+way)
		}
	case django.Exact, django.Review:
		if len(u.Commands) > 0 {
			parts = append(parts, reversed(u))
		}
	}
	if doubt == "" {
		doubt = look(u)
	}
	switch {
	case doubt == "", u.Verdict == django.Impossible:
	case strings.Contains(parts[0], doubt): // it was said just now
		parts = append(parts, "look first")
	default:
		parts = append(parts, "look first: "+doubt)
	}
	return strings.Join(parts, "; ")
}

// UndoOfFailed is Undo where the release of a change failed: what ran before still runs, and how much of its migrations was applied is not
// known.
func UndoOfFailed(u django.Undo) string {
	var names []string
	for _, m := range u.Migrations {
		names = append(names, Migration(m.Migration))
	}
	were, it := Some(names, ", ")+" was applied", "it"
	if len(names) > 1 {
		were, it = Some(names, ", ")+" were applied", "them"
	}
	switch reason := reasonOf(u); u.CodeOnly {
	case django.Safe:
		return fmt.Sprintf("it works also if %s, and cannot undo %s", were, it)
	case django.Breaks:
		return fmt.Sprintf("if %s it would break%s, and cannot undo %s", were, reason, it)
	default:
		return fmt.Sprintf("whether it works if %s is not known%s; it cannot undo %s", were, reason, it)
	}
}

// oldCode says whether the code alone can go back, and if not, why.
func oldCode(u django.Undo) string {
	switch u.CodeOnly {
	case django.Safe:
		return "code alone is safe"
	case django.Breaks:
		return "old code would break" + reasonOf(u)
	}
	return "whether old code would work is not known" + reasonOf(u)
}

// reasonOf says in brackets why old code would not work, or why that is not known.
func reasonOf(u django.Undo) string {
	if u.CodeOnly == django.Breaks {
		return bracketed(why(u, django.OldCodeBreaks))
	}
	return bracketed(why(u, django.OldCodeUnknown, django.Changed, django.Unreadable, django.Unclear, django.Missing))
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// why gives the first reason of some kinds, as half a sentence.
func why(u django.Undo, kinds ...django.Kind) string {
	for _, f := range u.Findings {
		for _, k := range kinds {
			if f.Kind == k {
				return say.Foreign(strings.TrimPrefix(f.Why, "it "), TitleLimit)
			}
		}
	}
	return ""
}

// irreversible names the first migration that cannot be undone.
func irreversible(u django.Undo) string {
	for _, f := range u.Findings {
		if f.Kind != django.Irreversible {
			continue
		}
		what := "has no reverse"
		switch f.Operation {
		case "RunPython":
			what = "runs Python without a reverse"
		case "RunSQL":
			what = "runs SQL without a reverse"
		}
		return Migration(f.Migration) + " " + what
	}
	return "it cannot be reversed"
}

// reversed says what the commands undo.
func reversed(u django.Undo) string {
	var list []string
	for _, c := range u.Commands {
		var undone []django.Key
		for _, k := range u.Undoes {
			if k.App == c.App {
				undone = append(undone, k)
			}
		}
		what := say.Foreign(c.App, NameLimit)
		switch {
		case len(undone) == 1:
			what = Migration(undone[0])
		case len(undone) > 1:
			what = fmt.Sprintf("%s–%s", Migration(undone[len(undone)-1]), short(undone[0].Name))
		}
		to := short(c.Target)
		if c.Target == django.Zero {
			to = "nothing"
		}
		if len(list) == 0 {
			what += " can be reversed"
		}
		list = append(list, what+" to "+to)
	}
	words := Some(list, ", ")
	has := func(kind django.Kind) bool {
		return slices.ContainsFunc(u.Findings, func(f django.Finding) bool { return f.Kind == kind })
	}
	switch {
	case has(django.LosesData):
		return words + " (drops data)"
	case has(django.LostData):
		return words + " (the data that it dropped does not come back)"
	}
	return words
}

// look gives the first reason for which somebody should look first.
func look(u django.Undo) string {
	for _, f := range u.Findings {
		if !f.Kind.OfData() && !f.Kind.OfOldCode() && f.Kind != django.NonAtomic {
			return say.Foreign(f.Why, TitleLimit)
		}
	}
	return ""
}

// Migration names one as people do: its app and its number.
func Migration(k django.Key) string {
	return say.Foreign(k.App, NameLimit) + " " + short(k.Name)
}

var leading = regexp.MustCompile(`^[0-9]{4,}`)

func short(name string) string {
	if n := leading.FindString(name); n != "" {
		return n
	}
	return say.Foreign(name, TitleLimit)
}
