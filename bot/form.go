package bot

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"slipway/bot/abreast"
	"slipway/bot/audit"
	"slipway/bot/phrase"
	"slipway/bot/say"
)

// revisit is a modal that is to be read again, with what was chosen in it.
type revisit struct {
	note   note
	chosen Chosen
}

// used is a message shortcut that somebody used on a message.
type used struct{ ts string }

// form answers a command whose change is planned in a modal. The modal is opened while it is read what to put into it.
func (b *Bot) form(ctx context.Context, cmd Command, req Request) (Answer, error) {
	byHand, err := cmd.Change.ByHand(req)
	if err != nil {
		return Answer{}, b.toMembers(ctx, req, err)
	}
	w := req.window
	if !w.canOpen() {
		return b.invite(ctx, cmd, req)
	}
	n := note{Line: req.line, App: req.App.Name, Words: req.Words, Channel: req.Channel, Round: w.round + 1}
	w.kind, w.title = cmd.Change.Kind, cmd.Change.Form.Title
	if w.metadata, err = n.String(); err != nil {
		return Answer{}, err
	}
	var opened error
	var sheet Sheet
	var found findings
	abreast.Do(
		func() { opened = b.begin(ctx, w) },
		func() {
			found = b.planning(ctx, cmd, req, func() (err error) {
				sheet, err = cmd.Change.Form.Fill(ctx, b.clients, req, req.chosen())
				return err
			})
		},
	)
	if opened != nil {
		b.log.Warn("a modal was not opened", "request", req.ID, "error", opened)
		return Answer{}, say.Refuse("The window did not open in time. Type %s again.", say.TypedCode(req.line, typedLimit))
	}
	if no := b.against(ctx, req, found, byHand); no != nil {
		return Answer{}, no
	}
	return b.fill(ctx, cmd, req, n, sheet, byHand, found.preempted())
}

// chosen is what was chosen in a modal that is read again; nil: nothing was yet.
func (r Request) chosen() Chosen {
	if r.revisit == nil {
		return nil
	}
	return r.revisit.chosen
}

// invite answers who wrote to us: Slack opens a modal only for a click or a slash command.
func (b *Bot) invite(ctx context.Context, cmd Command, req Request) (Answer, error) {
	if err := b.door.Member(ctx, req.who()); err != nil {
		return Answer{}, err
	}
	if utf8.RuneCountInString(req.line) > askLimit {
		return Answer{}, say.Refuse("That is more than I can read. Type %s.", say.Code(cmd.Usage()))
	}
	text := fmt.Sprintf("Slack opens the window for it only after a click: press the button, or type %s.", say.TypedCode(req.line, typedLimit))
	button := slackgo.NewActionBlock("", phrase.Ask(cmd.Change.Form.Submit+"…", req.line))
	return Answer{Text: text, Blocks: []slackgo.Block{section(text), button}, personal: true}, nil
}

// askLimit is how many characters Slack takes in the value of a button (facts/slack.md, "Size limits").
const askLimit = 2000

// fill puts into a modal what was read, and stores its plan where there is something to submit.
func (b *Bot) fill(ctx context.Context, cmd Command, req Request, n note, s Sheet, byHand, preempted []string) (answer Answer, err error) {
	w := req.window
	if n.Chosen, err = begin(s.Blocks, n.Round); err != nil {
		return Answer{}, err
	}
	blocks := s.Blocks
	reads := b.clients.Mode.Reads(req.App.Name)
	if offers := s.Plan.Label != "" && !reads; offers {
		if blocks, err = b.offer(ctx, cmd, req, &n, s, byHand, preempted); err != nil {
			return Answer{}, b.refused(ctx, req, err, byHand)
		}
	}
	if reads {
		if req.revisit == nil {
			b.record(ctx, req, audit.Refused, readMode(req.App.Name), "read mode")
		}
		blocks = append([]slackgo.Block{section(readMode(req.App.Name))}, blocks...)
	}
	if w.metadata, err = n.String(); err != nil {
		return Answer{}, err
	}
	view := w.view(blocks...)
	if n.Ticket != "" {
		view = w.submits(cmd.Change.Form, blocks)
	}
	return Answer{Text: say.ByHand(byHand), view: &view}, nil
}

// offer stores the plan of a modal, and gives what the modal shows of it.
func (b *Bot) offer(ctx context.Context, cmd Command, req Request, n *note, s Sheet, byHand, preempted []string) ([]slackgo.Block, error) {
	p, blocks := s.Plan, s.Blocks
	if len(p.ByHand) == 0 {
		p.ByHand = byHand
	}
	cmd.Change.name(&p, req)
	channel, unseen := b.shownIn(ctx, req)
	warnings := append(preempted, unseen...)
	p.Lines = append(p.Lines, warnings...)
	ticket, err := b.clients.Operations.Offer(ctx, req.who(), channel, p)
	if err != nil {
		return nil, err
	}
	n.Ticket, n.Want = ticket.Value(), p.Typed
	if len(warnings) > 0 {
		blocks = append(blocks, section(strings.Join(warnings, "\n")))
	}
	if n.Want != "" && !hasTyped(blocks) {
		blocks = append(blocks, typedField(n.Want))
	}
	return append(blocks, expires(ticket)), nil
}

// reread reads a modal again, for what is chosen in it now.
func (b *Bot) reread(ctx context.Context, req Request) (Answer, string, error) {
	n := req.revisit.note
	cmd, ok := b.planned(req.window.kind)
	app, known := b.app(n.App)
	if !ok || !known {
		return Answer{}, "none", b.toMembers(ctx, req, say.Refuse("This window is of another version of mine. Close it, and ask for a new plan."))
	}
	req.App, req.Words, req.line, req.typed = app, n.Words, n.Line, say.Typed(n.Line)
	answer, err := b.form(ctx, cmd, req)
	return answer, cmd.Verb, err
}

// planned finds the command whose change is planned in modals of a kind.
func (b *Bot) planned(kind string) (Command, bool) {
	for _, c := range b.commands {
		if c.Change != nil && c.Change.Form != nil && c.Change.Kind == kind {
			return c, true
		}
	}
	return Command{}, false
}

// shortcut answers a message shortcut: as if somebody had typed there what its message is about. The modal is opened while that is looked
// for, since what opens it lives for 3 s.
func (b *Bot) shortcut(ctx context.Context, req Request) (Answer, string, error) {
	w := req.window
	cmd, ok := b.planned(w.kind)
	if !ok || cmd.Change.Form.About == nil {
		return Answer{}, "none", say.Refuse("This shortcut does nothing any more. `/deploy help` lists what I can do.")
	}
	w.title = cmd.Change.Form.Title
	var opened, unclear error
	var line string
	abreast.Do(
		func() { opened = b.begin(ctx, w) },
		func() { line, unclear = cmd.Change.Form.About(ctx, b.clients, req.Channel, req.used.ts) },
	)
	switch {
	case unclear != nil:
		return Answer{}, cmd.Verb, b.toMembers(ctx, req, unclear)
	case opened != nil:
		b.log.Warn("a modal was not opened", "request", req.ID, "error", opened)
		return Answer{}, cmd.Verb, b.toMembers(ctx, req, say.Refuse("The window did not open in time. Type %s.", say.TypedCode(line, typedLimit)))
	}
	return b.answer(ctx, req.asking(line))
}

// asking is a request of the same person, in the same place, for a line.
func (r Request) asking(line string) Request {
	words := split(line)
	r.used, r.revisit, r.press = nil, nil, nil
	r.Slash, r.Words = "", words
	if len(words) > 0 && strings.HasPrefix(words[0], "/") {
		r.Slash, r.Words = words[0], words[1:]
	}
	return r
}
