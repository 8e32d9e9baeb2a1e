package chattest

import (
	"fmt"
	"regexp"
	"strings"
)

// reader knows what a person sees in place of ids.
type reader struct {
	users    map[string]string // names by id
	channels func(id string) string
	number   func(channel, ts string) int // a message's number, 0 if it has none
}

var (
	angled   = regexp.MustCompile(`<([^<>]+)>`)
	codeMark = regexp.MustCompile("(?s)```(.+?)```|`([^`\n]+)`")
	marks    = []*regexp.Regexp{
		regexp.MustCompile(`(^|[^\p{L}\p{N}*])\*(\S(?:[^*\n]*\S)?)\*($|[^\p{L}\p{N}*])`),
		regexp.MustCompile(`(^|[^\p{L}\p{N}_])_(\S(?:[^_\n]*\S)?)_($|[^\p{L}\p{N}_])`),
		regexp.MustCompile(`(^|[^\p{L}\p{N}~])~(\S(?:[^~\n]*\S)?)~($|[^\p{L}\p{N}~])`),
	}
	shortcode = regexp.MustCompile(`:[a-z0-9_+-]+:`)
	unescape  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&") // Slack knows no other entities
)

// pictures are the emoji that stand in our messages.
var pictures = map[string]string{
	":white_check_mark:": "✅", ":x:": "❌", ":warning:": "⚠️", ":hourglass_flowing_sand:": "⏳", ":no_entry:": "⛔",
	":large_green_circle:": "🟢", ":large_yellow_circle:": "🟡", ":red_circle:": "🔴", ":white_circle:": "⚪",
	":grey_question:": "❔", ":heavy_minus_sign:": "➖", ":raised_hand:": "✋", ":gear:": "⚙️", ":leftwards_arrow_with_hook:": "↩️", ":repeat:": "🔁",
	":rocket:": "🚀", ":zzz:": "💤", ":mag:": "🔍", ":octagonal_sign:": "🛑",
}

// mrkdwn gives the text that a person reads.
func (r reader) mrkdwn(text string) string {
	var out strings.Builder
	last := 0
	for _, m := range codeMark.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(r.prose(text[last:m[0]]))
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		out.WriteString(unescape.Replace(text[from:to]))
		last = m[1]
	}
	out.WriteString(r.prose(text[last:]))
	return out.String()
}

// placeholder stands for what was in angle brackets while the rest is read, so that an underscore in an address is no mark.
const placeholder = "\ue000"

func (r reader) prose(text string) string {
	var drawn []string
	text = strings.ReplaceAll(text, placeholder, "")
	text = angled.ReplaceAllStringFunc(text, func(m string) string {
		drawn = append(drawn, r.angled(m[1:len(m)-1]))
		return placeholder
	})
	for _, mark := range marks {
		for range 2 { // neighbours share the character between them
			text = mark.ReplaceAllString(text, "$1$2$3")
		}
	}
	text = unescape.Replace(emoji(text))
	for _, d := range drawn {
		text = strings.Replace(text, placeholder, d, 1)
	}
	return text
}

// emoji draws the shortcodes that we know.
func emoji(text string) string {
	return shortcode.ReplaceAllStringFunc(text, func(code string) string {
		if picture, ok := pictures[code]; ok {
			return picture
		}
		return code
	})
}

// angled reads what stands in angle brackets: a mention, a channel, a time or a link.
func (r reader) angled(inner string) string {
	target, label, _ := strings.Cut(unescape.Replace(inner), "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return r.mention(target[1:])
	case strings.HasPrefix(target, "#"):
		return r.channel(target[1:], label)
	case strings.HasPrefix(target, "!date^"):
		return drawnTime(target, label)
	case strings.HasPrefix(target, "!"):
		if label != "" { // a user group, whose id says nothing
			return "@" + strings.TrimPrefix(label, "@")
		}
		return "@" + target[1:]
	default:
		return link(r.message(target), label)
	}
}

// permalink is the address of a message: https://slipway-sim.slack.com/archives/C0DEPLOYS/p1767621600110002.
var permalink = regexp.MustCompile(`^https://[^/]+/archives/([A-Z0-9]+)/p(\d+)(\d{6})(?:\?.*)?$`)

// message gives the address of a numbered message as its number: two messages that are posted at one instant do not always get
// the same timestamps, but always the same numbers.
func (r reader) message(address string) string {
	if m := permalink.FindStringSubmatch(address); m != nil {
		if n := r.number(m[1], m[2]+"."+m[3]); n > 0 {
			return fmt.Sprintf("message #%d", n)
		}
	}
	return address
}

func (r reader) mention(id string) string {
	if name, ok := r.users[id]; ok {
		return "@" + name
	}
	return "@" + id
}

func (r reader) channel(id, label string) string {
	for _, name := range []string{r.channels(id), label} {
		if name != "" {
			return "#" + name
		}
	}
	return "#" + id
}

func link(target, label string) string {
	switch {
	case label == "":
		return target
	case hides(label, target):
		return label + " ‹" + target + "›"
	default:
		return label
	}
}

// hides tells whether a link's label hides where it goes. "#46" and a commit's short name do not: the address ends in
// them.
func hides(label, target string) bool {
	label, target = bare(strings.TrimPrefix(label, "#")), bare(target)
	end := target[strings.LastIndexByte(target, '/')+1:]
	return label != target && end != label && (len(label) < 7 || !strings.HasPrefix(end, label))
}

// bare is an address without what people leave out when they write one.
func bare(address string) string {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return strings.TrimSuffix(address, "/")
}
