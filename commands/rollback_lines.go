package commands

import (
	"fmt"
	"slices"
	"strings"

	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/heroku"
)

// lines say what a rollback does, and what it does not.
func (u *undo) lines() []string {
	var list []string
	add := func(some ...string) { list = append(list, some...) }
	if u.sameCode() {
		add(u.undoneLine())
	} else {
		add(u.changeLines()...)
		add(u.aboveLine()...)
	}
	add(u.configLines()...)
	add(u.phaseLine())
	add(u.migrationLines()...)
	if u.held != nil {
		add(u.held.Line(u.now, mention(u.held.By)))
	}
	if u.rollback().holds() {
		add("Deploys that would bring it back are held, until the branch no longer has it or somebody ends the hold.")
	}
	if u.addonsErr == nil && len(u.addons) > 0 {
		add("Add-ons and what is in them stay as they are: data, queues, mails that were sent.")
	}
	return list
}

// verb is where it goes.
func (u *undo) verb() string {
	if u.to.Forward {
		return "forward"
	}
	return "back"
}

// undoneLine says that only config goes back.
func (u *undo) undoneLine() string {
	undone := make([]string, len(u.to.Undoes))
	for i, r := range u.to.Undoes {
		undone[i] = fmt.Sprintf("*%s* (%s, by %s at %s)", say.Foreign(r.Description, phrase.TitleLimit), say.Code(r.String()),
			say.Foreign(r.By, phrase.NameLimit), say.Date(r.CreatedAt))
	}
	if len(undone) == 0 {
		return "The code stays: both releases have the same."
	}
	return "The code stays. Undone is only " + phrase.Some(undone, ", ") + "."
}

// changeLines name what goes away, or comes back, and what stays.
func (u *undo) changeLines() []string {
	lines := u.inferredLines()
	what := map[bool]string{false: "Goes away", true: "Comes back"}[u.to.Forward]
	if u.span == nil {
		return append(lines, fmt.Sprintf(":grey_question: %s: not known. %s", what, u.unknownSpan()))
	}
	var parts []string
	for _, change := range u.changes() {
		parts = append(parts, u.change(change))
	}
	switch {
	case len(parts) == 0:
		lines = append(lines, what+": no commit; the code was built anew from the same one, or from an older one.")
	default:
		lines = append(lines, what+":\n"+phrase.Some(bulleted(parts), "\n"))
	}
	if u.span.Truncated {
		lines = append(lines, fmt.Sprintf("GitHub names no more than 1,000 of the %d commits.", u.span.Ahead))
	}
	if u.span.Behind > 0 {
		lines = append(lines, fmt.Sprintf(":warning: %s has %s that what runs does not have, too: they are on another line of commits.",
			say.Code(u.to.Release.String()), say.Count(u.span.Behind, "commit", "commits")))
	}
	if stays := u.stays(); stays != "" {
		lines = append(lines, stays)
	}
	return lines
}

func bulleted(parts []string) []string {
	list := make([]string, len(parts))
	for i, p := range parts {
		list[i] = "• " + p
	}
	return list
}

// change names one change, by its pull request or its last commit.
func (u *undo) change(change ledger.Change) string {
	if change.Pull != nil {
		return fmt.Sprintf("%s, %s", phrase.Pull(*change.Pull), say.Count(len(change.Commits), "commit", "commits"))
	}
	title, _, _ := strings.Cut(change.Commit.Message, "\n")
	return fmt.Sprintf("%s %s, by %s", phrase.Commit(change.Commit.SHA, u.known.CommitURL(change.Commit.SHA)),
		say.Foreign(title, phrase.TitleLimit), say.Foreign(change.Commit.Author, phrase.NameLimit))
}

// stays names the newest of what stays.
func (u *undo) stays() string {
	if u.to.Forward {
		return ""
	}
	for _, p := range u.known.Pulls() {
		if p.Merged && p.MergeSHA == u.commit(1) {
			return fmt.Sprintf("Stays: %s, and what came before it.", phrase.Pull(p))
		}
	}
	return ""
}

// inferredLines say where a commit is not that which was deployed.
func (u *undo) inferredLines() (lines []string) {
	for i, r := range u.ends() {
		if p := u.codes[i]; p.Place == ledger.Inferred && p.Slug != nil {
			lines = append(lines, fmt.Sprintf(":grey_question: %s was deployed as %s, which GitHub does not know; taken for %s, which %s was deploying then.",
				say.Code(r.String()), say.Code(phrase.Short(p.Slug.Commit)), say.Code(phrase.Short(p.Commit)), phrase.Run(p.Runs[0])))
		}
	}
	return lines
}

// unknownSpan says why it is not known what goes away.
func (u *undo) unknownSpan() string {
	if u.spanErr != nil {
		return githubTrouble(*ledger.TroubleOf(u.now, u.now, u.spanErr), u.hub)
	}
	for i, r := range u.ends() {
		if u.commit(i) == "" {
			return fmt.Sprintf("From which commit %s was built is not known.", say.Code(r.String()))
		}
	}
	return ""
}

// aboveLine tells of config that was set on top of the release that is gone back to, and goes away with it.
func (u *undo) aboveLine() []string {
	above, ok := u.targets.Above(u.to.Release)
	if !ok {
		return nil
	}
	return []string{fmt.Sprintf(":warning: %s has the same code, and *%s* on top. Choose it to keep that.", say.Code(above.String()),
		say.Foreign(above.Description, phrase.TitleLimit))}
}

// configLines name the config vars that get other values. The values are not known here.
func (u *undo) configLines() []string {
	var lines []string
	names := u.configs[0].Differs(u.configs[1])
	switch {
	case u.configErr != nil:
		lines = append(lines, ":warning: Config vars return to the values of "+say.Code(u.to.Release.String())+", and Heroku does not tell which differ.")
	case len(names) == 0:
		lines = append(lines, "Config vars: all keep their values.")
	default:
		lines = append(lines, fmt.Sprintf("Config vars that return to the values of %s: %s", say.Code(u.to.Release.String()), phrase.Some(u.vars(names), ", ")))
	}
	if risky := u.risky(); len(risky) > 0 {
		lines = append(lines, ":warning: "+strings.Join(risky, " "))
	}
	return lines
}

// vars are config vars as they are shown; those that go away are told.
func (u *undo) vars(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = say.ForeignCode(name, phrase.NameLimit)
		if !u.configs[1].Has(name) {
			list[i] += " (goes away)"
		}
	}
	return list
}

// risky says what is dangerous about the config vars; nothing: nothing is. Heroku restores the address of an add-on with the rest, also
// that of a database that was replaced since.
func (u *undo) risky() (why []string) {
	if u.configErr != nil {
		why = append(why, "An address of the database may be among them.")
	}
	names := u.configs[0].Differs(u.configs[1])
	var addons []string
	for _, name := range names {
		if u.ofAddon(name) {
			addons = append(addons, say.ForeignCode(name, phrase.NameLimit))
		}
	}
	switch {
	case len(addons) > 0 && u.addonsErr != nil:
		why = append(why, fmt.Sprintf("Heroku does not tell which add-ons there are, so each of these may be where one is reached: %s.", phrase.Some(addons, ", ")))
	case len(addons) > 0:
		why = append(why, fmt.Sprintf("%s is where an add-on is reached: with the old value the app may use another database, or none.", phrase.Some(addons, ", ")))
	}
	for _, r := range u.targets.Between(u.to.Release) {
		switch r.Cause().Kind {
		case heroku.Attached, heroku.Detached, heroku.Updated:
			why = append(why, fmt.Sprintf("Since then: *%s* (%s). The add-on stays as it is, whatever the config vars say.",
				say.Foreign(r.Description, phrase.TitleLimit), say.Code(r.String())))
		}
	}
	return why
}

// ofAddon tells whether a config var is an add-on's. Where the add-ons cannot be read, any may be.
func (u *undo) ofAddon(name string) bool {
	if name == "DATABASE_URL" || u.addonsErr != nil {
		return true
	}
	return slices.ContainsFunc(u.addons, func(a heroku.Attachment) bool { return slices.Contains(a.ConfigVars, name) })
}

// phaseLine says that the release command runs again.
func (u *undo) phaseLine() string {
	command, known := u.phase()
	switch {
	case !known:
		return ":grey_question: Whether a release command runs again is not known."
	case command == "":
		return "No release command runs."
	}
	return fmt.Sprintf("The release command runs again, with the code of %s: %s", say.Code(u.to.Release.String()), say.ForeignCode(command, phrase.TitleLimit))
}

// migrationLines list the migrations that came with what goes away.
func (u *undo) migrationLines() []string {
	var lines []string
	if len(u.migrations) > 0 && !u.to.Forward {
		paths := make([]string, len(u.migrations))
		for i, path := range u.migrations {
			paths[i] = say.ForeignCode(path, phrase.TitleLimit)
		}
		lines = append(lines, fmt.Sprintf(":warning: %s came with it, and the database keeps what it did: %s. A rollback undoes no migration.",
			say.Count(len(paths), "migration", "migrations"), phrase.Some(paths, ", ")))
	}
	if u.span == nil && !u.sameCode() && !u.to.Forward {
		lines = append(lines, ":grey_question: Whether migrations came with it is not known. A rollback undoes none.")
	}
	if commits, pulls := u.unlooked(); commits+pulls > 0 && !u.to.Forward {
		var parts []string
		if commits > 0 {
			parts = append(parts, say.Count(commits, "commit without a pull request", "commits without a pull request"))
		}
		if pulls > 0 {
			parts = append(parts, say.Count(pulls, "more pull request", "more pull requests"))
		}
		lines = append(lines, ":grey_question: Whether more migrations came with it is not known: I did not look into "+strings.Join(parts, ", ")+".")
	}
	if u.filesErr != nil {
		lines = append(lines, ":grey_question: Whether migrations came with it is not known: "+githubTrouble(*ledger.TroubleOf(u.now, u.now, u.filesErr), u.hub))
	}
	return lines
}

// busy says what goes on that would take the place of what is gone back to; nothing: nothing does.
func (u *undo) busy() []string {
	newest := u.targets.Newest
	if newest.Status == heroku.Pending {
		return []string{fmt.Sprintf("The release phase of %s (%s) runs.", say.Code(newest.String()), say.Foreign(newest.Description, phrase.TitleLimit))}
	}
	if len(u.builds) > 0 && u.builds[0].Status == heroku.Pending {
		b := u.builds[0]
		return []string{fmt.Sprintf("A build of %s by %s is under way since %s.", say.ForeignCode(phrase.Short(b.Commit), phrase.NameLimit),
			say.Foreign(b.By, phrase.NameLimit), say.Date(b.CreatedAt))}
	}
	var list []string
	for _, what := range shipping(u.known, u.now) {
		list = append(list, what+".")
	}
	return list
}
