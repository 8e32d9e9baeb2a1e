package chattest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"slipway/bot/audit"
	"slipway/integrations/sim/world"
)

// Bot is the bot as a player starts and ends it.
type Bot interface {
	Start() error
	Stop() error // in good order
	Kill() error // without warning: whatever it is connected to is cut first
	Busy() int   // requests that are not answered yet, news that is not worked yet, and messages that are due and not written

	// Open is how many operations have not ended, also those that nobody works on just now.
	Open() (int, error)

	Database(away bool) error // lets its database be away, or come back

	// Audit calls row with each entry of its audit trail, oldest first. The error is an *audit.Broken when the chain is not whole.
	Audit(row func(audit.Row) error) error
}

// Clock is the time that a play takes place in.
type Clock interface {
	// Settle returns when quiet has been true for a while, or when it has waited long enough.
	Settle(quiet func() bool)
	// Sleep lets d pass. In real time it refuses, even when d is nothing.
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

// Line plays one typed line: prints it, lets it happen, settles, and prints what came of it. A line that is not
// understood, or cannot be played, is an error; it is printed nevertheless.
func (p *Player) Line(text string) error {
	if p.echo {
		fmt.Fprintln(p.out, text)
	}
	l, err := parse(text)
	if err != nil || l.remark {
		return err
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
func (p *Player) Print() { p.print(p.transcript.news()) }

func (p *Player) print(lines []string) {
	for _, l := range lines {
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
		return p.happen(l.verb, l.args)
	}
	user, err := p.user(l.person)
	if err != nil {
		return err
	}
	p.transcript.typist = l.person
	switch {
	case l.label != "":
		return p.press(l, user)
	case l.set:
		return p.set(l.person, user, l.fields[0])
	case l.close:
		return p.closeView(l.person, user)
	case l.shortcut != "":
		return p.shortcut(l, user)
	}
	return p.say(l, user)
}

// say types a slash command or a message.
func (p *Player) say(l line, user string) error {
	at, err := p.place(l.at, user)
	switch {
	case err != nil:
		return err
	case l.slash == "":
		_, err = p.world.Slack.Say(user, at.channel, l.text, at.thread)
	case at.thread != "":
		err = errors.New("in threads Slack takes no slash commands; write it without the thread")
	default:
		_, err = p.world.Slack.Command(user, at.channel, l.slash, l.rest)
	}
	return err
}

func (p *Player) user(person string) (string, error) {
	user, ok := p.world.UserID(person)
	if !ok {
		return "", fmt.Errorf("nobody is called %s; there are %s", person, strings.Join(world.People(), ", "))
	}
	return user, nil
}

// place finds the channel and the thread that a line is typed in.
func (p *Player) place(at place, user string) (post, error) {
	switch {
	case at.dm:
		return post{channel: p.world.Slack.DM(user)}, nil
	case at.thread > 0:
		to, err := p.numbered(at.thread)
		return post{channel: to.channel, thread: to.root()}, err
	case at.channel == "":
		return post{channel: p.world.Home()}, nil
	}
	channel, err := p.world.ChannelID(at.channel)
	return post{channel: channel}, err
}

// numbered finds a message of the transcript.
func (p *Player) numbered(n int) (post, error) {
	posts := p.transcript.posts
	if n < 1 || n > len(posts) {
		return post{}, fmt.Errorf("there is no message #%d", n)
	}
	return posts[n-1], nil
}
