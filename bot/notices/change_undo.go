package notices

import (
	"fmt"
	"strings"
	"time"

	"slipway/bot/board"
	"slipway/bot/ledger"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/integrations/django"
)

// undo is how a change is taken back, as far as that is known.
type undo struct {
	ledger.Return
	django.Undo
	with    []string        // the changes that go back with it
	known   bool            // the migrations were compared
	trouble *ledger.Trouble // why they were not; nil: it was not tried yet
	way     string          // the way out where a migration cannot be undone; "": none is known
	backup  string          // the name of the backup that it is; "": there is none, or none is known
}

// undoOf finds how a change is taken back, and has it found out if nobody has yet. It is nil where there is nothing to go back to, where
// the change was taken back, and until something can be said. Told are the changes that are told of, oldest first.
func (c change) undoOf(fates *ledger.Fates, told []change) *undo {
	if c.Kind == ledger.TakenBack {
		return nil
	}
	to, ok := fates.Return(c.Landing, c.Fate)
	if !ok || to.Place == ledger.Unread {
		return nil
	}
	u := undo{Return: to, with: c.with(told)}
	if u.Commit == "" || u.Covered {
		return &u
	}
	if u.Undo, u.known = c.scene.known.Undo(u.Commit, c.SHA); !u.known {
		u.trouble = c.scene.known.UndoTrouble(u.Commit, c.SHA)
		c.scene.plan(u.Commit, c.SHA)
	}
	if !u.known && u.trouble == nil {
		return nil
	}
	if u.Verdict == django.Impossible {
		u.way, u.backup = c.wayOut()
	}
	return &u
}

// backupsFresh is for how long it is believed which backups there are: a scheduled one comes each day.
const backupsFresh = 6 * time.Hour

// wayOut is the newest backup from before the change's migrations ran, and has the backups read if they were not lately; "": they never were.
func (c change) wayOut() (words, backup string) {
	list, read := c.scene.known.Backups()
	if read.Before(later(c.At, c.Release.CreatedAt)) || c.scene.now.Sub(read) > backupsFresh { // what came before the release counts
		c.scene.save()
	}
	for _, b := range list {
		if c.Release.Version == 0 || c.Kind == ledger.Unclear || b.StartedAt.Before(c.Release.CreatedAt) {
			return fmt.Sprintf("a backup (%s of %s)", b.Name, say.Day(b.StartedAt)), b.Name
		}
	}
	switch {
	case read.IsZero():
		return "", ""
	case c.Release.Version == 0:
		return "a backup, and there is none", ""
	}
	return fmt.Sprintf("a backup from before %s, and there is none", c.Release), ""
}

// with names the changes that came before it and are, as it is, not what ran before.
func (c change) with(told []change) (names []string) {
	for _, other := range told {
		if other.SHA == c.SHA {
			break
		}
		if other.Kind == c.Kind && other.Release.Version == c.Release.Version {
			names = append(names, c.short(other.Landing))
		}
	}
	return names
}

// undoLine says it in the message; "": there is nothing to say.
func (c change) undoLine() string {
	u := c.undo
	words := fmt.Sprintf("Undo: back to %s", u.Release)
	switch {
	case c.Kind == ledger.Broken && u.known && len(u.Migrations) == 0:
		return ""
	case c.Kind == ledger.Broken && u.known:
		return fmt.Sprintf("Undo: %s still runs; %s", u.Release, phrase.UndoOfFailed(u.Undo))
	case u.Covered: // which they are it does not say: a message is not edited with each change that comes after
		return words + "; " + u.covered(c.scene.app.Name)
	case len(u.with) > manyChanges:
		words += fmt.Sprintf(", together with %d changes before it", len(u.with))
	case len(u.with) > 0:
		words += ", together with " + strings.Join(u.with, ", ")
	}
	switch {
	case u.known:
		return words + "; " + phrase.Undo(u.Undo, doubts[u.Doubt], u.way)
	case u.Commit == "":
		return words + "; which migrations came since is not known, as the commit of " + u.Release.String() + " is not"
	}
	return words + "; which migrations came since is not known: GitHub did not give their files, and is asked again"
}

// manyChanges is how many others are named; more are counted.
const manyChanges = 3

func (u undo) covered(app string) string {
	return fmt.Sprintf("later changes run on top of it; `/rollback %s of %s` shows all that goes back", u.Release, app)
}

var doubts = map[ledger.Doubt]string{
	ledger.ByTime:  "which commit ran before was matched by time",
	ledger.Earlier: "the change may have been live before",
	ledger.Another: "other code is being deployed",
}

// recipe is the whole of it, in the thread: the lines to do it by hand, and what was found. Where there is nothing to do by hand any more
// it says so, if it was posted. Not ok: nothing is to be said.
func (c change) recipe() (n notice, ok bool) {
	key := c.key()
	n = notice{key: board.Key(string(key) + " undo"), parent: key}
	state, lines := c.recipeState()
	if state == "" || lines == nil && !c.scene.stand[n.key] {
		return notice{}, false
	}
	n.page.title = fmt.Sprintf("*Undo of %s*%s", c.name(), state)
	n.page.sentence = sentence(strings.ReplaceAll(n.page.title, "*", ""))
	if lines == nil {
		return n, true
	}
	room := sectionLimit - len(n.page.title) - len(strings.Join(lines, "\n"))
	if room < 0 {
		lines = c.elsewhere()
		room = sectionLimit - len(n.page.title) - len(strings.Join(lines, "\n"))
	}
	for i, f := range c.undo.Findings {
		line := "• " + finding(f)
		if room -= len(line) + 1; room < len("• and 1000 more") {
			lines = append(lines, fmt.Sprintf("• and %d more", len(c.undo.Findings)-i))
			break
		}
		lines = append(lines, line)
	}
	n.page.lines = lines
	return n, true
}

// recipeState says how it stands with a recipe, and gives its lines: none if there is nothing to do by hand. The state is "" where there
// was none before, either.
func (c change) recipeState() (state string, lines []string) {
	u := c.undo
	switch {
	case c.Kind == ledger.TakenBack:
		return fmt.Sprintf(": it was taken back by %s", c.Next), nil
	case u == nil:
		return "", nil
	case u.Covered:
		return ": " + u.covered(c.scene.app.Name), nil
	case !u.known, u.Verdict == django.Nothing && len(u.Findings) == 0, c.Kind == ledger.Broken && len(u.Migrations) == 0:
		return "", nil
	case c.Kind == ledger.Broken:
		return fmt.Sprintf(": %s never ran, and the code of %s cannot undo its migrations", c.Release, u.Release), c.byEye()
	}
	return fmt.Sprintf(", back to %s: %s", u.Release, u.judgement()), c.byHand()
}

// runsAs names what runs once the change does.
func (c change) runsAs() string {
	if c.Release.Version != 0 && c.Kind != ledger.Unclear {
		return c.Release.String()
	}
	return "its code"
}

// judgement says what is to be thought of the commands.
func (u undo) judgement() string {
	if words := doubts[u.Doubt]; words != "" && u.Verdict == django.Exact {
		return "look first, " + words
	}
	return verdicts[u.Verdict]
}

var verdicts = map[django.Verdict]string{
	django.Exact:      "these commands undo exactly its migrations",
	django.Review:     "look first",
	django.Impossible: "a migration cannot be undone",
	django.Nothing:    "look first",
}

// byHand are the lines that take the change back.
func (c change) byHand() (lines []string) {
	app := c.scene.app.Name
	block := func(commands ...string) {
		lines = append(append(append(lines, "```"), commands...), "```")
	}
	rollback := fmt.Sprintf("heroku rollback %s -a %s", c.undo.Release, app)
	switch u := c.undo; {
	case u.Verdict == django.Impossible: // its commands would stop half way
		lines = append(lines, "The code alone:")
		block(rollback)
		if u.backup != "" {
			lines = append(lines, "The database as it was then; what was written since is lost:")
			block(fmt.Sprintf("heroku pg:backups:restore %s DATABASE_URL -a %s", u.backup, app))
		}
	case len(u.Commands) > 0:
		lines = append(lines, "While "+c.runsAs()+" is what runs:")
		var commands []string
		for _, command := range u.Commands {
			commands = append(commands, fmt.Sprintf("heroku run --exit-code -a %s -- %s", app, say.Preformatted(command.Line)))
		}
		block(commands...)
		lines = append(lines, "Then:")
		block(rollback)
	default:
		block(rollback)
	}
	return lines
}

// elsewhere is where the lines are that do not fit into a message.
func (c change) elsewhere() []string {
	return []string{"The commands do not fit here. In a checkout of the repository:", "```", fmt.Sprintf("slipway undo %s %s", c.undo.Commit, c.SHA), "```"}
}

// byEye are the lines that show what a release left that failed. Its code is not what one-off dynos get, and the code that is does not know
// its migrations: only the database's own table tells.
func (c change) byEye() []string {
	return []string{
		"Which of them were applied, newest first:", "```",
		fmt.Sprintf(`heroku pg:psql -a %s -c "select app, name, applied from django_migrations order by id desc limit 20"`, c.scene.app.Name), "```",
		"A release with its code that does not fail applies the rest, and once it runs they can be undone.",
	}
}

// finding says what is to be known of a migration.
func finding(f django.Finding) string {
	words := say.Foreign(f.Why, 2*phrase.TitleLimit)
	if f.Migration == (django.Key{}) {
		return words
	}
	where := f.Migration.String()
	if f.Line > 0 {
		where += fmt.Sprintf(", line %d", f.Line)
	}
	return say.ForeignCode(where, phrase.TitleLimit) + ": " + words
}

// name is the change's in a sentence: "#45", or its commit.
func (c change) name() string { return c.short(c.Landing) }
