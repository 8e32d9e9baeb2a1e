package chattest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slacksim "slipway/integrations/sim/slack"
	"slipway/integrations/sim/world"
)

// happen plays a "!" line: the time, the bot and what is to be shown are the player's, all else is the world's.
func (p *Player) happen(l line) error {
	switch l.verb {
	case "wait":
		return p.wait()
	case "clock":
		d, err := duration(l.args)
		if err != nil {
			return err
		}
		return p.clock.Sleep(d)
	case "kill", "restart", "stop":
		return p.end(l)
	case "show":
		return p.show(l.args)
	}
	if !slices.Contains(world.Verbs(), l.verb) {
		return fmt.Errorf("nothing is called !%s", l.verb)
	}
	return p.world.Do(l.verb, l.args)
}

func (p *Player) wait() error {
	p.Settle() // what has just been said may yet begin something
	if p.clock.Wait(func() bool { return len(p.world.Open()) == 0 && p.busy() == 0 }) {
		return nil
	}
	return fmt.Errorf("still open after two hours: %s", strings.Join(p.world.Open(), ", "))
}

// end ends the bot and starts it again, for !stop after a while.
func (p *Player) end(l line) error {
	if p.bot == nil {
		return errNoBot
	}
	down := time.Duration(0)
	if l.verb == "stop" {
		var err error
		if down, err = duration(l.args); err != nil {
			return err
		}
	}
	stop := p.bot.Stop
	if l.verb == "kill" {
		stop = p.bot.Kill
	}
	if err := stop(); err != nil {
		return err
	}
	if down > 0 {
		if err := p.clock.Sleep(down); err != nil {
			return err
		}
	}
	return p.bot.Start()
}

// show prints what stands somewhere now.
func (p *Player) show(args []string) error {
	const usage = "write !show channel, !show modal, !show thread 3 or !show home alice"
	if len(args) == 0 {
		return fmt.Errorf(usage)
	}
	switch {
	case args[0] == "channel" && len(args) == 1:
		return p.showChannel()
	case args[0] == "thread" && len(args) == 2:
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return fmt.Errorf(usage)
		}
		return p.showThread(n)
	case args[0] == "modal" && len(args) <= 2:
		return p.showView(args[1:], "modal", p.world.Slack.View)
	case args[0] == "home" && len(args) <= 2:
		return p.showView(args[1:], "home", p.world.Slack.Home)
	case args[0] == "audit":
		return fmt.Errorf("this version keeps no audit trail: it changes nothing")
	}
	return fmt.Errorf(usage)
}

func (p *Player) showChannel() error {
	id, err := p.world.ChannelID(home)
	if err != nil {
		return err
	}
	p.messages(p.world.Slack.Messages(id), false)
	return nil
}

func (p *Player) showThread(n int) error {
	channel, ts, err := p.numbered(n)
	if err != nil {
		return err
	}
	p.messages(p.world.Slack.Thread(channel, ts), true)
	return nil
}

// messages prints messages as they stand, what people wrote among them. What only one person sees is not part of a
// channel. Replies are counted, or drawn when it is a thread that is shown.
func (p *Player) messages(list []slacksim.Message, thread bool) {
	t := p.transcript
	for _, m := range list {
		if m.Ephemeral() || (!thread && m.ThreadTS != "" && m.ThreadTS != m.TS && !m.Broadcast) {
			continue
		}
		speaker := "| " + t.name(m.User) + ": "
		if m.BotID != "" {
			speaker = fmt.Sprintf("| bot #%d: ", t.numbers[m.Channel+" "+m.TS])
		}
		for _, l := range said("  ", speaker, t.standing(&m)) {
			fmt.Fprintln(p.out, l)
		}
	}
}

// standing is the text of a message. Rich text that a client made of what a person typed says the same as its text.
func (t *transcript) standing(m *slacksim.Message) []string {
	if m.BotID == "" {
		return split(t.reader.mrkdwn(m.Text))
	}
	return t.body(m)
}

func (p *Player) showView(args []string, what string, of func(user string) (slacksim.View, bool)) error {
	person := p.last
	if len(args) == 1 {
		person = args[0]
	}
	user, ok := p.world.UserID(person)
	if !ok {
		return fmt.Errorf("nobody is called %q", person)
	}
	view, ok := of(user)
	if !ok {
		return fmt.Errorf("%s has no %s open", person, what)
	}
	for _, l := range p.transcript.view(&view, "⟦"+view.Title+"⟧") {
		fmt.Fprintln(p.out, l)
	}
	return nil
}
