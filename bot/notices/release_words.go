package notices

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// releaseWords say what a release was and who made it: "config changed (FEATURE_X set), by bob@penny.example".
func (s *scene) releaseWords(r heroku.Release) string {
	words := s.causeWords(r)
	if r.By != "" {
		words += ", by " + say.Foreign(r.By, phrase.NameLimit)
	}
	return words
}

// causeWords say what a release was. Config variables are named, and their values stay where they are.
func (s *scene) causeWords(r heroku.Release) string {
	cause := r.Cause()
	var names []string
	for _, name := range cause.Names {
		names = append(names, say.ForeignCode(name, phrase.NameLimit))
	}
	which := phrase.Some(names, ", ")
	switch cause.Kind {
	case heroku.ConfigSet:
		return fmt.Sprintf("config changed (%s set)", which)
	case heroku.ConfigUnset:
		return fmt.Sprintf("config changed (%s removed)", which)
	case heroku.Attached:
		return fmt.Sprintf("add-on attached (%s)", which)
	case heroku.Detached:
		return fmt.Sprintf("add-on detached (%s)", which)
	case heroku.Updated:
		return fmt.Sprintf("config changed (%s updated by %s)", which, say.Foreign(cause.By, phrase.NameLimit))
	case heroku.Rollback:
		return fmt.Sprintf("rolled back to v%d%s", cause.Version, s.codeWords(r))
	case heroku.Promotion:
		return fmt.Sprintf("promoted from %s v%d", say.ForeignCode(cause.App, phrase.NameLimit), cause.Version)
	case heroku.Retry:
		return fmt.Sprintf("v%d tried again", cause.Version)
	case heroku.Deploy:
		return fmt.Sprintf("deployed without a run of %s%s", say.ForeignCode(s.known.Branch(), phrase.NameLimit), s.codeWords(r))
	}
	return cmp.Or(say.Foreign(r.Description, phrase.TitleLimit), "released, Heroku does not say why")
}

// codeWords name the code of a release in brackets: its pull request or its commit; "" if that is not known.
func (s *scene) codeWords(r heroku.Release) string {
	p := s.known.Placed(r)
	switch {
	case p.Commit != "":
		return " (" + s.subject(p.Commit) + ")"
	case p.Place == ledger.Nowhere || p.Place == ledger.Several:
		return fmt.Sprintf(" (%s, which GitHub does not know)", say.Code(phrase.Short(p.Slug.Commit)))
	case p.Slug != nil && p.Slug.Commit != "":
		return " (" + say.ForeignCode(phrase.Short(p.Slug.Commit), phrase.NameLimit) + ")"
	}
	return ""
}

// subject is what people know a commit of the deploy branch as: its pull request, or the first line of its message.
func (s *scene) subject(sha string) string {
	for _, pull := range s.known.Pulls() {
		if pull.Merged && pull.MergeSHA == sha {
			return phrase.PullTitle(pull)
		}
	}
	commit, _ := s.known.Commit(sha)
	first, _, _ := strings.Cut(strings.TrimSpace(commit.Message), "\n")
	return cmp.Or(say.Foreign(first, phrase.TitleLimit), "commit "+phrase.Commit(sha, s.known.CommitURL(sha)))
}

var (
	leading = regexp.MustCompile(`^:[a-z_]+: `)
	labels  = regexp.MustCompile(`<[^|>]*\|([^>]*)>`)
	opens   = regexp.MustCompile("(^|[ (])[*`]([^ ])")
	closes  = regexp.MustCompile("([^ ])[*`]($|[ ,.:;)'])")
)

// sentence is a title as it is read where nothing is drawn: without emoji, links and marks. Marks of foreign text that could
// mean anything are gone already (say.Escape), so those that are left are ours.
func sentence(title string) string {
	text := labels.ReplaceAllString(leading.ReplaceAllString(title, ""), "$1")
	text = closes.ReplaceAllString(opens.ReplaceAllString(text, "$1$2"), "$1$2")
	return strings.TrimRight(text, ".") + "."
}
