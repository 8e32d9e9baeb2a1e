package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
)

// note is what a modal remembers, in its private metadata. Modals hold it while one version of the bot takes the place of another: add
// fields, never rename them.
type note struct {
	Line    string   // as it was typed
	App     string   // that the line is about
	Words   []string // of the line, as Request has them
	Channel string   // where it was typed, as Slack's id
	Ticket  string   // of the plan that the modal shows; "": it shows none
	Want    string   // what has to be typed to confirm the plan; "": nothing
	Typed   string   // what was typed, where the field for it is gone
	Chosen  Chosen   // the values that stand in the modal, with which the plan was made
	Round   int      // how often the modal was filled
}

// noteLimit is how long Slack lets private metadata be (facts/slack.md, "Size limits").
const noteLimit = 3000

func (n note) String() (string, error) {
	text, err := json.Marshal(n)
	if err == nil && utf8.RuneCount(text) > noteLimit {
		err = fmt.Errorf("what a modal has to remember takes %d characters", utf8.RuneCount(text))
	}
	return string(text), err
}

// noteOf reads what a modal remembers; false: it is not ours.
func noteOf(v slackgo.View) (n note, ok bool) {
	return n, json.Unmarshal([]byte(v.PrivateMetadata), &n) == nil && n.Channel != ""
}

// remembering is the note of a modal of which only the place is known.
func remembering(channel string) string {
	text, _ := note{Channel: channel}.String() // short
	return text
}

// typedBlock is the field into which is typed what confirms a plan.
const typedBlock = "app"

// chosenIn are the values that stand in a modal, and what was typed to confirm.
func chosenIn(v slackgo.View) (c Chosen, typed string) {
	c = Chosen{}
	if v.State == nil {
		return c, ""
	}
	for block, actions := range v.State.Values {
		for _, a := range actions {
			switch {
			case block == typedBlock:
				typed = a.Value
			case choices[string(a.Type)]:
				c[block] = values(append(a.SelectedOptions, a.SelectedOption))
			}
		}
	}
	return c, typed
}

// choices are the fields that a plan can be made with.
var choices = map[string]bool{"static_select": true, "multi_static_select": true, "radio_buttons": true, "checkboxes": true}

// values of options, in an order that does not depend on which was chosen first.
func values(options []slackgo.OptionBlockObject) []string {
	list := []string{}
	for _, o := range options {
		if o.Value != "" {
			list = append(list, o.Value)
		}
	}
	slices.Sort(list)
	return list
}

func (c Chosen) equal(other Chosen) bool { return maps.EqualFunc(c, other, slices.Equal) }

// begin gives the values that blocks begin with. Each field gets an action id that it did not have before, or Slack would go on showing
// what was chosen in the field that stood there (docs.slack.dev, "Updating modals").
func begin(blocks []slackgo.Block, round int) (Chosen, error) {
	c := Chosen{}
	for _, b := range blocks {
		for _, e := range elementsOf(b) {
			id, initial := fieldOf(e)
			switch {
			case id == nil:
				continue
			case b.ID() == "":
				return nil, fmt.Errorf("the field %s stands in a block without an id", *id)
			}
			*id = fmt.Sprintf("%s_%d", *id, round)
			c[b.ID()] = values(initial)
		}
	}
	return c, nil
}

// elementsOf are the elements of a block that a person can fill in, and others.
func elementsOf(b slackgo.Block) []slackgo.BlockElement {
	switch b := b.(type) {
	case *slackgo.ActionBlock:
		return b.Elements.ElementSet
	case *slackgo.InputBlock:
		return []slackgo.BlockElement{b.Element}
	case *slackgo.SectionBlock:
		if a := b.Accessory; a != nil {
			return []slackgo.BlockElement{a.SelectElement, a.MultiSelectElement, a.RadioButtonsElement, a.CheckboxGroupsBlockElement}
		}
	}
	return nil
}

// hasTyped tells whether there is a field for what confirms a plan.
func hasTyped(blocks []slackgo.Block) bool {
	return slices.ContainsFunc(blocks, func(b slackgo.Block) bool { return b.ID() == typedBlock })
}

// kept are the blocks of a modal that stay in sight while it is read again: all but its small print.
func kept(v slackgo.View) []slackgo.Block {
	return slices.DeleteFunc(slices.Clone(v.Blocks.BlockSet), func(b slackgo.Block) bool { return b.ID() == smallPrint })
}

// smallPrint is the id of the block in which a modal tells of itself.
const smallPrint = "small"

// fieldOf gives the action id of a field, and the options that it begins with; nil: it is no field.
func fieldOf(e slackgo.BlockElement) (id *string, initial []slackgo.OptionBlockObject) {
	var options []*slackgo.OptionBlockObject
	switch e := e.(type) {
	case *slackgo.SelectBlockElement:
		if e != nil {
			id, options = &e.ActionID, []*slackgo.OptionBlockObject{e.InitialOption}
		}
	case *slackgo.RadioButtonsBlockElement:
		if e != nil {
			id, options = &e.ActionID, []*slackgo.OptionBlockObject{e.InitialOption}
		}
	case *slackgo.MultiSelectBlockElement:
		if e != nil {
			id, options = &e.ActionID, e.InitialOptions
		}
	case *slackgo.CheckboxGroupsBlockElement:
		if e != nil {
			id, options = &e.ActionID, e.InitialOptions
		}
	}
	for _, o := range options {
		if o != nil {
			initial = append(initial, *o)
		}
	}
	return id, initial
}
