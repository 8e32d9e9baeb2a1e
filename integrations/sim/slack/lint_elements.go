package slacksim

import "fmt"

func (l *linter) section(b map[string]any, at string) {
	l.text(b["text"], sectionChars, false, at+"/text")
	if b["text"] == nil && b["fields"] == nil {
		l.add("missing required field: text", at)
	}
	for i, f := range l.list(b["fields"], 1, fieldCount, at+"/fields") {
		l.text(f, fieldChars, false, pointer(at+"/fields", i))
	}
	acc, ok := b["accessory"].(map[string]any)
	switch {
	case ok && str(acc["type"]) == "image":
		l.imageElement(acc, at+"/accessory")
	case ok && onlyInputs[str(acc["type"])]:
		l.add("unsupported type: "+str(acc["type"]), at+"/accessory/type")
	case ok:
		l.element(acc, at+"/accessory")
	case b["accessory"] != nil:
		l.add("must be an object", at+"/accessory")
	}
}

func (l *linter) image(b map[string]any, at string) {
	l.imageElement(b, at)
	l.text(b["title"], imageChars, true, at+"/title")
}

func (l *linter) imageElement(b map[string]any, at string) {
	if str(b["alt_text"]) == "" {
		l.add("missing required field: alt_text", at)
	}
	l.chars(b["alt_text"], imageChars, at+"/alt_text")
	if b["image_url"] == nil && b["slack_file"] == nil {
		l.add("missing required field: image_url", at)
	}
	l.chars(b["image_url"], urlChars, at+"/image_url")
}

func (l *linter) context(b map[string]any, at string) {
	for i, e := range l.list(b["elements"], 1, contextCount, at+"/elements") {
		here := pointer(at+"/elements", i)
		if str(e["type"]) == "image" {
			l.imageElement(e, here)
			continue
		}
		l.text(e, sectionChars, false, here)
	}
}

func (l *linter) actions(b map[string]any, at string) {
	seen := map[string]bool{}
	for i, e := range l.list(b["elements"], 1, actionsCount, at+"/elements") {
		here := pointer(at+"/elements", i)
		if onlyInputs[str(e["type"])] {
			l.add("unsupported type: "+str(e["type"]), here+"/type")
			continue
		}
		l.element(e, here)
		if id := str(e["action_id"]); id != "" && seen[id] {
			l.add(fmt.Sprintf("`action_id` %q already exists in this block", id), here+"/action_id")
		} else {
			seen[id] = true
		}
	}
}

func (l *linter) input(b map[string]any, at string) {
	l.text(b["label"], labelChars, true, at+"/label")
	l.text(b["hint"], labelChars, true, at+"/hint")
	e, ok := b["element"].(map[string]any)
	if !ok {
		return
	}
	if notInputs[str(e["type"])] {
		l.add("unsupported type: "+str(e["type"]), at+"/element/type")
		return
	}
	l.element(e, at+"/element")
}

var richParts = map[string]bool{
	"rich_text_section": true, "rich_text_list": true, "rich_text_preformatted": true, "rich_text_quote": true,
}

func (l *linter) richText(b map[string]any, at string) {
	for i, e := range l.list(b["elements"], 0, 1000, at+"/elements") {
		if typ := str(e["type"]); !richParts[typ] {
			l.add("unsupported type: "+typ, pointer(at+"/elements", i)+"/type")
		}
		l.countRich(e)
	}
}

func (l *linter) countRich(e map[string]any) {
	l.characters += len([]rune(str(e["text"])))
	for _, inner := range objects(e["elements"]) {
		l.countRich(inner)
	}
}

// element checks an interactive element.
func (l *linter) element(e map[string]any, at string) {
	typ := str(e["type"])
	s, known := elementShapes[typ]
	if !known {
		l.add("unsupported type: "+typ, at+"/type")
		return
	}
	l.fit(e, s, at)
	l.chars(e["action_id"], idChars, at+"/action_id")
	l.text(e["placeholder"], imageChars, true, at+"/placeholder")
	l.confirm(e["confirm"], at+"/confirm")
	switch typ {
	case "button":
		l.button(e, at)
	case "overflow":
		least, most := 2, 5
		if l.opts.AnyOverflow {
			least, most = 1, optionCount
		}
		l.options(e["options"], least, most, typ, at+"/options")
	case "checkboxes", "radio_buttons":
		l.options(e["options"], 1, fewOptions, typ, at+"/options")
	case "static_select", "multi_static_select":
		l.selectOptions(e, at)
	case "plain_text_input":
		if n, ok := number(e["max_length"]); ok && (n < 1 || n > inputChars) {
			l.add(fmt.Sprintf("must be between 1 and %d", inputChars), at+"/max_length")
		}
		l.chars(e["initial_value"], inputChars, at+"/initial_value")
	}
}

func (l *linter) button(e map[string]any, at string) {
	l.text(e["text"], buttonChars, true, at+"/text")
	l.chars(e["value"], buttonValue, at+"/value")
	l.chars(e["url"], urlChars, at+"/url")
	l.chars(e["accessibility_label"], buttonChars, at+"/accessibility_label")
	if style := str(e["style"]); e["style"] != nil && style != "primary" && style != "danger" {
		l.add("must be a valid enum value: "+style, at+"/style")
	}
}

func (l *linter) selectOptions(e map[string]any, at string) {
	if (e["options"] == nil) == (e["option_groups"] == nil) {
		l.add("exactly one of options and option_groups is required", at)
		return
	}
	if e["options"] != nil {
		l.options(e["options"], 1, optionCount, str(e["type"]), at+"/options")
	}
	for i, g := range l.list(e["option_groups"], 1, optionCount, at+"/option_groups") {
		here := pointer(at+"/option_groups", i)
		l.text(g["label"], optionChars, true, here+"/label")
		l.options(g["options"], 1, optionCount, str(e["type"]), here+"/options")
	}
	if initial, ok := e["initial_option"].(map[string]any); ok && !offers(e, initial) {
		l.add("must be one of the options", at+"/initial_option")
	}
}

// offers tells whether a menu has an option of that value.
func offers(e, option map[string]any) bool {
	all := objects(e["options"])
	for _, g := range objects(e["option_groups"]) {
		all = append(all, objects(g["options"])...)
	}
	for _, o := range all {
		if str(o["value"]) == str(option["value"]) && plain(o["text"]) == plain(option["text"]) {
			return true
		}
	}
	return false
}

func (l *linter) options(v any, least, most int, of string, at string) {
	for i, o := range l.list(v, least, most, at) {
		l.option(o, of, pointer(at, i))
	}
}

// option checks one option of an element of that type.
func (l *linter) option(o map[string]any, of, at string) {
	l.fit(o, optionShape, at)
	plainOnly := of != "checkboxes" && of != "radio_buttons"
	l.text(o["text"], optionChars, plainOnly, at+"/text")
	l.text(o["description"], optionChars, plainOnly, at+"/description")
	l.chars(o["value"], l.opts.OptionValue, at+"/value")
	l.chars(o["url"], urlChars, at+"/url")
	if o["url"] != nil && of != "overflow" {
		l.add("invalid additional property: url", at)
	}
}

func (l *linter) confirm(v any, at string) {
	if v == nil {
		return
	}
	obj, ok := v.(map[string]any)
	if !ok {
		l.add("must be an object", at)
		return
	}
	l.fit(obj, confirmable, at)
	l.text(obj["title"], confirmTitle, true, at+"/title")
	l.text(obj["text"], confirmText, false, at+"/text")
	l.text(obj["confirm"], confirmButton, true, at+"/confirm")
	l.text(obj["deny"], confirmButton, true, at+"/deny")
}
