package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// interactiveTypes are the elements that have an action_id.
var interactiveTypes = map[string]bool{
	"button": true, "checkboxes": true, "radio_buttons": true, "overflow": true, "workflow_button": true,
	"static_select": true, "external_select": true, "users_select": true, "conversations_select": true, "channels_select": true,
	"multi_static_select": true, "multi_external_select": true, "multi_users_select": true,
	"multi_conversations_select": true, "multi_channels_select": true,
	"datepicker": true, "timepicker": true, "datetimepicker": true,
	"plain_text_input": true, "email_text_input": true, "url_text_input": true, "number_input": true,
	"rich_text_input": true, "file_input": true,
}

// stateful tells whether an element has a value in state.values.
func stateful(typ string) bool {
	return interactiveTypes[typ] && typ != "button" && typ != "overflow" && typ != "workflow_button"
}

// valueField is the name under which an element's value stands in state.values.
func valueField(typ string) string {
	switch typ {
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	}
	return "value"
}

// initialValue is what a field holds before anybody touched it.
func initialValue(e element) map[string]any {
	field := valueField(e.typ)
	initial := strings.Replace(field, "selected_", "initial_", 1)
	if field == "value" {
		initial = "initial_value"
	}
	value := e.obj[initial]
	if value == nil && strings.HasSuffix(field, "s") {
		value = []any{}
	}
	return map[string]any{"type": e.typ, field: value}
}

// fill gives what an element's state becomes when a person enters a value.
func (s *Server) fill(sc *scene, e element, value string) (map[string]any, error) {
	field := valueField(e.typ)
	out := map[string]any{"type": e.typ}
	var err error
	switch {
	case e.typ == "button":
		return nil, fmt.Errorf("%s is a button: click it", e.action)
	case value == "" && strings.HasSuffix(field, "s"):
		out[field] = []any{}
	case value == "":
		out[field] = nil
	case field == "selected_option":
		out[field], err = s.choice(sc, e, value)
	case field == "selected_options":
		out[field], err = s.choices(sc, e, value)
	case field == "selected_date":
		_, err = time.Parse(time.DateOnly, value)
		out[field] = value
	case field == "selected_time":
		_, err = time.Parse("15:04", value)
		out[field] = value
	case field == "selected_date_time":
		var at time.Time
		at, err = time.Parse("2006-01-02 15:04", value)
		out[field] = at.Unix()
	case strings.HasSuffix(field, "s"):
		out[field] = strings.Split(value, ",")
	default:
		out[field], err = s.text(e, value)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.action, err)
	}
	return out, nil
}

// text checks what is typed into a text input.
func (s *Server) text(e element, value string) (string, error) {
	if s.opts.Unverified.PhonePunctuation {
		value = phoned(value)
	}
	length := len([]rune(value))
	if most, ok := number(e.obj["max_length"]); ok && length > most {
		return "", fmt.Errorf("at most %d characters, these are %d", most, length)
	}
	if least, ok := number(e.obj["min_length"]); ok && length < least {
		return "", fmt.Errorf("at least %d characters, these are %d", least, length)
	}
	if length > inputChars && e.typ == "plain_text_input" {
		return "", fmt.Errorf("at most %d characters, these are %d", inputChars, length)
	}
	return value, nil
}

func (s *Server) choices(sc *scene, e element, values string) ([]any, error) {
	var out []any
	for value := range strings.SplitSeq(values, ",") {
		o, err := s.choice(sc, e, value)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// choice finds an option by its value or else by its label.
func (s *Server) choice(sc *scene, e element, value string) (map[string]any, error) {
	options := s.optionsOf(sc, e)
	for _, o := range options {
		if str(o["value"]) == value {
			return o, nil
		}
	}
	var names []string
	for _, o := range options {
		if plain(o["text"]) == value {
			return o, nil
		}
		names = append(names, str(o["value"]))
	}
	return nil, fmt.Errorf("there is no option %q; the options are %s", value, strings.Join(names, ", "))
}

func (s *Server) optionsOf(sc *scene, e element) []map[string]any {
	if strings.Contains(e.typ, "external_select") {
		return s.offered[offerKey{sc.user.ID, e.block, e.action}]
	}
	options := objects(e.obj["options"])
	for _, g := range objects(e.obj["option_groups"]) {
		options = append(options, objects(g["options"])...)
	}
	return options
}

// keep stores a filled-in field. In a message it is kept per person.
func (sc *scene) keep(s *Server, e element, fill map[string]any) {
	if !stateful(e.typ) {
		return
	}
	state := s.stateOf(sc)
	if state[e.block] == nil {
		state[e.block] = map[string]json.RawMessage{}
	}
	state[e.block][e.action] = encode(fill)
}

// stateOf is where the values of a place's fields are kept.
func (s *Server) stateOf(sc *scene) map[string]map[string]json.RawMessage {
	if sc.view != nil {
		return sc.view.State
	}
	key := stateKey{sc.user.ID, sc.channel.ID, sc.message.TS}
	state := s.fields[key]
	if state == nil {
		state = map[string]map[string]json.RawMessage{}
		for _, e := range sc.elements() {
			if !stateful(e.typ) {
				continue
			}
			if state[e.block] == nil {
				state[e.block] = map[string]json.RawMessage{}
			}
			state[e.block][e.action] = encode(initialValue(e))
		}
		s.fields[key] = state
	}
	return state
}

// stateKey says whose fields, in which message.
type stateKey struct{ user, channel, ts string }
