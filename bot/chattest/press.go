package chattest

import (
	"fmt"
	"slices"
	"strings"

	slacksim "slipway/integrations/sim/slack"
)

// press presses the newest button with the label, after the fields are filled in.
func (p *Player) press(l line, user string) error {
	if _, err := p.button(l, user); err != nil {
		return err // before anything is filled in
	}
	for _, f := range l.fields {
		if err := p.set(l.person, user, f); err != nil {
			return err
		}
	}
	b, err := p.button(l, user) // what was filled in may have changed the modal
	if err != nil {
		return err
	}
	switch {
	case b.Submit:
		_, err = p.world.Slack.Submit(user, b.Place.View)
		if err != nil && p.incomplete(user) {
			return nil // the modal says beside the fields what is missing
		}
	case b.Close:
		_, err = p.world.Slack.CloseView(user, b.Place.View)
	default:
		_, err = p.world.Slack.Click(user, b.Place, b.BlockID, b.ActionID)
	}
	return err
}

// button finds the newest thing to press with the label. The error names those that this person sees.
func (p *Player) button(l line, user string) (slacksim.Button, error) {
	var labels []string
	for _, b := range p.world.Slack.Buttons(user) {
		if b.Label == l.label {
			return b, nil
		}
		if label := "[" + b.Label + "]"; !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if len(labels) == 0 {
		return slacksim.Button{}, fmt.Errorf("%s sees no button [%s], nor any other", l.person, l.label)
	}
	return slacksim.Button{}, fmt.Errorf("%s sees no button [%s]; there are %s", l.person, l.label, strings.Join(labels, " "))
}

func (p *Player) incomplete(user string) bool {
	view, ok := p.world.Slack.View(user)
	return ok && len(view.Errors) > 0 && !view.SubmitDisabled
}

// set fills in a field of the open modal, and settles: what it sets off may change the modal. Of a menu whose choices the
// app gives, they are asked for first, as typing into it does.
func (p *Player) set(person, user string, f field) error {
	view, ok := p.world.Slack.View(user)
	if !ok {
		return noModal(person)
	}
	e, ok := fieldOf(view.Blocks, f.name)
	if !ok {
		return fmt.Errorf("⟦%s⟧ has no field %s", view.Title, f.name)
	}
	at := slacksim.InView(view.ID)
	if strings.HasSuffix(e.Type, "external_select") {
		if _, err := p.world.Slack.Suggest(user, at, f.name, e.ActionID, f.value); err != nil {
			return err
		}
		p.Settle()
	}
	if _, err := p.world.Slack.SetField(user, at, f.name, e.ActionID, f.value); err != nil {
		return err
	}
	p.Settle()
	return nil
}

// shortcut uses a message shortcut on a message.
func (p *Player) shortcut(l line, user string) error {
	callbackID, err := p.world.Slack.Labelled(l.shortcut)
	if err != nil {
		return err
	}
	on, err := p.numbered(l.on)
	if err != nil {
		return err
	}
	_, err = p.world.Slack.Shortcut(user, callbackID, on.channel, on.ts)
	return err
}

func (p *Player) closeView(person, user string) error {
	view, ok := p.world.Slack.View(user)
	if !ok {
		return noModal(person)
	}
	_, err := p.world.Slack.CloseView(user, view.ID)
	return err
}

func noModal(person string) error { return fmt.Errorf("%s has no modal open", person) }
