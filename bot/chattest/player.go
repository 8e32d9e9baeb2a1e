package chattest

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// Bot is the bot as a player starts and ends it.
type Bot interface {
	Start() error
	Stop() error // in good order
	Kill() error // without warning: whatever it is connected to is cut first
	Busy() int   // requests that are not answered yet
}

// Clock is the time that a play takes place in.
type Clock interface {
	// Settle returns when quiet has been true for a while, or when it has waited long enough.
	Settle(quiet func() bool)
	// Sleep lets d pass. In real time it refuses.
	Sleep(d time.Duration) error
	// Wait lets time pass until done, and tells whether that came before two hours had passed.
	Wait(done func() bool) bool
}

// Player plays lines and prints what comes of them.
type Player struct {
	world *world.World
	bot   Bot
	clock Clock
	out   io.Writer
	echo  bool // print the typed line, too

	transcript *transcript
	last       string // who typed last
}

// NewPlayer gives a player. The bot runs already, or is nil when only the world is played.
func NewPlayer(w *world.World, bot Bot, clock Clock, out io.Writer) *Player {
	return &Player{world: w, bot: bot, clock: clock, out: out, echo: true, transcript: newTranscript(w)}
}

// WriteTo lets the player print to out from now on, and says whether typed lines are printed, too; a terminal shows them
// already.
func (p *Player) WriteTo(out io.Writer, echo bool) { p.out, p.echo = out, echo }

// errNoBot is the answer to lines about a bot that is somewhere else.
var errNoBot = errors.New("the bot is not played here; end and start it where it runs")

// Line plays one typed line: prints it, lets it happen, settles, and prints what came of it.
func (p *Player) Line(text string) error {
	l, err := parse(text)
	if err != nil {
		return err
	}
	if p.echo {
		fmt.Fprintln(p.out, text)
	}
	if l.remark {
		return nil
	}
	err = p.play(l)
	p.Settle()
	p.Print()
	return err
}

// Settle waits until nothing is in flight, but for what takes longer than that.
func (p *Player) Settle() {
	p.clock.Settle(func() bool {
		return p.world.InFlight() == 0 && len(p.world.Slack.Open()) == 0 && p.busy() == 0
	})
}

// Print prints what happened since it was last printed.
func (p *Player) Print() {
	for _, l := range p.transcript.news() {
		fmt.Fprintln(p.out, l)
	}
}

func (p *Player) busy() int {
	if p.bot == nil {
		return 0
	}
	return p.bot.Busy()
}

func (p *Player) play(l line) error {
	if l.verb != "" {
		return p.happen(l)
	}
	user, ok := p.world.UserID(l.person)
	if !ok {
		return fmt.Errorf("nobody is called %s; there are alice, bob, carol, dave and erin", l.person)
	}
	p.last = l.person
	switch {
	case l.label != "":
		return p.press(l, user)
	case l.set:
		return p.set(user, l.fields[0])
	case l.close:
		return p.closeView(l, user)
	case l.shortcut != "":
		return p.shortcut(l, user)
	}
	channel, thread, err := p.place(l.at, user)
	if err != nil {
		return err
	}
	if l.slash != "" {
		if thread != "" {
			return fmt.Errorf("Slack takes no slash commands in threads")
		}
		_, err = p.world.Slack.Command(user, channel, l.slash, l.rest)
		return err
	}
	_, err = p.world.Slack.Say(user, channel, l.text, thread)
	return err
}

// place finds the channel and the thread that a line is typed in.
func (p *Player) place(at place, user string) (channel, thread string, err error) {
	switch {
	case at.dm:
		return p.world.Slack.DM(user), "", nil
	case at.thread > 0:
		return p.numbered(at.thread)
	case at.channel != "":
		channel, err = p.world.ChannelID(at.channel)
		return channel, "", err
	}
	channel, err = p.world.ChannelID(home)
	return channel, "", err
}

// numbered finds a message of the transcript.
func (p *Player) numbered(n int) (channel, ts string, err error) {
	for key, number := range p.transcript.numbers {
		if number == n {
			channel, ts, _ = strings.Cut(key, " ")
			return channel, ts, nil
		}
	}
	return "", "", fmt.Errorf("there is no message #%d", n)
}

// press presses the newest button with the label, after the fields are filled in.
func (p *Player) press(l line, user string) error {
	for _, f := range l.fields {
		if err := p.set(user, f); err != nil {
			return err
		}
	}
	for _, b := range p.world.Slack.Buttons(user) {
		if b.Label != l.label {
			continue
		}
		var err error
		switch {
		case b.Submit:
			_, err = p.world.Slack.Submit(user, b.Place.View)
		case b.Close:
			_, err = p.world.Slack.CloseView(user, b.Place.View)
		default:
			_, err = p.world.Slack.Click(user, b.Place, b.BlockID, b.ActionID)
		}
		return err
	}
	return fmt.Errorf("%s sees no button [%s]%s", l.person, l.label, p.visible(user))
}

func (p *Player) visible(user string) string {
	var labels []string
	for _, b := range p.world.Slack.Buttons(user) {
		if label := "[" + b.Label + "]"; !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return "; there are " + strings.Join(labels, " ")
}

// set fills in a field of the open modal, and settles: what it sets off may change the modal.
func (p *Player) set(user string, f field) error {
	view, ok := p.world.Slack.View(user)
	if !ok {
		return fmt.Errorf("no modal is open")
	}
	if _, err := p.world.Slack.SetField(user, slacksim.InView(view.ID), f.name, "", f.value); err != nil {
		return err
	}
	p.Settle()
	return nil
}

func (p *Player) closeView(l line, user string) error {
	view, ok := p.world.Slack.View(user)
	if !ok {
		return fmt.Errorf("%s has no modal open", l.person)
	}
	_, err := p.world.Slack.CloseView(user, view.ID)
	return err
}

func (p *Player) shortcut(l line, _ string) error {
	return fmt.Errorf("the bot has no message shortcut {%s}", l.shortcut)
}
