package chattest

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// reader knows what a person sees in place of ids.
type reader struct {
	users    map[string]string // names by id
	channels func(id string) string
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
)

// pictures are the emoji that stand in our messages.
var pictures = map[string]string{
	":white_check_mark:": "✅", ":x:": "❌", ":warning:": "⚠️", ":hourglass_flowing_sand:": "⏳", ":no_entry:": "⛔",
	":large_green_circle:": "🟢", ":large_yellow_circle:": "🟡", ":red_circle:": "🔴", ":white_circle:": "⚪",
	":grey_question:": "❔", ":heavy_minus_sign:": "➖", ":raised_hand:": "✋",
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
		out.WriteString(html.UnescapeString(text[from:to]))
		last = m[1]
	}
	out.WriteString(r.prose(text[last:]))
	return out.String()
}

func (r reader) prose(text string) string {
	for _, mark := range marks {
		for range 2 { // neighbours share the character between them
			text = mark.ReplaceAllString(text, "$1$2$3")
		}
	}
	text = shortcode.ReplaceAllStringFunc(text, func(code string) string {
		if picture, ok := pictures[code]; ok {
			return picture
		}
		return code
	})
	text = angled.ReplaceAllStringFunc(text, func(m string) string { return r.angled(m[1 : len(m)-1]) })
	return html.UnescapeString(text)
}

// angled reads what stands in angle brackets: a mention, a channel, a time or a link.
func (r reader) angled(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if name, ok := r.users[target[1:]]; ok {
			return "@" + name
		}
		return "@" + target[1:]
	case strings.HasPrefix(target, "#"):
		return "#" + r.channels(target[1:])
	case strings.HasPrefix(target, "!date^"):
		return drawnTime(target, label)
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	case !labelled:
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
	label = strings.TrimPrefix(html.UnescapeString(label), "#")
	end := target[strings.LastIndexByte(target, '/')+1:]
	return label != target && end != label && !(len(label) >= 7 && strings.HasPrefix(end, label))
}

// drawnTime draws <!date^seconds^format|fallback> for a reader in UTC.
func drawnTime(target, fallback string) string {
	parts := strings.Split(target, "^")
	if len(parts) < 3 {
		return fallback
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	t := time.Unix(seconds, 0).UTC()
	return strings.NewReplacer(
		"{date_num}", t.Format("2006-01-02"), "{date}", t.Format("January 2, 2006"), "{date_short}", t.Format("Jan 2, 2006"),
		"{date_long}", t.Format("Monday, January 2, 2006"), "{time}", t.Format("15:04"), "{time_secs}", t.Format("15:04:05"),
	).Replace(parts[2])
}
