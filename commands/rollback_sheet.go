package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"slipway/bot"
	"slipway/bot/op"
	"slipway/bot/phrase"
	"slipway/bot/say"
	"slipway/bot/target"
	"slipway/integrations/heroku"
)

// What Slack takes (facts/slack.md, "Size limits").
const (
	optionText  = 75   // characters of an option, and of what is said below it
	boxes       = 10   // in one group of checkboxes
	sectionText = 2900 // characters, of 3,000
)

// fillRollback reads what a rollback does, and shows it.
func fillRollback(ctx context.Context, c *bot.Clients, req bot.Request, chosen bot.Chosen) (bot.Sheet, error) {
	a, err := aimOf(req.Words)
	if err != nil {
		return bot.Sheet{}, err
	}
	u, err := readUndo(ctx, c, req.App, a, chosen)
	if err != nil {
		return bot.Sheet{}, err
	}
	return u.sheet()
}

func (u *undo) sheet() (bot.Sheet, error) {
	p, err := u.plan()
	if err != nil {
		return bot.Sheet{}, err
	}
	blocks := []slackgo.Block{u.menu()}
	if busy := u.busy(); len(busy) > 0 {
		p.Label = ""
		blocks = append(blocks, text(fmt.Sprintf(":no_entry: %s What it releases would take the place of what is gone back to: wait for its end, or cancel it. Then choose again.",
			strings.Join(busy, " "))))
	}
	blocks = append(append(blocks, texts(u.lines())...), u.stopBlocks()...)
	return bot.Sheet{Blocks: append(blocks, text(say.ByHand(p.ByHand))), Plan: p}, nil
}

func text(mrkdwn string) slackgo.Block {
	return slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, say.Cut(mrkdwn, sectionText), false, false), nil, nil)
}

// texts set lines into sections, as many in one as Slack takes: nothing of them is lost.
func texts(lines []string) (blocks []slackgo.Block) {
	var part string
	for _, line := range lines {
		if len([]rune(part))+len([]rune(line)) >= sectionText {
			blocks, part = append(blocks, text(part)), ""
		}
		part = strings.TrimPrefix(part+"\n"+line, "\n")
	}
	return append(blocks, text(part))
}

func plainText(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, say.Cut(s, optionText), false, false)
}

// menu says what runs, and offers what can be gone back to.
func (u *undo) menu() slackgo.Block {
	menu := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, "release")
	for _, x := range u.targets.List {
		option := slackgo.NewOptionBlockObject(x.Release.String(), plainText(u.optionOf(x)), nil)
		menu.Options = append(menu.Options, option)
		if x.Release.Version == u.to.Release.Version {
			menu.InitialOption = option
		}
	}
	says := fmt.Sprintf("%s Roll %s to", u.runs(), u.verb())
	block := slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, says, false, false), nil, slackgo.NewAccessory(menu))
	block.BlockID = "release"
	return block
}

// runs says what runs now.
func (u *undo) runs() string {
	live := u.targets.Live
	return fmt.Sprintf("*%s* runs %s (%s), made at %s.", u.title, say.Code(live.String()), say.Foreign(live.Description, phrase.TitleLimit), say.Date(live.CreatedAt))
}

// optionOf is a release in the menu: its name, what came with it, and when it was made.
func (u *undo) optionOf(x target.Target) string {
	what := say.Foreign(x.Release.Description, 24)
	for _, p := range u.known.Pulls() {
		if commit := u.targets.Origin(x.Release).Cause().Commit; p.Merged && commit != "" && strings.HasPrefix(p.MergeSHA, commit) {
			what = fmt.Sprintf("#%d %s", p.Number, say.Foreign(p.Title, 18))
		}
	}
	switch {
	case len(x.Undoes) > 0:
		what = "undo only " + say.Foreign(x.Undoes[0].Description, 24)
	case x.Bad:
		what += " · rolled back before"
	case x.Forward:
		what += " · newer"
	}
	return fmt.Sprintf("%s · %s · %s", x.Release, what, x.Release.CreatedAt.UTC().Format("2 Jan 15:04"))
}

// stopBlocks offer to stop the one-off dynos that go on with what goes away.
func (u *undo) stopBlocks() []slackgo.Block {
	once := u.once()
	if len(once) == 0 {
		return nil
	}
	group := slackgo.NewCheckboxGroupsBlockElement("stop")
	stop := u.stops()
	for _, d := range once[:min(len(once), boxes)] {
		option := slackgo.NewOptionBlockObject(d.Name, plainText(u.dynoTitle(d)), plainText(say.Foreign(d.Command, optionText)))
		group.Options = append(group.Options, option)
		if slices.ContainsFunc(stop, func(s oneOff) bool { return s.ID == d.ID }) {
			group.InitialOptions = append(group.InitialOptions, option)
		}
	}
	says := "These dynos go on with the code that they began with. Stop first:"
	if more := len(once) - boxes; more > 0 {
		says = fmt.Sprintf("These dynos, and %d more, go on with the code that they began with. Stop first:", more)
	}
	return []slackgo.Block{text(says), slackgo.NewActionBlock("stop", group)}
}

// dynoTitle is a one-off dyno: its name, what it does and for how long.
func (u *undo) dynoTitle(d heroku.Dyno) string {
	age := "just begun"
	if d := u.now.Sub(d.CreatedAt); d >= time.Second {
		age = "for " + say.For(d)
	}
	return fmt.Sprintf("%s · %s · %s", say.Foreign(d.Name, 20), say.Foreign(d.Command, 32), age)
}

// stops are the one-off dynos that are stopped first: those that were chosen and, as long as nobody has chosen, those of the scheduler
// that change no schema.
func (u *undo) stops() (list []oneOff) {
	once := u.once()
	for _, d := range once[:min(len(once), boxes)] {
		chosen := slices.Contains(u.stop, d.Name)
		if !u.chose {
			chosen = stopsByItself(d)
		}
		if chosen {
			list = append(list, oneOff{d.ID, d.Name, d.Command})
		}
	}
	return list
}

// plan is what is confirmed.
func (u *undo) plan() (op.Plan, error) {
	r := u.rollback()
	data, err := json.Marshal(r)
	if err != nil {
		return op.Plan{}, fmt.Errorf("plan the rollback of %s: %w", u.app.Name, err)
	}
	p := op.Plan{
		Title: fmt.Sprintf("Roll *%s* %s to %s", u.title, u.verb(), say.Code(r.To)), Lines: append([]string{u.runs()}, u.lines()...), Label: "Roll back", Steps: r.steps(), Last: r.backStep(),
		ByHand: r.byHand(), Lookup: []string{"heroku releases -a " + r.App}, Data: data, After: rollbackAfter(r),
		Again: []op.Choice{{Label: "New plan", Line: r.line(r.To)}},
	}
	for _, d := range r.Stop {
		p.Lines = append(p.Lines, fmt.Sprintf("Stopped first: %s (%s)", say.ForeignCode(d.Name, phrase.NameLimit), say.ForeignCode(d.Command, phrase.TitleLimit)))
	}
	if len(u.risky()) > 0 {
		p.Typed = u.app.Name
	}
	return p, nil
}

// rollback is what is carried out.
func (u *undo) rollback() rollback {
	live := u.targets.Live
	r := rollback{
		App: u.app.Name, Live: live.String(), LiveID: live.ID, Newest: u.targets.Newest.String(), To: u.to.Release.String(), ToID: u.to.Release.ID,
		Stop: u.stops(), Health: healthAddress(u.state, u.health), Types: restartOf(u.app.Name, nil, u.formation).Types,
		Head: u.commit(0), Config: u.sameCode(), Forward: u.to.Forward,
	}
	r.Phase, _ = u.phase()
	if u.to.Forward {
		return r // nothing goes away
	}
	if u.span != nil && len(u.span.Commits) == 0 {
		r.Head = "" // the code was only built anew: there is nothing that must not come back
	}
	for _, change := range u.changes() {
		for _, c := range slices.Backward(change.Commits) {
			r.Away = append(r.Away, c.SHA)
		}
		if change.Pull != nil {
			r.Pulls = append(r.Pulls, change.Pull.Number)
		}
	}
	return r
}

// byHand are the commands that do the same.
func (r rollback) byHand() (lines []string) {
	for _, d := range r.Stop {
		lines = append(lines, fmt.Sprintf("heroku ps:stop %s -a %s", d.Name, r.App))
	}
	return append(lines, fmt.Sprintf("heroku rollback %s -a %s", r.To, r.App))
}
