package chattest

import (
	"errors"
	"fmt"
	"strconv"

	slacksim "slipway/integrations/sim/slack"
)

var errShow = errors.New("write !show channel, !show modal, !show thread 3, !show home alice, !show deliveries or !show audit")

// show prints what stands somewhere now.
func (p *Player) show(args []string) error {
	p.Settle()
	p.Print() // so that what is shown has its number
	if len(args) == 0 || len(args) > 2 {
		return errShow
	}
	switch what, of := args[0], args[1:]; {
	case what == "channel" && len(of) == 0:
		p.showChannel()
		return nil
	case what == "thread" && len(of) == 1:
		return p.showThread(of[0])
	case what == "modal":
		return p.showView(of, what, p.world.Slack.View)
	case what == "home":
		return p.showView(of, what, p.world.Slack.Home)
	case what == "deliveries" && len(of) == 0:
		p.showDeliveries()
		return nil
	case what == "audit" && len(of) == 0:
		return p.showAudit()
	}
	return errShow
}

func (p *Player) showChannel() {
	id := p.world.Home()
	replies := map[string]int{}
	var list []slacksim.Message
	for _, m := range p.world.Slack.Messages(id) {
		reply := m.ThreadTS != "" && m.ThreadTS != m.TS
		if reply && !m.Ephemeral() {
			replies[m.ThreadTS]++
		}
		if !reply || m.Broadcast {
			list = append(list, m)
		}
	}
	p.messages(list, replies)
}

func (p *Player) showThread(word string) error {
	n, err := strconv.Atoi(word)
	if err != nil {
		return errShow
	}
	at, err := p.numbered(n)
	if err != nil {
		return err
	}
	p.messages(p.world.Slack.Thread(at.channel, at.root()), nil)
	return nil
}

// messages prints messages as they stand, what people wrote among them, with a bar before each. What only one person sees
// is not part of a channel.
func (p *Player) messages(list []slacksim.Message, replies map[string]int) {
	t := p.transcript
	t.byNumber(list)
	empty := true
	for _, m := range list {
		if m.Ephemeral() {
			continue
		}
		empty = false
		speaker := "| " + t.name(m.User) + ": "
		switch {
		case m.Tombstone:
			speaker = "| slack: "
		case m.BotID != "":
			speaker = fmt.Sprintf("| bot #%d: ", t.numbered(m.Channel, m.TS))
		}
		body := t.standing(&m)
		if n := replies[m.TS]; n > 0 {
			body = append(body, fmt.Sprintf("(replies: %d)", n))
		}
		p.print(said("  ", speaker, body))
	}
	if empty {
		p.print([]string{"  | nothing"})
	}
}

// standing is the text of a message. Rich text that a client made of what a person typed says the same as its text.
func (t *transcript) standing(m *slacksim.Message) []string {
	if m.BotID == "" {
		return split(t.reader.mrkdwn(m.Text))
	}
	return t.body(m)
}

// showView prints the modal or the home of the person who is named, or who typed last.
func (p *Player) showView(args []string, what string, of func(user string) (slacksim.View, bool)) error {
	person := p.transcript.typist
	if len(args) == 1 {
		person = args[0]
	}
	if person == "" {
		return fmt.Errorf("nobody has typed yet; say whose, as in !show %s alice", what)
	}
	user, err := p.user(person)
	if err != nil {
		return err
	}
	view, ok := of(user)
	if !ok {
		return fmt.Errorf("%s has no %s open", person, what)
	}
	title := modalTitle(&view)
	if what == "home" {
		title = homeTitle(person)
	}
	p.print(p.transcript.view(&view, title))
	return nil
}
