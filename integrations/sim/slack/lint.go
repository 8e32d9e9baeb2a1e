package slacksim

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// linter checks Block Kit as Slack does and collects its words, one for each fault.
type linter struct {
	opts       Unverified
	inView     bool
	messages   []string
	characters int // of all texts
	markdown   int // characters in markdown blocks
	tables     int
	tasks      [2]bool // a task_card, a plan
	ids        map[string]bool
}

func (l *linter) add(what, at string) {
	l.messages = append(l.messages, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", what, at))
}

func pointer(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// fit checks an object's properties.
func (l *linter) fit(obj map[string]any, s shape, at string) {
	for name := range strings.FieldsSeq(s.must) {
		if obj[name] == nil {
			l.add("missing required field: "+name, at)
		}
	}
	for _, name := range sortedKeys(obj) {
		if !s.allows(name) {
			l.add("invalid additional property: "+name, at)
		}
	}
}

// chars checks the length of a string.
func (l *linter) chars(v any, most int, at string) {
	if v == nil {
		return
	}
	text, ok := v.(string)
	if !ok {
		l.add("must be a string", at)
		return
	}
	if len([]rune(text)) > most {
		l.add(fmt.Sprintf("must be less than %d characters", most+1), at)
	}
}

// list checks a list's length and gives its objects.
func (l *linter) list(v any, least, most int, at string) []map[string]any {
	list, ok := v.([]any)
	if !ok {
		if v != nil {
			l.add("must be an array", at)
		}
		return nil
	}
	if len(list) > most {
		l.add(fmt.Sprintf("no more than %d items allowed", most), at)
	}
	if len(list) < least {
		l.add(fmt.Sprintf("no fewer than %d items allowed", least), at)
	}
	for i, x := range list {
		if _, ok := x.(map[string]any); !ok {
			l.add("must be an object", pointer(at, i))
		}
	}
	return objects(list)
}

// text checks a text object; a missing one is the business of the shape.
func (l *linter) text(v any, most int, plainOnly bool, at string) {
	if v == nil {
		return
	}
	obj, ok := v.(map[string]any)
	if !ok {
		l.add("must be an object", at)
		return
	}
	switch typ := str(obj["type"]); {
	case typ == "plain_text":
		l.fit(obj, shape{"text", "emoji"}, at)
	case typ == "mrkdwn" && !plainOnly:
		l.fit(obj, shape{"text", "verbatim"}, at)
	default:
		l.add("failed to match all allowed schemas", at)
		l.add(fmt.Sprintf("unsupported type: %s", typ), at+"/type")
		return
	}
	if str(obj["text"]) == "" && obj["text"] != nil {
		l.add("must be more than 0 characters", at+"/text")
	}
	l.chars(obj["text"], most, at+"/text")
	l.characters += len([]rune(str(obj["text"])))
}

// view checks a modal or a Home tab.
func (l *linter) view(obj map[string]any, want string) {
	if got := str(obj["type"]); got != want {
		l.add(fmt.Sprintf("must be a valid enum value: %q expected, %q found", want, got), "/view/type")
		return
	}
	s := modalShape
	if want == "home" {
		s = homeShape
	}
	l.fit(obj, s, "/view")
	for _, part := range []string{"title", "submit", "close"} {
		l.text(obj[part], titleChars, true, "/view/"+part)
	}
	l.chars(obj["private_metadata"], privateChars, "/view/private_metadata")
	l.chars(obj["callback_id"], idChars, "/view/callback_id")
	l.chars(obj["external_id"], idChars, "/view/external_id")
	list, ok := obj["blocks"].([]any)
	if !ok {
		if obj["blocks"] != nil {
			l.add("must be an array", "/view/blocks")
		}
		return
	}
	l.blocks(list, "/view/blocks")
	for _, b := range objects(list) {
		if want == "modal" && str(b["type"]) == "input" && obj["submit"] == nil {
			l.add("missing required field: submit", "/view")
			return
		}
	}
}

// blocks checks the blocks of a message or view.
func (l *linter) blocks(list []any, at string) {
	most := messageBlocks
	if l.inView {
		most = viewBlocks
	}
	if len(list) > most {
		l.add(fmt.Sprintf("no more than %d items allowed", most), at)
	}
	if l.ids == nil {
		l.ids = map[string]bool{}
	}
	for i, x := range list {
		b, ok := x.(map[string]any)
		if !ok {
			l.add("must be an object", pointer(at, i))
			continue
		}
		l.block(b, pointer(at, i))
	}
	if l.markdown > markdownChars {
		l.add(fmt.Sprintf("must be less than %d characters over all markdown blocks", markdownChars+1), at)
	}
	if l.tables > 1 && !l.opts.AnyTables {
		l.add("only one table allowed", at)
	}
	if l.tasks[0] && l.tasks[1] {
		l.add("plan and task_card are mutually exclusive", at)
	}
}

func (l *linter) block(b map[string]any, at string) {
	typ := str(b["type"])
	s, checked := blockShapes[typ]
	if !checked && !uncheckedBlocks[typ] {
		l.add("unsupported type: "+typ, at+"/type")
		return
	}
	if checked {
		l.fit(b, s, at)
	}
	l.chars(b["block_id"], idChars, at+"/block_id")
	if id := str(b["block_id"]); id != "" {
		if l.ids[id] {
			l.add(fmt.Sprintf("`block_id` %q already exists", id), at+"/block_id")
		}
		l.ids[id] = true
	}
	l.content(typ, b, at)
}

// content checks what a block holds.
func (l *linter) content(typ string, b map[string]any, at string) {
	switch typ {
	case "section":
		l.section(b, at)
	case "header":
		l.text(b["text"], headerChars, true, at+"/text")
	case "image":
		l.image(b, at)
	case "context":
		l.context(b, at)
	case "actions":
		l.actions(b, at)
	case "input":
		l.input(b, at)
	case "rich_text":
		l.richText(b, at)
	case "markdown":
		l.onlyIn(false, typ, at)
		n := len([]rune(str(b["text"])))
		l.markdown += n
		l.characters += n
	case "table":
		l.onlyIn(false, typ, at)
		l.table(b, at)
	case "alert":
		l.onlyIn(true, typ, at)
	case "task_card":
		l.tasks[0] = true
		l.task(b, at)
	case "plan":
		l.tasks[1] = true
		for i, t := range l.list(b["tasks"], 0, messageBlocks, at+"/tasks") {
			l.task(t, pointer(at+"/tasks", i))
		}
	}
}

// onlyIn checks a block that belongs into views only, or into messages only.
func (l *linter) onlyIn(view bool, typ, at string) {
	if l.inView != view {
		l.add("unsupported type: "+typ, at+"/type")
	}
}

func (l *linter) task(b map[string]any, at string) {
	switch status := str(b["status"]); status {
	case "", "pending", "in_progress", "complete", "error":
	default:
		l.add("must be a valid enum value: "+status, at+"/status")
	}
}

func (l *linter) table(b map[string]any, at string) {
	l.tables++
	rows, ok := b["rows"].([]any)
	if !ok {
		l.add("must be an array", at+"/rows")
		return
	}
	if len(rows) > tableRows {
		l.add(fmt.Sprintf("no more than %d items allowed", tableRows), at+"/rows")
	}
	for i, r := range rows {
		l.list(r, 1, tableColumns, pointer(at+"/rows", i))
	}
}

// attachment checks a secondary attachment.
func (l *linter) attachment(a map[string]any, at string) error {
	blocks, hasBlocks := a["blocks"].([]any)
	if !hasBlocks {
		return nil
	}
	if a["text"] != nil || a["callback_id"] != nil {
		return failure("invalid_attachments")
	}
	if color := str(a["color"]); color != "" && !strings.HasPrefix(color, "#") {
		return failure("invalid_attachments", "[ERROR] must be a hex color beside blocks [json-pointer:"+at+"/color]")
	}
	l.blocks(blocks, at+"/blocks")
	return nil
}

// number reads a JSON number.
func number(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}
